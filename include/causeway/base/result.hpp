#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace causeway {

/// What kind of thing failed. Coarse on purpose: code branches on it, people read `Error::what`.
enum class Errc : std::uint8_t {
    Malformed,    ///< the input breaks its grammar or a limit
    Unsupported,  ///< legal, but not something we do
    NotFound,     ///< no such thing
    Exhausted,    ///< a bounded resource (ports, descriptors, queue) is used up
    Timeout,      ///< the other end did not answer in time
    Io,           ///< the operating system refused
    Internal,     ///< our own mistake
};

/// Something failed (STYLE: *Error*). Passed up with CAUSEWAY_TRY.
struct Error {
    Errc code{};
    std::string what;  ///< for a human; never parsed, never matched on
};

/// A value or the reason why there is none. Functions that return it are `[[nodiscard]]`.
template <class T, class E = Error>
using Result = tl::expected<T, E>;

/// Builds the failing side of a Result.
inline tl::unexpected<Error> fail(Errc code, std::string what) {
    return tl::unexpected<Error>(Error{code, std::move(what)});
}

}  // namespace causeway

#define CAUSEWAY_CONCAT_(a, b) a##b
#define CAUSEWAY_CONCAT(a, b) CAUSEWAY_CONCAT_(a, b)

/// `CAUSEWAY_TRY(auto value, expression);` assigns the value of a Result or returns its error from
/// the enclosing function. (A declaration takes no parentheses, hence the NOLINT.)
#define CAUSEWAY_TRY(declaration, expression)                                           \
    auto CAUSEWAY_CONCAT(try_, __LINE__) = (expression);                                \
    if (!CAUSEWAY_CONCAT(try_, __LINE__)) {                                             \
        return tl::make_unexpected(std::move(CAUSEWAY_CONCAT(try_, __LINE__)).error()); \
    }                                                                                   \
    declaration = *std::move(CAUSEWAY_CONCAT(try_, __LINE__))  // NOLINT(bugprone-macro-parentheses)
