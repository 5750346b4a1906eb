#include "causeway/normalize/normalize.hpp"

#include <gtest/gtest.h>

namespace causeway::normalize {
namespace {

std::vector<std::string> emergency() {
    return {"110", "112", "1234567890"};
}

struct Row {
    const char* name;
    const char* country{""};
    const char* number;
    const char* want;
};

TEST(NormalizePlan, ReadsWhatCarriersWrite) {
    const Row rows[] = {
        {.name = "E.164", .country = "DE", .number = "+4991874350352", .want = "+4991874350352"},
        {.name = "00", .country = "DE", .number = "004991874350352", .want = "+4991874350352"},
        {.name = "country code without plus",
         .country = "DE",
         .number = "4991874350352",
         .want = "+4991874350352"},
        {.name = "a mobile one without plus, which libphonenumber reads as national",
         .country = "DE",
         .number = "4915112345678",
         .want = "+4915112345678"},
        {.name = "national", .country = "DE", .number = "091874350352", .want = "+4991874350352"},
        {.name = "national without its zero",
         .country = "DE",
         .number = "91874350352",
         .want = "+4991874350352"},
        {.name = "the caller of the same trunk",
         .country = "DE",
         .number = "004917645533966",
         .want = "+4917645533966"},
        {.name = "Leer, whose area code begins like the country code",
         .country = "DE",
         .number = "04915112345",
         .want = "+494915112345"},
        {.name = "India without plus",
         .country = "IN",
         .number = "919876543210",
         .want = "+919876543210"},
        {.name = "India national",
         .country = "IN",
         .number = "09876543210",
         .want = "+919876543210"},
        {.name = "India without zero",
         .country = "IN",
         .number = "9876543210",
         .want = "+919876543210"},
        {.name = "India 00", .country = "IN", .number = "00919876543210", .want = "+919876543210"},
        {.name = "USA without plus",
         .country = "US",
         .number = "12125551234",
         .want = "+12125551234"},
        {.name = "USA ten digits", .country = "US", .number = "2125551234", .want = "+12125551234"},
        {.name = "USA abroad", .country = "US", .number = "0114930123456", .want = "+4930123456"},
        {.name = "Italy keeps its zero",
         .country = "IT",
         .number = "0212345678",
         .want = "+390212345678"},
        {.name = "Britain", .country = "GB", .number = "02079460000", .want = "+442079460000"},
        {.name = "a mobile number of Argentina gets its 9",
         .country = "AR",
         .number = "0111523456789",
         .want = "+5491123456789"},
        {.name = "separators",
         .country = "DE",
         .number = "(09187) 43-50.352",
         .want = "+4991874350352"},
        {.name = "the zero in brackets",
         .country = "DE",
         .number = "+49 (0)9187 4350352",
         .want = "+4991874350352"},
        {.name = "emergency", .country = "DE", .number = "112", .want = "112"},
        {.name = "a long emergency number",
         .country = "DE",
         .number = "1234567890",
         .want = "1234567890"},
        {.name = "six digits", .country = "DE", .number = "123456", .want = "123456"},
        {.name = "six digits with plus", .country = "DE", .number = "+123456", .want = "+123456"},
        {.name = "seven digits", .country = "DE", .number = "8435035", .want = "+498435035"},
        {.name = "no country: international is read",
         .number = "00499187435",
         .want = "+499187435"},
        {.name = "no country: the rest stays", .number = "91874350352", .want = "91874350352"},
        {.name = "longer than E.164",
         .country = "DE",
         .number = "+1234567890123456",
         .want = "+1234567890123456"},
        {.name = "plus and 00",
         .country = "DE",
         .number = "+004991874350352",
         .want = "+4991874350352"},
        {.name = "a name", .country = "DE", .number = "alice.b-c", .want = "alice.b-c"},
        {.name = "a service code",
         .country = "DE",
         .number = "*21*091874350352#",
         .want = "*21*091874350352#"},
        {.name = "plus in the middle",
         .country = "DE",
         .number = "09187+4350352",
         .want = "09187+4350352"},
        {.name = "far too long",
         .country = "DE",
         .number = "0918743503520918743503520918743503520918743503520",
         .want = "0918743503520918743503520918743503520918743503520"},
        {.name = "zeros",
         .country = "DE",
         .number = "00000000000000000000",
         .want = "00000000000000000000"},
        {.name = "nothing", .country = "DE", .number = "", .want = ""},
        {.name = "plus alone", .country = "DE", .number = "+", .want = "+"},
    };
    for (const Row& row : rows) {
        const auto plan = Plan::make({}, row.country);
        ASSERT_TRUE(plan) << row.name << ": " << plan.error().what;
        EXPECT_EQ(plan->apply(row.number, emergency()), row.want) << row.name;
    }
}

TEST(NormalizePlan, LetsTheFirstRuleThatMatchesWin) {
    const auto plan = Plan::make({{R"(^9(\d{10})$)", R"(+91\1)"},
                                  {R"(^0(\d+)$)", R"(+49\1)"},
                                  {R"(^110$)", "+49110"},
                                  {R"(^77)", ""}},
                                 "DE");
    ASSERT_TRUE(plan) << plan.error().what;
    EXPECT_EQ(plan->apply("91874350352", emergency()), "+911874350352");
    EXPECT_EQ(plan->apply("091874350352", emergency()), "+4991874350352");
    EXPECT_EQ(plan->apply("110", emergency()), "+49110") << "before emergency numbers";
    EXPECT_EQ(plan->apply("7709187", emergency()), "09187") << "and is the result";
    EXPECT_EQ(plan->apply("4930123456", emergency()), "+4930123456") << "no rule: the plan";
}

TEST(NormalizePlan, NamesWhatIsWrong) {
    const auto pattern = Plan::make({{"^(0", "x"}}, "");
    ASSERT_FALSE(pattern);
    EXPECT_EQ(pattern.error().what, "pattern '^(0': missing ): ^(0");
    const auto rewrite = Plan::make({{"^0", R"(\1)"}}, "");
    ASSERT_FALSE(rewrite);
    EXPECT_NE(rewrite.error().what.find(R"(replacement '\1' of pattern '^0')"), std::string::npos);
    for (const char* country : {"XX", "de", "001", "DEU"}) {
        const auto plan = Plan::make({}, country);
        ASSERT_FALSE(plan) << country;
        EXPECT_EQ(plan.error().code, Errc::NotFound);
        EXPECT_EQ(plan.error().what,
                  std::string(country) + " is no country (two capital letters, as DE)");
    }
}

TEST(NormalizePlan, KnowsInternationalNumbersWithoutBeingMade) {
    EXPECT_EQ(Plan().apply("004991874350352", {}), "+4991874350352");
    EXPECT_EQ(Plan().apply("091874350352", {}), "091874350352");
}

}  // namespace
}  // namespace causeway::normalize
