#include "calls.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <string>

/// `causeway why` against a running daemon.
namespace causeway::testing {
namespace {

using ::testing::HasSubstr;

class Why : public Calls {
protected:
    struct Said {
        std::string text;
        int exit{};
    };
    static Said why(const std::string& arguments) {
        const std::string command = std::string(CAUSEWAY_DAEMON) + " why --api http://" +
                                    DaemonBench::control().to_string() + " " + arguments + " 2>&1";
        Said said;
        std::FILE* const pipe = ::popen(command.c_str(), "r");
        std::array<char, 4096> bytes{};
        while (const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), pipe)) {
            said.text.append(bytes.data(), count);
        }
        said.exit = ::pclose(pipe) / 256;
        return said;
    }
};

TEST_F(Why, TellsOfARefusedCallAndOfNothingElse) {
    start();
    EXPECT_EQ(why("last").exit, 1) << "nothing has ended yet";
    call(*carrier, "0409999999");
    ASSERT_TRUE(wait_for_cdrs(1));
    for (const char* subject : {"last", "+49409999999", "040/9999999", "9999"}) {
        const Said said = why(subject);
        EXPECT_EQ(said.exit, 0);
        EXPECT_THAT(said.text, HasSubstr("CW-NO-TENANT  Nobody owns +49409999999"));
        EXPECT_THAT(said.text, HasSubstr("dids: [\"+49409999999\"]"));
        EXPECT_THAT(said.text, HasSubstr("test ──▶ causeway"));
        EXPECT_THAT(said.text, HasSubstr("SIP/2.0 404"));
    }
    EXPECT_THAT(why("last --messages").text, HasSubstr("| Max-Forwards: "));
    EXPECT_THAT(why("last --json").text, HasSubstr("\"code\":\"CW-NO-TENANT\""));
    EXPECT_EQ(why("+4930000").exit, 1);
    EXPECT_EQ(why("CW-NO-TENANT").exit, 0);
}

}  // namespace
}  // namespace causeway::testing
