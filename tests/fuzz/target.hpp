#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// What every target shares. A target is one function over bytes; what it wants of the code are
/// GoogleTest's expectations, and the first that fails ends the program, which keeps the input.
namespace causeway::fuzz {

using Input = std::span<const std::uint8_t>;

/// One input; returns, or fails an expectation.
void run(Input input);

inline std::string_view text_of(Input input) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of text
    return {reinterpret_cast<const char*>(input.data()), input.size()};
}

/// Cuts off what stands before the next NUL, and the NUL.
inline Input until_nul(Input& input) {
    std::size_t size = 0;
    while (size < input.size() && input[size] != 0) {
        ++size;
    }
    const Input piece = input.first(size);
    input = input.subspan(size < input.size() ? size + 1 : size);
    return piece;
}

}  // namespace causeway::fuzz
