#pragma once

#include "causeway/sdp/session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

/// Descriptions for the tests of this folder.
namespace causeway::sdp::test {

/// LiveKit SIP 1.x offers, as captured.
inline constexpr std::string_view kLiveKitOffer =
    "v=0\r\n"
    "o=- 6957454316514915024 6957454316514915024 IN IP4 127.0.0.21\r\n"
    "s=LiveKit\r\n"
    "c=IN IP4 127.0.0.21\r\n"
    "t=0 0\r\n"
    "m=audio 20124 RTP/AVP 9 0 8 101\r\n"
    "a=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\n"
    "a=ptime:20\r\n"
    "a=sendrecv\r\n";

/// LiveKit SIP 1.x answers, as captured.
inline constexpr std::string_view kLiveKitAnswer =
    "v=0\r\n"
    "o=- 1749558423 1749558425 IN IP4 127.0.0.21\r\n"
    "s=LiveKit\r\n"
    "c=IN IP4 127.0.0.21\r\n"
    "t=0 0\r\n"
    "m=audio 20044 RTP/AVP 0 101\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\n"
    "a=ptime:20\r\n"
    "a=sendrecv\r\n";

/// A carrier's offer with everything that must not reach leg b.
inline constexpr std::string_view kBusyOffer =
    "v=0\r\n"
    "o=alice 18446744073709551615 3 IN IP4 pbx.inside.example\r\n"
    "s=Call of alice\r\n"
    "i=secret plans\r\n"
    "u=http://10.1.1.1/plans\r\n"
    "e=alice@inside.example\r\n"
    "p=+49 30 1234567\r\n"
    "c=IN IP4 10.1.1.7\r\n"
    "b=CT:2000\r\n"
    "t=0 0\r\n"
    "k=clear:key\r\n"
    "a=group:BUNDLE 0 1\r\n"
    "a=ice-lite\r\n"
    "a=tool:phone 4.2\r\n"
    "a=X-pbx:PBX.inside.example\r\n"
    "a=X-nat:10.1.1.7\r\n"
    "m=audio 49170/2 RTP/AVPF 96 0 8 18 13 9 97 101 102\r\n"
    "i=a title\r\n"
    "c=IN IP4 10.1.1.8\r\n"
    "b=AS:64\r\n"
    "b=X-from:10.1.1.9\r\n"
    "a=rtpmap:96 opus/48000/2\r\n"
    "a=fmtp:96 useinbandfec=1\r\n"
    "a=rtpmap:97 iLBC/8000\r\n"
    "a=fmtp:97 mode=30\r\n"
    "a=fmtp:18 annexb=no\r\n"
    "a=rtpmap:101 TELEPHONE-EVENT/8000/1\r\n"
    "a=fmtp:101 0-16,32\r\n"
    "a=rtpmap:102 telephone-event/48000\r\n"
    "a=fmtp:102 0-15\r\n"
    "a=rtcp:49171 IN IP4 10.1.1.8\r\n"
    "a=rtcp-fb:96 nack\r\n"
    "a=rtcp-fb:* trr-int 100\r\n"
    "a=rtcp-mux\r\n"
    "a=candidate:1 1 UDP 2130706431 10.1.1.8 49170 typ host\r\n"
    "a=candidate:2 1 UDP 2130706430 fe80::8 49170 typ host\r\n"
    "a=remote-candidates:1 10.1.1.8 49170\r\n"
    "a=ice-ufrag:x\r\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:V44lXgFo467gyuvc5C0QIFdujNYVMTuQiYEBhY4J\r\n"
    "a=fingerprint:sha-256 AA:BB\r\n"
    "a=setup:actpass\r\n"
    "a=mid:0\r\n"
    "a=msid:stream track\r\n"
    "a=ssrc:1234 cname:alice@10.1.1.8\r\n"
    "a=alt:1 1 : user key 10.1.1.8 49170\r\n"
    "a=X-other:[fe80::8]:5060\r\n"
    "a=X-six:key:2001:db8::8\r\n"
    "a=silenceSupp:off - - - -\r\n"
    "a=X-vendor:keep me, please\r\n"
    "a=ptime:20\r\n"
    "a=maxptime:40\r\n"
    "a=sendonly\r\n"
    "m=video 49180 RTP/AVP 31\r\n"
    "a=rtpmap:31 H261/90000\r\n";

/// `v=`, `o=`, `s=`, `t=` and these lines.
inline std::string with_lines(const std::vector<std::string>& lines) {
    std::string text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";
    for (const std::string& line : lines) {
        text += line + "\r\n";
    }
    return text;
}

/// As above with a c= of 192.0.2.1.
inline std::string described(const std::vector<std::string>& lines) {
    std::vector<std::string> all{"c=IN IP4 192.0.2.1"};
    all.insert(all.end(), lines.begin(), lines.end());
    return with_lines(all);
}

inline Session parsed(std::string_view text) {
    auto session = parse(text);
    if (!session) {
        ADD_FAILURE() << session.error().what << " in\n" << text;
        return {};
    }
    return *std::move(session);
}

/// A plan for 203.0.113.5:30000.
inline RewritePlan a_plan() {
    RewritePlan plan;
    plan.local = {.ip = IpAddress::v4(203, 0, 113, 5), .port = 30000};
    plan.session_id = 77;
    plan.session_version = 2;
    return plan;
}

inline RewritePlan a_plain_plan() {
    RewritePlan plan = a_plan();
    plan.plain = true;
    plan.only = {"PCMU", "PCMA", "G722"};
    return plan;
}

/// What was made, as text; a failure's text instead if there is none.
inline std::string shown(const Result<Session>& session) {
    return session ? print(*session) : "error: " + session.error().what;
}

/// The head of everything made with `a_plan`.
inline constexpr std::string_view kOurHead =
    "v=0\r\n"
    "o=- 77 2 IN IP4 203.0.113.5\r\n"
    "s=-\r\n"
    "c=IN IP4 203.0.113.5\r\n"
    "t=0 0\r\n";

/// Our head and these lines.
inline std::string ours(const std::vector<std::string>& lines) {
    std::string text(kOurHead);
    for (const std::string& line : lines) {
        text += line + "\r\n";
    }
    return text;
}

}  // namespace causeway::sdp::test
