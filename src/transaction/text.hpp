#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>

namespace causeway::transaction {

/// Immutable bytes in a buffer of exactly their size: a lingering transaction pays for nothing
/// else. Its view stays valid when the object moves, which a std::string does not promise.
/// Owns: the buffer. Thread: its owner's.
class Text {
public:
    Text() = default;
    explicit Text(std::string_view bytes) : Text{bytes, {}, {}} {}
    /// The parts one after the other.
    Text(std::string_view first, std::string_view second, std::string_view third)
        : data_(
              std::make_unique_for_overwrite<char[]>(first.size() + second.size() + third.size())),
          size_(static_cast<std::uint32_t>(first.size() + second.size() + third.size())) {
        char* at = std::copy(first.begin(), first.end(), data_.get());
        at = std::copy(second.begin(), second.end(), at);
        std::copy(third.begin(), third.end(), at);
    }

    [[nodiscard]] std::string_view view() const { return {data_.get(), data_ ? size_ : 0}; }
    [[nodiscard]] bool empty() const { return view().empty(); }

private:
    std::unique_ptr<char[]> data_;
    std::uint32_t size_{};
};

}  // namespace causeway::transaction
