#include "causeway/sip/framer.hpp"

#include "scan.hpp"

#include <algorithm>
#include <utility>

namespace causeway::sip {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// What Content-Length says; `why` is set if it says nothing that can be used. A line of the head
/// is a header field of its own unless it begins with white space.
std::optional<std::size_t> content_length(std::string_view head, const char*& why) {
    std::optional<std::size_t> length;
    std::string_view rest = head.substr(std::min(head.find(kLineEnd), head.size()));
    while (rest.starts_with(kLineEnd)) {
        rest.remove_prefix(kLineEnd.size());
        std::size_t end = rest.find(kLineEnd);
        while (end != std::string_view::npos && end + 2 < rest.size() &&
               (rest[end + 2] == ' ' || rest[end + 2] == '\t')) {
            end = rest.find(kLineEnd, end + 2);
        }
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end, rest.size()));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos ||
            scan::field_of(scan::trim(line.substr(0, colon))) != Field::ContentLength) {
            continue;
        }
        const auto given = scan::number(scan::trim(line.substr(colon + 1)), 0x7fffffff);
        if (!given || (length && *length != *given)) {
            why = given ? "contradicting Content-Length" : "broken Content-Length";
            return std::nullopt;
        }
        length = *given;
    }
    if (!length) {
        why = "no Content-Length on a stream";
    }
    return length;
}

}  // namespace

void Framer::push(std::span<const std::byte> bytes) {
    if (broken_) {
        return;
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of text
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (kept_.empty()) {
        rest_ = text;
    } else {
        kept_.append(text);
        rest_ = kept_;
    }
}

std::optional<Frame> Framer::poll() {
    if (broken_) {
        return std::nullopt;
    }
    if (head_ == 0) {
        if (skip_line_ends()) {
            return Frame{Frame::Kind::Ping, {}};
        }
        if (!find_head()) {
            const std::size_t most = std::min(limits_.head, limits_.bytes);
            if (rest_.size() > most) {
                return broken(most, "head too long");
            }
            keep_rest();
            return std::nullopt;
        }
        if (auto failed = measure()) {
            return failed;
        }
    }
    if (rest_.size() < size_) {
        keep_rest();
        return std::nullopt;
    }
    const Frame frame{Frame::Kind::Message, bytes_of(rest_.substr(0, size_))};
    rest_.remove_prefix(size_);
    scanned_ = head_ = size_ = 0;
    return frame;
}

/// True: a double CRLF was passed over. Only between messages.
bool Framer::skip_line_ends() {
    while (scanned_ == 0 && rest_.starts_with(kLineEnd)) {
        rest_.remove_prefix(kLineEnd.size());
        if (std::exchange(after_line_end_, !after_line_end_)) {
            return true;
        }
    }
    return false;
}

bool Framer::find_head() {
    // The end may have begun in what was looked at before.
    const std::size_t from = scanned_ < kHeadEnd.size() ? 0 : scanned_ - (kHeadEnd.size() - 1);
    const std::size_t end = rest_.substr(0, limits_.head).find(kHeadEnd, from);
    if (end == std::string_view::npos) {
        scanned_ = rest_.size();
        // A lone CR may be the first half of a keep-alive.
        if (rest_ == kLineEnd.substr(0, 1)) {
            scanned_ = 0;
        }
        return false;
    }
    head_ = end + kHeadEnd.size();
    after_line_end_ = false;
    return true;
}

std::optional<Frame> Framer::measure() {
    const char* why = "";
    const auto length = content_length(rest_.substr(0, head_ - kHeadEnd.size()), why);
    if (!length) {
        return broken(head_, why);
    }
    if (*length > limits_.bytes - std::min(head_, limits_.bytes)) {
        return broken(head_, "message too long");
    }
    size_ = head_ + *length;
    return std::nullopt;
}

std::optional<Frame> Framer::broken(std::size_t size, const char* why) {
    broken_ = true;
    return Frame{Frame::Kind::Broken, bytes_of(rest_.substr(0, size)), why};
}

void Framer::keep_rest() {
    if (rest_.empty()) {
        std::string().swap(kept_);
    } else if (kept_.empty()) {
        kept_ = rest_;
    } else {
        kept_.erase(0, kept_.size() - rest_.size());
    }
    rest_ = kept_;
}

}  // namespace causeway::sip
