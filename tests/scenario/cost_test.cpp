#include "cost.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

/// What one message of a known peer may cost, whatever is in it: everything it sets off at once,
/// from splitting it to what we send, media ports and the next leg included. CPU time of this
/// thread, the least of several runs.
namespace causeway::testing {
namespace {

struct Shape {
    std::string_view name;
    std::string lines{};  ///< header lines in front of all others
    std::string sdp{};    ///< appended to a good description
    std::string body{};   ///< in place of a description
    std::string uri_params{};
    std::string from_params{};
    std::string to_params{};
    std::string display{};
};

std::vector<Shape> shapes() {
    const auto head = [](std::string_view unit, std::size_t most = 115) {
        return filled("", unit, "", kHead - 1500, most);
    };
    const auto list = [](std::string_view name, std::string_view unit,
                         std::size_t size = kHead - 1500, std::size_t most = 1000000) {
        return filled(name, unit, "", size, most) + "x\r\n";
    };
    const std::string long_value(110, 'v');
    std::vector<Shape> all;
    const auto add = [&](Shape shape) { all.push_back(std::move(shape)); };
    add({.name = "nothing in particular"});
    add({.name = "unknown headers, short", .lines = head("X-A#: b\r\n")});
    add({.name = "unknown headers, long", .lines = head("X-A#: " + long_value + "\r\n")});
    add({.name = "unknown headers beyond the limit", .lines = head("X: b\r\n", 100000)});
    add({.name = "one header field name of 14 KiB", .lines = std::string(14000, 'n') + ": v\r\n"});
    add({.name = "one value of 14 KiB", .lines = "X: " + std::string(14000, 'v') + "\r\n"});
    add({.name = "Via lines", .lines = head("Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK#\r\n")});
    add({.name = "Via lines, long",
         .lines = head("Via: SIP/2.0/UDP h;branch=z9hG4bK#;x=" + long_value + "\r\n")});
    add({.name = "a list of Vias", .lines = list("Via: ", "SIP/2.0/UDP h;branch=b#,")});
    add({.name = "Via parameters", .lines = list("Via: SIP/2.0/UDP h;branch=b", ";p#=v")});
    add({.name = "Via parameters below the bounds",
         .lines = filled("Via: SIP/2.0/UDP h;branch=b", ";p#=v", "\r\n", 2000, 60)});
    add({.name = "Record-Route lines", .lines = head("Record-Route: <sip:r#.example;lr>\r\n")});
    add({.name = "Record-Route lines, as many as may be, long",
         .lines =
             head("Record-Route: <sip:r#.example;lr;x=" + long_value + long_value + ">\r\n", 20)});
    add({.name = "Record-Route lines with parameters",
         .lines = head(
             "Record-Route: <sip:h;lr" + repeated(";p", 60) + ">" + repeated(";q=1", 60) + "\r\n",
             20)});
    add({.name = "a list of Record-Routes", .lines = list("Record-Route: ", "<sip:r#;lr>,")});
    add({.name = "Route lines", .lines = head("Route: <sip:r#.example;lr>\r\n")});
    add({.name = "Contact lines", .lines = head("Contact: <sip:c#@h>\r\n")});
    add({.name = "a list of Contacts", .lines = list("m: ", "<sip:c#@h>;q=0.1,")});
    add({.name = "a list of quoted Contacts", .lines = list("m: ", "\"<,;\\\"\" <sip:c#@h>,")});
    add({.name = "P-Asserted-Identity lines",
         .lines = head("P-Asserted-Identity: \"a\" <sip:+4930#@h>\r\n")});
    add({.name = "a list of P-Asserted-Identity",
         .lines = list("P-Asserted-Identity: ", "<sip:+4930#@h>,")});
    add({.name = "P-Preferred-Identity and Remote-Party-ID",
         .lines = head(
             "P-Preferred-Identity: <sip:+4930#@h>\r\nRemote-Party-ID: <sip:1@h>;privacy=full\r\n",
             50)});
    add({.name = "Diversion lines", .lines = head("Diversion: <sip:+4930#@h>;reason=x\r\n")});
    add({.name = "Require tokens", .lines = list("Require: ", "r#,")});
    add({.name = "Proxy-Require lines", .lines = head("Proxy-Require: r#\r\n")});
    add({.name = "Supported tokens", .lines = list("k: ", "r#,")});
    add({.name = "Allow tokens", .lines = list("Allow: ", "M#,")});
    add({.name = "Accept types", .lines = list("Accept: ", "a/b;q=0.#,")});
    add({.name = "Privacy values", .lines = list("Privacy: ", "id;")});
    add({.name = "passed header lines", .lines = head("X-Campaign: " + long_value + "\r\n")});
    add({.name = "passed header lines, short", .lines = head("X-Campaign: #\r\n")});
    add({.name = "folded lines", .lines = "Subject: s" + repeated("\r\n ", 4800) + "\r\n"});
    add({.name = "folded lines with words",
         .lines = "Via: SIP/2.0/UDP h;branch=b" + repeated("\r\n ;a", 2800) + "\r\n"});
    add({.name = "Content-Type parameters",
         .lines = list("Content-Type: application/sdp", ";p#=v")});
    add({.name = "Session-Expires parameters", .lines = list("x: 1800", ";p#=v")});
    const std::string kilobyte(1000, 'x');
    add({.name = "Content-Length a hundred times",
         .lines = repeated("Content-Length: 1000\r\n", 100),
         .body = kilobyte});
    add({.name = "Content-Length a hundred times, each another", .lines = head("l: #\r\n", 100)});
    add({.name = "opening brackets", .lines = "Contact: " + std::string(14000, '<') + "\r\n"});
    add({.name = "opening quotes", .lines = "Contact: " + repeated("\"a\" ", 3500) + "\r\n"});
    add({.name = "backslashes", .lines = "Contact: \"" + std::string(14000, '\\') + "\r\n"});
    add({.name = "URI parameters", .uri_params = repeated(";p=v", 500)});
    add({.name = "URI parameters beyond the bounds", .uri_params = repeated(";p", 6000)});
    add({.name = "a Request-URI of escapes", .uri_params = ";x=" + repeated("%41", 600)});
    add({.name = "From parameters", .from_params = repeated(";p=v", 62)});
    add({.name = "From parameters beyond the bounds", .from_params = repeated(";p=v", 3000)});
    add({.name = "To parameters", .to_params = repeated(";p=v", 62)});
    add({.name = "a display name of escapes", .display = repeated("\\\"", 900)});
    add({.name = "a display name of 14 KiB", .display = repeated("\\\"", 7000)});
    add({.name = "tags", .from_params = repeated(";tag=a", 60)});
    const auto sdp = [](std::string_view unit) { return filled("", unit, "", 16384 - 400); };
    add({.name = "SDP attributes", .sdp = sdp("a=x#:y\r\n")});
    add({.name = "SDP attributes, as many as may be",
         .sdp = filled("", "a=x#:abcdefghijklmn\r\n", "", 16000, 480)});
    add({.name = "SDP rtpmaps", .sdp = filled("", "a=rtpmap:9# x/8000\r\n", "", 16000, 480)});
    add({.name = "SDP fmtps", .sdp = filled("", "a=fmtp:8 x=#\r\n", "", 16000, 480)});
    add({.name = "SDP rtpmaps of one",
         .sdp = filled("", "a=rtpmap:8 PCMA/8000\r\n", "", 16000, 480)});
    add({.name = "SDP candidates",
         .sdp = filled("", "a=candidate:# 1 UDP 1 10.0.0.1 4 typ host\r\n", "", 16000, 480)});
    add({.name = "SDP media sections",
         .sdp = filled("", "m=audio # RTP/AVP 0\r\n", "", 16000, 15)});
    add({.name = "SDP media sections with formats",
         .sdp =
             filled("", "m=audio 9 RTP/AVP" + repeated(" 0 8 96", 140) + "\r\n", "", 16000, 15)});
    add({.name = "SDP media sections beyond the limit", .sdp = sdp("m=audio 9 RTP/AVP 0\r\n")});
    add({.name = "SDP connections", .sdp = filled("", "c=IN IP4 10.0.0.1\r\n", "", 16000, 480)});
    add({.name = "one SDP line", .sdp = "a=" + std::string(15000, 'x') + "\r\n"});
    add({.name = "one SDP line of colons", .sdp = "a=fmtp:8 " + repeated(":; =", 3700) + "\r\n"});
    add({.name = "SDP of 64 KiB", .sdp = filled("", "a=x#:y\r\n", "", kDatagram - 1500)});
    const std::string start =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.10\r\ns=-\r\nc=IN IP4 127.0.0.10\r\nt=0 0\r\n";
    add({.name = "SDP formats",
         .body = filled(start + "m=audio 4000 RTP/AVP 8", " 9#", "\r\n", 16000)});
    add({.name = "SDP formats, each of them with its attributes",
         .body = filled(filled(start + "m=audio 4000 RTP/AVP 8", " #", "\r\n", 16000, 128),
                        "a=rtpmap:# codec#/8000\r\na=fmtp:# a=b\r\n", "", 16000, 128)});
    add({.name = "SDP formats, the same ones again",
         .body = start + "m=audio 4000 RTP/AVP" + repeated(" 8 0", 3800) + "\r\n"});
    add({.name = "SDP formats again and again, and their attributes",
         .body = filled(start + "m=audio 4000 RTP/AVP" + repeated(" 8 0 9#", 1300) + "\r\n",
                        "a=rtpmap:8 x/8000\r\n", "", 16000, 480)});
    add({.name = "SDP sections of formats and attributes",
         .body = start + repeated("m=audio 4000 RTP/AVP" + repeated(" 8 0 96", 60) + "\r\n" +
                                      repeated("a=rtpmap:96 x/8000\r\n", 20),
                                  15)});
    add({.name = "session lines",
         .body = start + repeated("i=x\r\n", 480) + "m=audio 4000 RTP/AVP 8\r\n"});
    add({.name = "a body of 64 KiB that is no SDP", .body = std::string(kDatagram - 1500, 'x')});
    add({.name = "a body of 64 KiB of line ends",
         .body = repeated("\r\n", (kDatagram - 1500) / 2)});
    return all;
}

/// Writes requests and answers of one shape.
class Writer {
public:
    explicit Writer(const Shape& shape) : shape_(shape) {}

