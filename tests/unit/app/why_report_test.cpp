#include "why_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace causeway::app {
namespace {

using b2bua::Story;
using b2bua::Way;
using ::testing::HasSubstr;
using ::testing::Not;

Story a_refused_call() {
    Story story;
    story.kind = Story::Kind::Call;
    story.reason = "upstream";
    story.sentence = "Gateway default/gw refused the call.";
    story.fix = "look there";
    story.interface = "carriers";
    story.record.call_id = CallId{0x829807643534e031};
    story.record.carrier = "primary";
    story.record.from = "+4930123456";
    story.record.to = "+4991874350352";
    story.record.end = WallTime{1000};
    story.record.outcome = {call::Cause::Client, call::By::B, 486, "upstream"};
    story.messages = {
        {Millis{0}, Way::FromA, "primary", "INVITE sip:x SIP/2.0",
         "INVITE sip:x SIP/2.0\r\nTo: <sip:x>\r\n\r\n"},
        {Millis{1}, Way::ToB, "default/gw", "INVITE sip:y SIP/2.0", {}},
        {Millis{1012}, Way::FromB, "default/gw", "SIP/2.0 486 Busy", {}},
        {Millis{1013}, Way::ToA, "primary", "SIP/2.0 486 Busy", {}},
    };
    return story;
}

TEST(StoryJson, HoldsCodeSentenceFixRecordAndMessages) {
    const auto all = nlohmann::json::parse(story_json(a_refused_call()));
    EXPECT_EQ(all["kind"], "call");
    EXPECT_EQ(all["code"], "CW-UPSTREAM");
    EXPECT_EQ(all["stage"], "call");
    EXPECT_EQ(all["fix"], "look there");
    EXPECT_EQ(all["call"]["call_id"], "829807643534e031");
    EXPECT_EQ(all["call"]["outcome"]["sip_status"], 486);
    ASSERT_EQ(all["messages"].size(), 4U);
    EXPECT_EQ(all["messages"][0]["from"], "primary");
    EXPECT_EQ(all["messages"][0]["to"], "causeway");
    EXPECT_EQ(all["messages"][0]["text"], "INVITE sip:x SIP/2.0\r\nTo: <sip:x>\r\n\r\n");
    EXPECT_EQ(all["messages"][2]["ms"], 1012);
    EXPECT_EQ(all["messages"][2]["leg"], "b");
    EXPECT_FALSE(all["messages"][2].contains("text"));
}

TEST(StoryJson, OfAStrangerSaysNoMoreThanIsKnown) {
    Story story;
    story.kind = Story::Kind::Stranger;
    story.reason = "unknown_source";
    story.times = 3;
    story.record.source = "203.0.113.7:5060";
    const auto all = nlohmann::json::parse(story_json(story));
    EXPECT_EQ(all["times"], 3);
    EXPECT_EQ(all["call"]["source"], "203.0.113.7:5060");
    EXPECT_FALSE(all["call"].contains("outcome"));
    EXPECT_FALSE(all["call"].contains("call_id"));
}

TEST(StoryJson, SurvivesBytesThatAreNoText) {
    Story story = a_refused_call();
    story.messages[0].line = "INVITE sip:\xff\xfe SIP/2.0";
    EXPECT_FALSE(nlohmann::json::parse(story_json(story), nullptr, false).is_discarded());
}

TEST(StoryText, IsTheSentenceTheFixAndTheLadder) {
    const std::string text = story_text(story_json(a_refused_call()), Messages::Lines);
    EXPECT_THAT(text, HasSubstr("CW-UPSTREAM  Gateway default/gw refused the call.\n"
                                "What to change: look there\n"));
    EXPECT_THAT(text, HasSubstr("call 829807643534e031"));
    EXPECT_THAT(text,
                HasSubstr("   +0.000  primary ──▶ causeway                 INVITE sip:x SIP/2.0\n"
                          "   +0.001              causeway ──▶ default/gw  INVITE sip:y SIP/2.0\n"
                          "   +1.012              causeway ◀── default/gw  SIP/2.0 486 Busy\n"
                          "   +1.013  primary ◀── causeway                 SIP/2.0 486 Busy\n"));
    EXPECT_THAT(text, Not(HasSubstr("To: <sip:x>")));
}

TEST(StoryText, HasWholeMessagesOnDemand) {
    const std::string text = story_text(story_json(a_refused_call()), Messages::Whole);
    EXPECT_THAT(text, HasSubstr("INVITE sip:x SIP/2.0\n      | INVITE sip:x SIP/2.0\n"
                                "      | To: <sip:x>\n      | \n"));
}

TEST(StoryText, LetsNoControlCharacterOfAPeerThrough) {
    Story story = a_refused_call();
    story.record.from = "\x1b[31mred";
    story.messages[0].line = "INVITE \x1b]0;title\x07 SIP/2.0";
    story.messages[0].text = "INVITE\r\nX: \x1b[2J\x7f\r\n\r\n";
    const std::string text = story_text(story_json(story), Messages::Whole);
    EXPECT_EQ(text.find_first_of("\x1b\x07\x7f\r"), std::string::npos) << text;
}

TEST(StoryText, OfWhatIsNoStoryIsEmpty) {
    for (const char* json : {"", "{", "[]", "{}", "null", R"({"error": "x"})"}) {
        EXPECT_EQ(story_text(json, Messages::Lines), "") << json;
    }
}

}  // namespace
}  // namespace causeway::app
