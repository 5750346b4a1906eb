#include "memory.hpp"

#include "strangers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

/// What the daemon remembers of calls that have ended, and how much of it.
namespace causeway::b2bua {
namespace {

const Time kStart{std::chrono::hours{1}};
const sip::Source kCarrier{
    InterfaceId{1}, {IpAddress::v4(10, 0, 1, 10), 5060}, sip::Transport::Udp, {}};

std::string a_message(std::string_view line, std::size_t size) {
    std::string text = std::string(line) + "\r\nCall-ID: c\r\n\r\n";
    text.resize(std::max(size, text.size()), 'x');
    return text;
}

port::CallRecord a_record(std::uint64_t id, std::string to = "+493012345") {
    port::CallRecord record;
    record.call_id = CallId{id};
    record.from = "+4915112345678";
    record.to = std::move(to);
    record.a_call_id = "call-" + std::to_string(id);
    record.outcome.reason = "upstream";
    return record;
}

struct Kept {
    std::string line;
    bool is_whole{};
};
std::vector<Kept> kept_in(const Trail& trail) {
    std::vector<Kept> all;
    trail.each([&](const Trail::Entry& entry) {
        all.push_back({std::string(entry.line), !entry.whole.empty()});
    });
    return all;
}

/// A call of two messages that failed.
void fail_call(Memory& memory, std::uint64_t id, std::size_t size = 1000) {
    Trail trail;
    memory.note(trail, Way::FromA, 0, kStart, a_message("INVITE sip:x SIP/2.0", size));
    memory.note(trail, Way::ToA, 0, kStart + Millis{7}, a_message("SIP/2.0 486 Busy", size));
    memory.keep(a_record(id), kCarrier, {}, std::move(trail));
}

TEST(Memory, KeepsTheWholeMessagesOfACallThatFailed) {
    Memory memory;
    fail_call(memory, 1);
    const Memory::Past* const past = memory.by_id(CallId{1});
    ASSERT_NE(past, nullptr);
    std::vector<Trail::Entry> entries;
    past->trail.each([&](const Trail::Entry& entry) { entries.push_back(entry); });
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].line, "INVITE sip:x SIP/2.0");
    EXPECT_EQ(entries[0].whole, a_message("INVITE sip:x SIP/2.0", 1000));
    EXPECT_EQ(entries[1].at, Millis{7});
    EXPECT_EQ(entries[1].way, Way::ToA);
    EXPECT_EQ(memory.whole(), past->trail.held());
}