    [[nodiscard]] std::string body(const Endpoint& rtp) const {
        return shape_.body.empty() ? an_sdp({.rtp = rtp}) + shape_.sdp : shape_.body;
    }
    [[nodiscard]] std::string invite(unsigned number) const {
        const std::string n = std::to_string(number);
        return "INVITE sip:+4991874350352@127.0.0.1" + shape_.uri_params + " SIP/2.0\r\n" +
               "Via: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bK" + n + ";rport\r\n" + shape_.lines +
               "Max-Forwards: 70\r\nFrom: \"" + shape_.display +
               "\" <sip:+4930123456@127.0.0.10>;tag=f" + n + shape_.from_params +
               "\r\nTo: <sip:+4991874350352@127.0.0.1>" + shape_.to_params + "\r\nCall-ID: call-" +
               n + "\r\nCSeq: 1 INVITE\r\nContact: <sip:trunk@127.0.0.10>\r\n" +
               content(body(World::at(10, 4000)));
    }
    /// The same as another method.
    [[nodiscard]] std::string request(std::string_view method, unsigned number) const {
        std::string text = invite(number);
        text.replace(0, 6, method);
        return text.replace(text.find("CSeq: 1 INVITE") + 8, 6, method);
    }
    /// Of the far end, to the INVITE that it got.
    [[nodiscard]] std::string answer(const SipText& invite, int status) const {
        std::string text = "SIP/2.0 " + std::to_string(status) + " OK\r\n";
        for (const std::string_view via : invite.all("Via")) {
            text.append("Via: ").append(via).append("\r\n");
        }
        return text.append(shape_.lines)
            .append("From: ")
            .append(invite.header("From"))
            .append("\r\nTo: ")
            .append(invite.header("To"))
            .append(";tag=far")
            .append(shape_.to_params)
            .append("\r\nCall-ID: ")
            .append(invite.header("Call-ID"))
            .append("\r\nCSeq: 1 INVITE\r\nContact: <sip:127.0.0.30>\r\n")
            .append(content(body(World::at(30, 4000))));
    }
    /// Of the caller, inside the dialog.
    [[nodiscard]] std::string inside(std::string_view method, const SipText& answer,
                                     unsigned number) const {
        const std::string n = std::to_string(number);
        return std::string(method) + " sip:127.0.0.1 SIP/2.0\r\n" +
               "Via: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bKi" + n + std::string(method) +
               ";rport\r\n" + shape_.lines +
               "Max-Forwards: 70\r\nFrom: " + std::string(answer.header("From")) +
               "\r\nTo: " + std::string(answer.header("To")) +
               "\r\nCall-ID: " + std::string(answer.header("Call-ID")) + "\r\nCSeq: " + n + " " +
               std::string(method) + "\r\nContact: <sip:trunk@127.0.0.10>\r\n" +
               content(body(World::at(10, 4000)));
    }

private:
    static std::string content(const std::string& body) {
        return "Content-Type: application/sdp\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }
    const Shape& shape_;
};

World::Options with_a_far_end() {
    return {.gateways = {R"({name: far, kind: generic, uri: "sip:127.0.0.30:5060"})"}};
}

class Least {
public:
    void note(std::string_view what, double micros, std::size_t size) {
        for (auto& known : known_) {
            if (known.what == what) {
                known.micros = std::min(known.micros, micros);
                return;
            }
        }
        known_.push_back({what, micros, size});
    }
    void expect_below(double bound, std::string_view shape) const {
        for (const auto& known : known_) {
            EXPECT_LT(known.micros, bound * kSlack)
                << known.what << ": " << shape << ", " << known.size << " bytes";
            if (known.micros > worst_) {
                worst_ = known.micros;
                std::printf("%7.0f us  %6zu bytes  %s: %s\n", known.micros, known.size,
                            std::string(known.what).c_str(), std::string(shape).c_str());
            }
        }
    }

private:
    struct Known {
        std::string_view what;
        double micros{};
        std::size_t size{};
    };
    std::vector<Known> known_;
    static inline double worst_{};
};

/// A call whose messages all have this shape; what is refused on the way is made up for by one
/// without.
void call(World& world, const Shape& shape, unsigned number, Least& least) {
    static const Shape kPlain{.name = "plain"};
    const Writer bad(shape);
    const Writer plain(kPlain);
    const auto measure = [&](std::string_view what, const Endpoint& from, const Endpoint& to,
                             const std::string& bytes) {
        least.note(what, cost_of(world, from, to, bytes), bytes.size());
        world.run_for(Millis(20));
    };
    const auto carrier = World::at(10);
    const auto far = World::at(30);
    measure("INVITE", carrier, World::carrier_side(), bad.invite(number));
    measure("INVITE again", carrier, World::carrier_side(), bad.invite(number));
    if (world.generic->count("INVITE") == 0) {
        world.send_from(carrier, World::carrier_side(), plain.invite(number + 1000));
        world.run_for(Millis(20));
    }
    ASSERT_GT(world.generic->count("INVITE"), 0U);
    const SipText invite = world.generic->last("INVITE");
    measure("CANCEL of another", carrier, World::carrier_side(),
            bad.request("CANCEL", number + 500));
    measure("OPTIONS", carrier, World::carrier_side(), bad.request("OPTIONS", number + 600));
    measure("183", far, World::livekit_side(), bad.answer(invite, 183));
    measure("180", far, World::livekit_side(), bad.answer(invite, 180));
    measure("200", far, World::livekit_side(), bad.answer(invite, 200));
    if (world.carrier->count(200) == 0) {
        world.send_from(far, World::livekit_side(), plain.answer(invite, 200));
        world.run_for(Millis(20));
    }
    if (world.carrier->count(200) == 0) {
        return;  // the shape has ended the call: 4xx toward the carrier
    }
    const SipText answer = world.carrier->last(200);
    measure("ACK", carrier, World::carrier_side(), bad.inside("ACK", answer, 1));
    world.send_from(carrier, World::carrier_side(), plain.inside("ACK", answer, 1));
    world.run_for(Millis(20));
    measure("re-INVITE", carrier, World::carrier_side(), bad.inside("INVITE", answer, 2));
    measure("INFO", carrier, World::carrier_side(), bad.inside("INFO", answer, 3));
    measure("200 again", far, World::livekit_side(), bad.answer(invite, 200));
    measure("BYE", carrier, World::carrier_side(), bad.inside("BYE", answer, 4));
    measure("stray 200", far, World::livekit_side(), bad.answer(invite, 200));
}

TEST(Cost, NoMessageTakesLongerThanAMillisecond) {
    for (const Shape& shape : shapes()) {
        Least least;
        for (unsigned run = 0; run < 5; ++run) {
            World world(with_a_far_end());
            call(world, shape, run, least);
        }
        least.expect_below(kBound, shape.name);
    }
}

/// A stranger's bytes are looked at and forgotten.
TEST(Cost, AStrangersMessageTakesFarLess) {
    for (const Shape& shape : shapes()) {
        Least least;
        World world(with_a_far_end());
        const std::string bytes = Writer(shape).invite(1);
        for (int run = 0; run < 10; ++run) {
            least.note("a stranger's INVITE",
                       cost_of(world, World::at(66), World::carrier_side(), bytes), bytes.size());
        }
        least.expect_below(kBound / 4, shape.name);
        EXPECT_TRUE(world.sent().empty());
    }
}

/// INVITEs that look alike where our tables look.
struct Flood {
    std::string_view name;
    std::string_view to;  ///< decides how it is answered
    bool has_own_call_id{};
    bool has_own_branch{};
};

double worst_of_a_flood(const Flood& flood, unsigned size) {
    World::Options options = with_a_far_end();
    options.max_calls = 50;
    World world(std::move(options));
    world.records.reserve(size);  // ours, not the engine's
    double worst = 0;
    for (unsigned i = 0; i < size; ++i) {
        auto builder = an_invite();
        builder.to(std::string(flood.to));
        builder.call_id(flood.has_own_call_id ? "c" + std::to_string(i) : "c");
        std::string text = builder.text();
        if (flood.has_own_branch) {
            text.replace(text.find("z9hG4bKa1"), 9, "z9hG4bK" + std::to_string(i));
        }
        worst = std::max(worst, cost_of(world, World::at(10), World::carrier_side(), text));
    }
    return worst;
}

TEST(Cost, AFloodDoesNotMakeTheNextMessageDearer) {
    constexpr unsigned kMany = kSlack > 1 ? 2000 : 20'000;
    constexpr std::array kRows{
        Flood{"another number, another branch", "+4990000", false, true},
        Flood{"another number, another Call-ID", "+4990000", true, true},
        Flood{"another number, the same branch", "+4990000", true, false},
        Flood{"our number, another branch", "+4991874350352", false, true},
        Flood{"our number, another Call-ID", "+4991874350352", true, true},
    };
    for (const Flood& row : kRows) {
        double least = 1e9;
        for (int run = 0; run < 3; ++run) {
            least = std::min(least, worst_of_a_flood(row, kMany));
        }
        std::printf("%7.0f us  the worst of %u with %s\n", least, kMany,
                    std::string(row.name).c_str());
        EXPECT_LT(least, kBound * kSlack) << row.name;
    }
}

/// Of one call: what its two ends may say again and again, a little different every time.
TEST(Cost, AFloodInsideACallDoesNotMakeTheNextMessageDearer) {
    constexpr unsigned kMany = kSlack > 1 ? 500 : 5000;
    static const Shape kPlain{.name = "plain"};
    const Writer writer(kPlain);
    const auto forked = [&](const SipText& invite, int status, unsigned i) {
        std::string text = writer.answer(invite, status);
        return text.insert(text.find(";tag=far") + 8, std::to_string(i));
    };
    double least = 1e9;
    for (int run = 0; run < 3; ++run) {
        World world(with_a_far_end());
        double worst = 0;
        const auto say = [&](const Endpoint& from, const Endpoint& to, const std::string& text) {
            worst = std::max(worst, cost_of(world, from, to, text));
        };
        say(World::at(10), World::carrier_side(), writer.invite(1));
        world.run_for(Millis(20));
        const SipText invite = world.generic->last("INVITE");
        for (unsigned i = 0; i < kMany; ++i) {
            say(World::at(30), World::livekit_side(), forked(invite, 180, i));
        }
        for (unsigned i = 0; i < kMany; ++i) {
            say(World::at(30), World::livekit_side(), forked(invite, 200, i));
        }
        world.run_for(Millis(20));
        const SipText answer = world.carrier->last(200);
        say(World::at(10), World::carrier_side(), writer.inside("ACK", answer, 1));
        for (unsigned i = 2; i < kMany; ++i) {
            for (const char* method : {"INFO", "INVITE", "ACK", "CANCEL"}) {
                say(World::at(10), World::carrier_side(), writer.inside(method, answer, i));
            }
        }
        EXPECT_EQ(world.engine->census().calls, 1U);
        least = std::min(least, worst);
    }
    std::printf("%7.0f us  the worst inside a call\n", least);
    EXPECT_LT(least, kBound * kSlack);
}

}  // namespace
}  // namespace causeway::testing
