#include "causeway/intake/intake.hpp"

#include <gtest/gtest.h>

namespace causeway::intake {
namespace {

TEST(IntakeHeaders, KnowTheProviders) {
    for (const char* name :
         {"X-Twilio-AccountSid", "X-Twilio-CallSid", "X-call_leg_id", "X-call_session_id",
          "X-Amzn-ConnectContactId", "X-Amzn-ConnectInitialContactId", "X-Amzn-SourceAccount",
          "X-Amzn-SourceArn", "X-Amzn-TargetArn", "User-to-User", "USER-TO-USER"}) {
        EXPECT_TRUE(is_provider_header(name)) << name;
        EXPECT_FALSE(is_own_header(name)) << name;
        EXPECT_FALSE(is_reserved_header(name)) << name;
    }
    EXPECT_FALSE(is_provider_header("X-Twilio-CallSid2"));
    EXPECT_FALSE(is_provider_header(""));
}

TEST(IntakeHeaders, KnowTheirOwn) {
    for (const char* name : {"X-To-IP", "x-to-ip", "X-Tenant-ID", "X-Original-To", "X-Carrier",
                             "X-Caller-Verstat", "X-Causeway-Call-ID", "X-Causeway-Reason"}) {
        EXPECT_TRUE(is_own_header(name)) << name;
        EXPECT_FALSE(is_provider_header(name)) << name;
    }
    EXPECT_FALSE(is_own_header("X-Campaign"));
}

TEST(IntakeHeaders, KnowWhatBelongsToALegAlone) {
    for (const char* name : {"Via", "via", "v", "Contact", "Content-Type", "Supported", "Route",
                             "Session-Expires", "WWW-Authenticate", "Accept", "f"}) {
        EXPECT_TRUE(is_reserved_header(name)) << name;
    }
    for (const char* name : {"X-Campaign", "P-Asserted-Identity", "Diversion", "History-Info"}) {
        EXPECT_FALSE(is_reserved_header(name)) << name;
    }
}

}  // namespace
}  // namespace causeway::intake