TEST(Memory, KeepsTheStartLinesOfAGoodCall) {
    Memory memory;
    Trail trail;
    memory.note(trail, Way::FromA, 0, kStart, a_message("INVITE sip:x SIP/2.0", 1500));
    memory.note(trail, Way::ToA, 0, kStart, a_message("SIP/2.0 200 OK", 1500));
    EXPECT_EQ(memory.whole(), Trail::kFirst);
    memory.shorten(trail);
    EXPECT_EQ(memory.whole(), 0U);
    EXPECT_LT(trail.capacity(), 512U);
    memory.note(trail, Way::FromA, 0, kStart + Millis{90'000}, a_message("BYE sip:x SIP/2.0", 900));
    memory.keep(a_record(1), kCarrier, {}, std::move(trail));
    const auto kept = kept_in(memory.last()->trail);
    ASSERT_EQ(kept.size(), 3U);
    EXPECT_EQ(kept[2].line, "BYE sip:x SIP/2.0");
    EXPECT_FALSE(kept[0].is_whole || kept[1].is_whole || kept[2].is_whole);
    EXPECT_EQ(memory.whole(), 0U);
}

TEST(Memory, ForgetsTheOldestCall) {
    Memory memory({.calls = 3});
    for (std::uint64_t id = 1; id <= 5; ++id) {
        fail_call(memory, id);
    }
    EXPECT_EQ(memory.calls(), 3U);
    EXPECT_EQ(memory.by_id(CallId{2}), nullptr);
    EXPECT_NE(memory.by_id(CallId{3}), nullptr);
    EXPECT_EQ(memory.last()->record.call_id, CallId{5});
    EXPECT_EQ(memory.by_call_id("call-4")->record.call_id, CallId{4});
    EXPECT_EQ(memory.by_call_id("call-1"), nullptr);
    EXPECT_EQ(memory.by_call_id(""), nullptr);
}

/// However much calls say, before and after they fail.
TEST(Memory, OfWholeMessagesNeverExceedsItsBound) {
    constexpr std::size_t kBound = std::size_t{256} * 1024;
    Memory memory({.calls = 50, .whole = kBound});
    std::vector<Trail> setting_up(200);
    std::size_t most = 0;
    for (std::size_t round = 0; round < 40; ++round) {
        for (std::size_t i = 0; i < setting_up.size(); ++i) {
            memory.note(setting_up[i], Way::FromB, 1, kStart,
                        a_message("SIP/2.0 180 Ringing", 200 + 37 * ((i * 7 + round) % 50)));
            most = std::max(most, memory.whole());
        }
        for (std::size_t i = round; i < setting_up.size(); i += 13) {
            memory.keep(a_record(round * 1000 + i + 1), kCarrier, {},
                        std::exchange(setting_up[i], {}));
            most = std::max(most, memory.whole());
        }
    }
    EXPECT_LE(most, kBound);
    EXPECT_GT(most, kBound / 2);
    std::size_t bytes = 0;
    for (Trail& trail : setting_up) {
        bytes += trail.held();
        EXPECT_LE(trail.capacity(), Trail::kWhole + 2 * Trail::kLines);
        memory.shorten(trail);
    }
    EXPECT_LE(bytes, kBound);
    for (std::uint64_t i = 0; i < 50; ++i) {
        Trail good;
        memory.keep(a_record(i + 1), kCarrier, {}, std::move(good));
    }
    EXPECT_EQ(memory.whole(), 0U) << "all that was set aside came back";
}

TEST(Memory, TakesTheMessagesOfOldFailuresForNewOnes) {
    Memory memory({.calls = 100, .whole = std::size_t{20} * 1024});
    for (std::uint64_t id = 1; id <= 20; ++id) {
        fail_call(memory, id);
    }
    EXPECT_TRUE(kept_in(memory.by_id(CallId{20})->trail).front().is_whole);
    const auto old = kept_in(memory.by_id(CallId{1})->trail);
    ASSERT_EQ(old.size(), 2U);
    EXPECT_FALSE(old[0].is_whole);
    EXPECT_EQ(old[1].line, "SIP/2.0 486 Busy");
}

TEST(Memory, OfRefusalsIsBoundedInNumberSizeAndTime) {
    Memory memory({.refusals = 10, .refusals_per_second = 4});
    std::size_t kept = 0;
    for (unsigned i = 0; i < 1000; ++i) {
        const Time now = kStart + Millis{i * 10};
        if (memory.may_keep_refusal(now)) {
            ++kept;
            memory.keep_refusal(a_record(0), kCarrier, now,
                                a_message("OPTIONS sip:x SIP/2.0", i % 2 == 0 ? 1000 : 60'000));
        }
    }
    EXPECT_EQ(kept, 40U);
    EXPECT_EQ(memory.refusals(), 10U);
    EXPECT_LE(memory.last()->trail.capacity(), 4096U);
    EXPECT_EQ(memory.whole(), 0U);
}

TEST(Trail, ThatIsFullKeepsItsBeginningAndItsEnd) {
    Memory memory;
    Trail trail;
    memory.note(trail, Way::FromA, 0, kStart, a_message("INVITE sip:first SIP/2.0", 900));
    memory.shorten(trail);
    for (unsigned i = 0; i < 1000; ++i) {
        memory.note(trail, Way::FromA, 0, kStart,
                    a_message("INVITE sip:" + std::to_string(i) + " SIP/2.0", 900));
    }
    const auto kept = kept_in(trail);
    EXPECT_EQ(kept.front().line, "INVITE sip:first SIP/2.0");
    EXPECT_EQ(kept.back().line, "INVITE sip:999 SIP/2.0");
    EXPECT_EQ(kept.size() + trail.left_out(), 1001U);
    EXPECT_LE(trail.capacity(), 2 * Trail::kLines);
}

TEST(Trail, ThatGrowsBeyondItsShareGoesOnWithLines) {
    Memory memory;
    Trail trail;
    for (unsigned i = 0; i < 100; ++i) {
        memory.note(trail, Way::ToB, 1, kStart, a_message("INVITE " + std::to_string(i), 1000));
    }
    memory.note(trail, Way::FromB, 1, kStart, a_message("SIP/2.0 500 No", 100));
    const auto kept = kept_in(trail);
    EXPECT_TRUE(kept.front().is_whole);
    EXPECT_FALSE(kept.back().is_whole);
    EXPECT_EQ(kept.back().line, "SIP/2.0 500 No");
    EXPECT_LE(trail.held(), Trail::kWhole);
    memory.keep(a_record(1), kCarrier, {}, std::move(trail));
    EXPECT_EQ(kept_in(memory.last()->trail).size(), kept.size());
}

TEST(Trail, OfWhichNoMemoryIsLeftHasLinesFromTheStart) {
    Memory memory({.whole = 1000});
    Trail trail;
    memory.note(trail, Way::FromA, 0, kStart, a_message("INVITE sip:x SIP/2.0", 900));
    memory.note(trail, Way::ToA, 0, kStart, a_message("SIP/2.0 404 Not Found", 300));
    memory.keep(a_record(1), kCarrier, {}, std::move(trail));
    const auto kept = kept_in(memory.last()->trail);
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].line, "INVITE sip:x SIP/2.0");
    EXPECT_FALSE(kept[0].is_whole);
    EXPECT_EQ(memory.whole(), 0U);
}

TEST(Secrets, AreMaskedInWhatIsKept) {
    const std::string message =
        "INVITE sip:x:secret1@y SIP/2.0\r\n"
        "AUTHORIZATION: Digest username=\"u\", response=\"secret2\",\r\n nonce=\"secret3\"\r\n"
        "Proxy-Authorization:Digest secret4\r\n"
        "From: \"A: b\" <sip:u:secret5@h>;tag=1\r\nTo: <sip:+49301@h:5060>\r\n\r\n"
        "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret6\r\nk=clear:secret7\r\n"
        "a=ice-pwd:secret8\r\na=key-mgmt:mikey secret9\r\na=rtpmap:0 PCMU/8000\r\n";
    const std::string text = masked(message);
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    for (const char* rest :
         {"INVITE sip:x:***@y SIP/2.0\r\n", "AUTHORIZATION: ***\r\nProxy-",
          "From: \"A: b\" <sip:u:***@h>;tag=1\r\n", "To: <sip:+49301@h:5060>\r\n",
          "a=crypto: ***\r\nk=***\r\n", "a=rtpmap:0 PCMU/8000\r\n"}) {
        EXPECT_NE(text.find(rest), std::string::npos) << rest << "\nis not in\n" << text;
    }
    Memory memory;
    Trail trail;
    memory.note(trail, Way::FromA, 0, kStart, message);
    memory.keep(a_record(1), kCarrier, {}, std::move(trail));
    memory.last()->trail.each([&](const Trail::Entry& entry) { EXPECT_EQ(entry.whole, text); });
}

TEST(Secrets, LeaveEverythingElseAsItIs) {
    const std::string message =
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa@b:c@d\r\n"
        "Contact: <sip:a@[2001:db8::1]:5060>\r\nCall-ID: a:b@c\r\n\r\nv=0\r\no=- 1 1 IN IP4 h";
    EXPECT_EQ(masked(message), message);
    EXPECT_EQ(masked(""), "");
}

TEST(Numbers, AreFoundInAnySpelling) {
    for (const char* asked : {"+493012345678", "00493012345678", "030 12345678",
                              "+49 (0)30 1234-5678", "5678", "493012345678", "0049-30-12345678"}) {
        EXPECT_TRUE(is_same_number("+493012345678", asked)) << asked;
    }
    EXPECT_TRUE(is_same_number("03012345678", "+493012345678"));
    EXPECT_TRUE(is_same_number("0352", "0352"));
    EXPECT_TRUE(is_same_number("110", "110"));
    EXPECT_TRUE(is_same_number("alice", "alice"));
    for (const char* asked : {"+493012345679", "678", "", "alice", "+4930123456789", "1234"}) {
        EXPECT_FALSE(is_same_number("+493012345678", asked)) << asked;
    }
    EXPECT_FALSE(is_same_number("", ""));
}

TEST(Memory, FindsTheNewestOfANumberOrAnAddress) {
    Memory memory;
    Trail trail;
    memory.keep(a_record(1, "+49111222333"), kCarrier, {}, trail);
    memory.keep(a_record(2, "+49111222333"), kCarrier, {}, trail);
    memory.keep(a_record(3, "+49444"), kCarrier, {}, trail);
    EXPECT_EQ(memory.by_number("0111 222333")->record.call_id, CallId{2});
    EXPECT_EQ(memory.by_number("+4915112345678")->record.call_id, CallId{3}) << "by its caller";
    EXPECT_EQ(memory.by_number("999999"), nullptr);
    EXPECT_EQ(memory.by_source(kCarrier.peer.ip)->record.call_id, CallId{3});
    EXPECT_EQ(memory.by_source(IpAddress::v4(1, 2, 3, 4)), nullptr);
}

}  // namespace
}  // namespace causeway::b2bua
