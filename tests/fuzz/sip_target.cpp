#include "sofia_oracle.hpp"
#include "target.hpp"
#include "unit/sip/checks.hpp"

#include "causeway/sip/body.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <string>

/// Any bytes as a datagram: `glimpse`, `split` and the grammar hold what they promise, and where
/// sofia-sip's parser reads the same message otherwise, the reason is one of those named here.
namespace causeway::fuzz {
namespace {

using sip::Field;
using sip::Message;

/// Why we may refuse what sofia-sip takes: `split`'s own words, each with the rule behind it.
constexpr std::array kStricter{
    // A CR or LF alone ends a line for sofia-sip; passed on verbatim it would begin a new one
    // behind us (RFC 3261 §7.3.1 knows CRLF only).
    "bare CR, LF or NUL in the head",
    // Our limits.
    "message too long",
    "head too long",
    "too many header fields",
    // It takes numbers up to 2^32−1 and anything as a method; RFC 3261 §8.1.1.5 says 2^31.
    "broken CSeq",
    "CSeq of another method",
    // It keeps the first, or the last, of two (RFC 3261 §7.3: these fields cannot repeat).
    "repeated From",
    "repeated To",
    "repeated Call-ID",
    "repeated CSeq",
    "contradicting Content-Length",
    "contradicting Max-Forwards",
    // It takes lines that are no header field as an unknown one (RFC 3261 §7.3.1).
    "header line without colon",
    "header field name is not a token",
    // It takes a message that ends within its head, and a body that is shorter than announced.
    "no end of the head",
    "Content-Length beyond the message",
    "broken Content-Length",
    // It cuts start lines at any white space (RFC 3261 §7.1, §7.2: one SP each).
    "broken start line",
    "broken status line",
    "status code out of range",
    "broken request line: method",
    "broken request line: Request-URI",
    "broken request line: version",
    // It reads one word and ignores what follows (RFC 3261 §20.8).
    "broken Call-ID",
};

bool is_stricter(std::string_view why) {
    return std::ranges::find(kStricter, why) != kStricter.end();
}

bool is_any_of(std::string_view name, std::initializer_list<const char*> names) {
    return std::ranges::any_of(names, [&](const char* known) {
        return ::strcasecmp(known, std::string(name).c_str()) == 0;
    });
}

bool is_via(std::string_view name) {
    return is_any_of(name, {"Via", "v"});
}

/// Fields that decide what a message is: it is refused for them, or answered 400, never passed on.
bool is_decisive(std::string_view name) {
    return is_via(name) ||
           is_any_of(name, {"From", "f", "To", "t", "Call-ID", "i", "CSeq", "Content-Length", "l"});
}

/// True if a line has white space and nothing else.
bool holds_blank_line(std::string_view text) {
    for (std::size_t at = text.find("\r\n"); at != std::string_view::npos;
         at = text.find("\r\n", at + 2)) {
        const std::size_t word = text.find_first_not_of(" \t", at + 2);
        if (word != std::string_view::npos && word > at + 2 && text[word] == '\r') {
            return true;
        }
    }
    return false;
}

bool is_known_method(std::string_view method) {
    static constexpr std::array<std::string_view, 14> kMethods{
        "ACK",     "BYE",   "CANCEL",  "INFO",  "INVITE",   "MESSAGE",   "NOTIFY",
        "OPTIONS", "PRACK", "PUBLISH", "REFER", "REGISTER", "SUBSCRIBE", "UPDATE"};
    return std::ranges::find(kMethods, method) != kMethods.end();
}

/// We may take what sofia-sip refuses: one bad value does not refuse a message (RFC 3261 §16.3
/// item 1), as long as what decides is read by us when it is needed, or refused then.
bool is_looser(const Message& message, const SecondOpinion& opinion, std::string_view text) {
    // It does not know a continuation line of nothing but white space (RFC 3261 §7.3.1 joins it).
    if (holds_blank_line(text)) {
        return true;
    }
    const bool is_usable = top_via(message) && from(message) && to(message) &&
                           (!message.is_request() || sip::parse_uri(message.request_uri()));
    if (!is_usable) {
        return true;
    }
    const auto has_several = [&](Field field) {
        return std::ranges::count(message.lines(), field, &sip::Line::field) > 1;
    };
    // Of Via only the top element is ours; what stands below is given back as it came.
    const std::string_view top = message.first(Field::Via).value_or("");
    const bool has_more_vias = top.find(',') != std::string_view::npos || has_several(Field::Via);
    // Of the methods that it does not know it refuses some, though they are tokens (RFC 3261
    // §25.1): RFC 4475's intmeth, and those that begin a name it knows.
    const bool has_rare_method = !is_known_method(message.method());
    // Lengths that agree are one length; that they do, `split` has seen.
    const bool has_more_lengths = has_several(Field::ContentLength);
    return std::ranges::none_of(opinion.bad, [&](std::string_view name) {
        return is_decisive(name) && !(has_more_vias && is_via(name)) &&
               !(has_rare_method && is_any_of(name, {"CSeq"})) &&
               !(has_more_lengths && is_any_of(name, {"Content-Length", "l"}));
    });
}

void expect_same(const Message& message, const SecondReading& second) {
    EXPECT_EQ(message.status(), second.status);
    EXPECT_EQ(message.method(), second.method);
    EXPECT_EQ(message.call_id(), second.call_id);
    EXPECT_EQ(message.cseq(), second.cseq);
    if (from(message)) {
        EXPECT_EQ(from(message)->tag(), second.from_tag);
        EXPECT_EQ(tag_of(message, Field::From), second.from_tag);
    }
    if (to(message)) {
        EXPECT_EQ(to(message)->tag(), second.to_tag);
        EXPECT_EQ(tag_of(message, Field::To), second.to_tag);
    }
    if (const auto via = top_via(message)) {
        EXPECT_EQ(via->branch, second.branch);
        EXPECT_EQ(via->host, second.via_host);
    }
    if (const auto hops = max_forwards(message); hops && second.max_forwards) {
        EXPECT_EQ(*hops, *second.max_forwards);
    }
    EXPECT_EQ(message.body(), second.body);
}

bool fits_the_oracle(std::string_view text) {
    return text.size() <= kOracleBytes &&
           std::ranges::count(text, '\n') + std::ranges::count(text, '\r') <=
               static_cast<std::ptrdiff_t>(2 * kOracleLines);
}

void compare(std::string_view text, const Result<Message>& message) {
    if (!fits_the_oracle(text)) {
        return;
    }
    const SecondOpinion opinion = ask_sofia(text);
    if (message && opinion.reading) {
        expect_same(*message, *opinion.reading);
    } else if (message) {
        EXPECT_TRUE(is_looser(*message, opinion, text))
            << "sofia-sip refused it for " << ::testing::PrintToString(opinion.bad);
    } else if (opinion.reading) {
        EXPECT_TRUE(is_stricter(message.error().what)) << message.error().what;
    }
}

void expect_promises(const Message& message, const std::string& text) {
    expect_views_inside(message);
    if (text.size() <= sip::kLimits.head) {
        expect_glimpse_agrees(message, text);
    }
    expect_clean_answer(message);
    expect_written_again(from(message));
    expect_written_again(to(message));
    expect_written_again(contact(message));
    for (const Field field : {Field::Route, Field::RecordRoute}) {
        if (const auto found = routes(message, field)) {
            for (const sip::NameAddr& route : *found) {
                expect_written_again(route);
            }
        }
    }
    if (const auto uri = sip::parse_uri(message.request_uri())) {
        EXPECT_EQ(sip::parse_uri(uri->to_string()), *uri);
        static_cast<void>(unescaped_user(*uri));
    }
    static_cast<void>(max_forwards(message));
    static_cast<void>(tokens(message, Field::Require));
    static_cast<void>(retry_after(message));
    static_cast<void>(session_body(message));
}

}  // namespace

void run(Input input) {
    const std::string text(text_of(input));
    static_cast<void>(sip::glimpse(sip::bytes_of(text)));
    const Result<Message> message = sip::split(text);
    if (message) {
        expect_promises(*message, text);
    }
    compare(text, message);
}

}  // namespace causeway::fuzz
