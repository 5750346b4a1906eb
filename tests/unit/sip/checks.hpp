#pragma once

#include "samples.hpp"

#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

/// What must hold of every message that `split` takes, whatever it says.
namespace causeway::sip {

inline bool is_inside(std::string_view part, std::string_view whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

inline void expect_views_inside(const Message& message) {
    const std::string_view bytes = message.bytes();
    for (const Line& line : message.lines()) {
        ASSERT_TRUE(is_inside(line.name, bytes));
        ASSERT_TRUE(is_inside(line.value, bytes));
        ASSERT_EQ(line.name.find_first_of(std::string_view("\r\n\0 ", 4)), std::string_view::npos);
        ASSERT_EQ(line.value.find_first_of(std::string_view("\r\n\0", 3)), std::string_view::npos);
    }
    for (const std::string_view part : {message.method(), message.call_id(), message.body()}) {
        ASSERT_TRUE(is_inside(part, bytes));
    }
    ASSERT_TRUE(message.is_request() ? is_inside(message.request_uri(), bytes)
                                     : is_inside(message.reason(), bytes));
}

/// What was read from a peer may be written again: it must read the same.
inline void expect_written_again(const Result<NameAddr>& address) {
    if (!address) {
        return;
    }
    const std::string text =
        '"' + sip::quoted(address->display) + "\" <" + address->uri.to_string() + '>';
    const Result<NameAddr> again = parse_name_addr(text);
    ASSERT_TRUE(again) << text;
    ASSERT_EQ(again->uri, address->uri) << text;
    ASSERT_EQ(again->display, address->display) << text;
}

/// An answer is one message with the lines that we put there, whatever the request was.
inline void expect_clean_answer(const Message& request) {
    const Source source{InterfaceId{1}, {IpAddress::v4(192, 0, 2, 1), 9}, Transport::Udp, {}};
    const std::string text =
        Builder::response(request, source, status(200), "ours").finish("a/b", "body");
    // A few lines more than the request had: only we would count them.
    const Limits limits{.head = 2 * kLimits.head, .lines = kLimits.lines + 8};
    const Result<Message> answer = Message::split(bytes_of(text), limits);
    ASSERT_TRUE(answer) << answer.error().what << '\n' << text;
    ASSERT_EQ(answer->body(), "body");
    ASSERT_EQ(answer->call_id(), request.call_id());
    ASSERT_EQ(answer->cseq(), request.cseq());
    std::size_t expected = 6;  // From, To, Call-ID, CSeq, Content-Type, Content-Length
    for (const Line& line : request.lines()) {
        expected += line.field == Field::Via || line.field == Field::RecordRoute ? 1 : 0;
    }
    ASSERT_EQ(answer->lines().size(), expected) << text;
    static_cast<void>(response_target(request, source));
}

inline void expect_glimpse_agrees(const Message& message, const std::string& text) {
    const std::optional<Glimpse> seen = glimpse(bytes_of(text));
    ASSERT_TRUE(seen);
    ASSERT_EQ(seen->is_response, !message.is_request());
    ASSERT_EQ(seen->call_id, message.call_id());
    ASSERT_EQ(seen->from_tag, tag_of(message, Field::From));
    ASSERT_EQ(seen->to_tag, tag_of(message, Field::To));
}

}  // namespace causeway::sip
