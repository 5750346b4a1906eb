#include "trail.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <utility>

namespace causeway::b2bua {
namespace {

constexpr std::size_t kSpare = 256;  ///< for the lines of an ordinary end: no second allocation
constexpr std::string_view kMask = "***";

std::string_view start_line(std::string_view message) {
    const std::string_view line = message.substr(0, Trail::kLine);
    return line.substr(0, std::min(line.find('\r'), line.size()));
}

}  // namespace

Trail::Header Trail::header_at(const Buffer& bytes, std::size_t offset) {
    Header header{};
    std::memcpy(&header, bytes.data() + offset, sizeof header);
    return header;
}

/// The text behind the header that stands here.
std::string_view Trail::text_at(const Buffer& bytes, std::size_t offset, std::size_t size) {
    return {bytes.data() + offset + sizeof(Header), size};
}

std::size_t Trail::wants(std::string_view message) const {
    const std::size_t need = bytes_.size() + sizeof(Header) + message.size();
    if (!is_whole_ || need > kWhole || need <= held_) {
        return 0;
    }
    return (need <= kFirst ? kFirst : kWhole) - held_;
}

void Trail::reserve(std::size_t more, Buffer buffer) {
    held_ += more;
    if (bytes_.empty() && buffer.capacity() >= held_) {
        bytes_ = std::move(buffer);
    } else {
        bytes_.reserve(held_);
    }
}

void Trail::only_lines() {
    if (std::exchange(is_whole_, false)) {
        pinned_ = bytes_.size();
    }
}

void Trail::append(Header header, std::string_view text) {
    header.size = static_cast<std::uint16_t>(text.size());
    const std::size_t size = bytes_.size() + sizeof header + text.size();
    if (size > bytes_.capacity()) {
        bytes_.reserve(size + kSpare);
    }
    std::array<char, sizeof header> raw{};
    std::memcpy(raw.data(), &header, sizeof header);
    bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    bytes_.insert(bytes_.end(), text.begin(), text.end());
}

/// Later lines push out earlier ones, never those before `pinned_`.
void Trail::make_room(std::size_t need) {
    std::size_t end = pinned_;
    while (end < bytes_.size() && bytes_.size() - (end - pinned_) + need > pinned_ + kLines) {
        end += sizeof(Header) + header_at(bytes_, end).size;
        ++left_out_;
    }
    const auto first = bytes_.begin() + static_cast<std::ptrdiff_t>(pinned_);
    bytes_.erase(first, first + static_cast<std::ptrdiff_t>(end - pinned_));
}

void Trail::add(Way way, std::uint32_t attempt, Time now, std::string_view message) {
    if (bytes_.empty()) {
        start_ = now;
    }
    const std::string_view line = start_line(message);
    const Header header{
        static_cast<std::uint32_t>(std::chrono::duration_cast<Millis>(now - start_).count()),
        static_cast<std::uint16_t>(line.size()),
        0,
        static_cast<std::uint8_t>(way),
        static_cast<std::uint8_t>(
            std::min<std::uint32_t>(attempt, std::numeric_limits<std::uint8_t>::max())),
        0};
    if (is_whole_ && bytes_.size() + sizeof(Header) + message.size() <= held_) {
        append(header, message);
        return;
    }
    only_lines();
    make_room(sizeof(Header) + line.size());
    append(header, line);
    if (pinned_ == 0) {
        pinned_ = bytes_.size();  // what the call began with
    }
}

Trail::Buffer Trail::shorten() {
    is_whole_ = false;
    if (held_ == 0) {
        return {};
    }
    std::size_t size = kSpare;
    for (std::size_t at = 0; at < bytes_.size();) {
        const Header header = header_at(bytes_, at);
        at += sizeof header + header.size;
        size += sizeof header + header.line;
    }
    Buffer before = std::exchange(bytes_, {});
    bytes_.reserve(size);
    for (std::size_t at = 0; at < before.size();) {
        const Header header = header_at(before, at);
        append(header, text_at(before, at, header.line));
        at += sizeof header + header.size;
    }
    pinned_ = bytes_.size();
    held_ = 0;
    before.clear();
    return before;
}

Trail::Buffer Trail::seal() {
    is_whole_ = false;
    if (held_ == 0) {
        return {};
    }
    Buffer before = std::exchange(bytes_, {});
    bytes_.reserve(before.size());
    for (std::size_t at = 0; at < before.size();) {
        Header header = header_at(before, at);
        const std::string text = masked(text_at(before, at, header.size));
        at += sizeof header + header.size;
        header.line = static_cast<std::uint16_t>(start_line(text).size());
        append(header, text);
    }
    pinned_ = bytes_.size();
    held_ = bytes_.capacity();
    before.clear();
    return before;
}

void Trail::each(const std::function<void(const Entry&)>& visit) const {
    for (std::size_t at = 0; at < bytes_.size();) {
        const Header header = header_at(bytes_, at);
        const std::string_view text = text_at(bytes_, at, header.size);
        const bool is_whole = header.size > header.line;
        visit({Millis{header.ms}, static_cast<Way>(header.way), header.attempt,
               text.substr(0, header.line), is_whole ? text : std::string_view()});
        at += sizeof header + header.size;
    }
}

// ── secrets ─────────────────────────────────────────────────────────────────────────────────────

namespace {

bool begins_with(std::string_view line, std::string_view lower_case) {
    return line.size() >= lower_case.size() &&
           std::equal(lower_case.begin(), lower_case.end(), line.begin(), [](char a, char b) {
               return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
           });
}

/// How much of a line may be shown; all of it if it has no secret.
std::size_t shown(std::string_view line) {
    constexpr auto kSecrets = std::to_array<std::string_view>(
        {"authorization:", "proxy-authorization:", "a=crypto:", "a=key-mgmt:", "a=ice-pwd:", "k="});
    const auto* const secret = std::ranges::find_if(
        kSecrets, [&](std::string_view name) { return begins_with(line, name); });
    return secret == kSecrets.end() ? line.size() : secret->size();
}

/// `sip:user:password@host`: where the password stands; empty: there is none.
std::string_view password_in(std::string_view text) {
    const std::size_t at = text.find('@');
    const std::string_view user = text.substr(0, at);
    const std::size_t colon = user.rfind(':');
    if (at == std::string_view::npos || colon == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = user.find_last_of("<\" ,");
    const std::string_view before = user.substr(begin == std::string_view::npos ? 0 : begin + 1);
    const bool is_scheme = begins_with(before, "sip:") || begins_with(before, "sips:");
    // The scheme's own colon is the only one of a URI without password.
    return is_scheme && std::count(before.begin(), before.end(), ':') > 1 ? user.substr(colon + 1)
                                                                          : std::string_view();
}

void append_masked(std::string& out, std::string_view line) {
    const std::size_t length = shown(line);
    if (length < line.size()) {
        out.append(line.substr(0, length)).append(length == 2 ? "" : " ").append(kMask);
        return;
    }
    while (!line.empty()) {
        const std::size_t end = line.find('@');
        const std::string_view part = line.substr(0, end == std::string_view::npos ? end : end + 1);
        const std::string_view password = password_in(part);
        if (password.empty()) {
            out.append(part);
        } else {
            const auto offset = static_cast<std::size_t>(password.data() - part.data());
            out.append(part.substr(0, offset)).append(kMask);
            out.append(part.substr(offset + password.size()));
        }
        line.remove_prefix(part.size());
    }
}

}  // namespace

std::string masked(std::string_view message) {
    std::string out;
    out.reserve(message.size());
    bool is_secret_folded = false;
    while (!message.empty()) {
        const std::size_t end = message.find('\n');
        std::string_view line = message.substr(0, end);
        message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
        const bool has_cr = line.ends_with('\r');
        line.remove_suffix(has_cr ? 1 : 0);
        const bool is_continued = !line.empty() && (line[0] == ' ' || line[0] == '\t');
        if (!(is_continued && is_secret_folded)) {
            is_secret_folded = shown(line) < line.size();
            append_masked(out, line);
            out.append(has_cr ? "\r" : "").append(end == std::string_view::npos ? "" : "\n");
        }
    }
    return out;
}

}  // namespace causeway::b2bua
