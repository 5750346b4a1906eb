#pragma once

#include "causeway/b2bua/story.hpp"
#include "causeway/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::b2bua {

/// The messages of one call in the order they passed: whole ones until `shorten`, start lines after
/// it. One buffer; nothing is parsed. A value. Thread: sip.
class Trail {
public:
    static constexpr std::size_t kFirst = 8 * 1024;   ///< set aside for whole messages at once
    static constexpr std::size_t kWhole = 16 * 1024;  ///< whole messages of a call at most
    static constexpr std::size_t kLines = 2 * 1024;   ///< start lines beside them at most
    static constexpr std::size_t kLine = 256;         ///< of one start line

    using Buffer = std::vector<char>;

    /// One message as it is kept.
    struct Entry {
        Millis at{};  ///< since the first
        Way way{};
        std::uint32_t attempt{};  ///< leg b's ordinal, 255 at most; 0: leg a
        std::string_view line;    ///< without its CRLF
        std::string_view whole;   ///< empty if only the line is kept
    };

    [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
    [[nodiscard]] bool wants_whole() const { return is_whole_; }
    /// How much more memory `add` would need for this message as a whole; 0: it fits, or whole
    /// messages have used up their share.
    [[nodiscard]] std::size_t wants(std::string_view message) const;
    /// Sets that much aside, in this buffer if it is large enough and the first.
    void reserve(std::size_t more, Buffer buffer = {});
    /// No whole messages from here on.
    void only_lines();
    void add(Way way, std::uint32_t attempt, Time now, std::string_view message);

    /// Forgets all but the start lines, and keeps only those from now on. Gives back the emptied
    /// buffer, if there was one.
    Buffer shorten();
    /// Nothing more will come: secrets are masked. Gives back likewise.
    Buffer seal();

    /// Memory for whole messages that it holds; 0 once shortened.
    [[nodiscard]] std::size_t held() const { return held_; }
    [[nodiscard]] std::size_t capacity() const { return bytes_.capacity(); }
    /// Start lines for which there was no room.
    [[nodiscard]] std::size_t left_out() const { return left_out_; }
    void each(const std::function<void(const Entry&)>& visit) const;

private:
    struct Header {
        std::uint32_t ms;
        std::uint16_t line;
        std::uint16_t size;
        std::uint8_t way;
        std::uint8_t attempt;
        std::uint16_t unused;
    };
    [[nodiscard]] static Header header_at(const Buffer& bytes, std::size_t offset);
    [[nodiscard]] static std::string_view text_at(const Buffer& bytes, std::size_t offset,
                                                  std::size_t size);
    void append(Header header, std::string_view text);
    void make_room(std::size_t need);

    Time start_;
    Buffer bytes_;  ///< headers and texts in turn
    std::size_t held_{};
    std::size_t pinned_{};  ///< what stands before it is never pushed out by later lines
    std::size_t left_out_{};
    bool is_whole_{true};
};

/// The message with what nobody may read later replaced by `***`: credentials (Authorization,
/// Proxy-Authorization, passwords in URIs) and keys of media (`a=crypto`, `a=key-mgmt`, `k=`,
/// `a=ice-pwd`).
[[nodiscard]] std::string masked(std::string_view message);

}  // namespace causeway::b2bua
