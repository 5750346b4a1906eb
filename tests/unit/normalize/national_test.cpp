#include "causeway/normalize/normalize.hpp"

#include <gtest/gtest.h>
#include <phonenumbers/phonenumberutil.h>

#include <set>

namespace causeway::normalize {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

const PhoneNumberUtil& library() {
    return *PhoneNumberUtil::GetInstance();
}

/// What libphonenumber makes of digits dialled in a country; empty: nothing.
std::string parsed(const std::string& digits, const std::string& country) {
    PhoneNumber number;
    std::string text;
    if (library().Parse(digits, country, &number) == PhoneNumberUtil::NO_PARSING_ERROR) {
        library().Format(number, PhoneNumberUtil::E164, &text);
    }
    return text;
}

/// Every way to dial this number at home: national significant, with prefix, without plus, abroad.
std::vector<std::string> spellings(const PhoneNumber& number, const std::string& country) {
    std::string national;
    library().GetNationalSignificantNumber(number, &national);
    std::string prefix;
    library().GetNddPrefixForRegion(country, true, &prefix);
    const std::string code = std::to_string(number.country_code());
    return {national, prefix + national, "00" + code + national, "+" + code + national};
}

std::vector<PhoneNumber> examples(const std::string& country) {
    std::vector<PhoneNumber> all;
    for (int type = PhoneNumberUtil::FIXED_LINE; type < PhoneNumberUtil::UNKNOWN; ++type) {
        PhoneNumber number;
        const auto kind = static_cast<PhoneNumberUtil::PhoneNumberType>(type);
        if (library().GetExampleNumberForType(country, kind, &number)) {
            all.push_back(number);
        }
    }
    return all;
}

TEST(NationalPlan, ReadsTheExamplesOfEveryCountryAsLibphonenumberDoes) {
    std::set<std::string> countries;
    library().GetSupportedRegions(&countries);
    ASSERT_GT(countries.size(), 200U);
    int compared = 0;
    for (const std::string& country : countries) {
        const auto plan = Plan::make({}, country);
        ASSERT_TRUE(plan) << plan.error().what;
        for (const PhoneNumber& number : examples(country)) {
            std::string e164;
            library().Format(number, PhoneNumberUtil::E164, &e164);
            for (const std::string& dialled : spellings(number, country)) {
                const auto digits = dialled.find_first_not_of('+');
                if (dialled.size() - digits < 7 || dialled.starts_with("000")) {
                    continue;
                }
                // `00` is international everywhere here; the library thinks so in most countries.
                const std::string want = dialled.starts_with("00") || dialled.starts_with('+')
                                             ? e164
                                             : parsed(dialled, country);
                EXPECT_EQ(plan->apply(dialled, {}), want.empty() ? dialled : want)
                    << country << " " << dialled;
                ++compared;
            }
            if (e164.size() > 7) {
                EXPECT_EQ(plan->apply(e164.substr(1), {}), e164) << country << " without plus";
            }
        }
    }
    EXPECT_GT(compared, 3000);
}

TEST(NationalPlan, ReadsAnyDigitsAsLibphonenumberDoes) {
    std::uint64_t state = 0x9e3779b97f4a7c15U;
    const auto next = [&state](std::uint64_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return (state >> 33U) % below;
    };
    for (const char* country : {"DE", "AT", "CH", "FR", "GB", "IT", "ES", "US", "IN", "AR", "BR",
                                "MX", "AU", "JP", "RU", "HU", "SG", "ZA"}) {
        const auto plan = Plan::make({}, country);
        ASSERT_TRUE(plan);
        const std::string code = std::to_string(library().GetCountryCodeForRegion(country));
        for (int i = 0; i < 400; ++i) {
            std::string digits(7 + next(7), '0');
            for (char& digit : digits) {
                digit = static_cast<char>('0' + next(10));
            }
            // Ours: 00 is international everywhere, and a valid number behind the country code is.
            if (digits.starts_with("00") || digits.starts_with(code)) {
                continue;
            }
            const std::string want = parsed(digits, country);
            EXPECT_EQ(plan->apply(digits, {}), want.empty() ? digits : want)
                << country << " " << digits;
        }
    }
}

}  // namespace
}  // namespace causeway::normalize
