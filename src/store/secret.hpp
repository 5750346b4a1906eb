#pragma once

#include "causeway/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::store {

/// Where a secret of the file comes from.
struct SecretSource {
    enum class Kind : std::uint8_t { Literal, Environment, File };
    Kind kind{};
    std::string text;  ///< the secret itself, the variable's name, or the path
};

/// Reads `${NAME}`, `file:/path` or a literal, in which `$$` is a `$`. A `$` that stands alone is
/// refused: it is more often a mistake than meant. The failing side never holds the text.
[[nodiscard]] Result<SecretSource, std::string> parse_secret(std::string_view text);

/// Fetches the secret; a file's is without the line end at its end. The failing side says what is
/// missing, never what was found.
[[nodiscard]] Result<std::string, std::string> fetch_secret(const SecretSource& source);

}  // namespace causeway::store
