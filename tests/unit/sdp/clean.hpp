#pragma once

#include "samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace causeway::sdp::test {

inline std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

/// True if four numbers with dots between them stand somewhere.
inline bool holds_ipv4(std::string_view text) {
    int dots = 0;
    char before = ' ';
    for (const char c : text) {
        const bool is_digit = c >= '0' && c <= '9';
        const bool was_digit = before >= '0' && before <= '9';
        if (is_digit && dots == 3) {
            return true;
        }
        dots = is_digit ? dots : c == '.' && was_digit ? dots + 1 : 0;
        before = c;
    }
    return false;
}

/// What holds for everything we write: readable, ours alone, and silent about the other leg.
inline void expect_clean(const Session& made, std::size_t sections) {
    const std::string text = print(made);
    const auto again = parse(text);
    ASSERT_TRUE(again) << again.error().what << "\n" << text;
    ASSERT_EQ(*again, made);
    ASSERT_EQ(made.media.size(), sections) << text;
    const auto view = audio(made);
    ASSERT_TRUE(view) << view.error().what << "\n" << text;
    ASSERT_EQ(view->rtp, a_plan().local);
    ASSERT_NE(view->voice(), nullptr);
    ASSERT_TRUE(
        text.starts_with("v=0\r\no=- 77 2 IN IP4 203.0.113.5\r\ns=-\r\nc=IN IP4 203.0.113.5\r\nt="))
        << text;
    const std::string folded = lowered(text);
    for (const std::string_view hidden :
         {"hidden.example", "10.66.6.6", "\r\na=candidate:", "\r\na=crypto:", "\r\na=rtcp:"}) {
        ASSERT_EQ(folded.find(hidden), std::string::npos) << hidden << " in\n" << text;
    }
    for (const Line& line : made.lines) {
        ASSERT_TRUE(line.type == 'o' || line.type == 'c' || !holds_ipv4(line.value)) << text;
    }
    for (const Line& line : made.media.at(view->index).lines) {
        ASSERT_FALSE(holds_ipv4(line.value)) << text;
    }
    for (std::size_t i = 0; i < made.media.size(); ++i) {
        ASSERT_EQ(i == view->index, made.media[i].lines.size() > 1) << text;
    }
}

}  // namespace causeway::sdp::test
