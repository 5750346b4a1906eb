#pragma once

#include "causeway/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace causeway::store {

/// One value of a YAML file with the line it begins on.
struct Node {
    enum class Kind : std::uint8_t { Null, Scalar, List, Map };
    Kind kind{};
    int line{};                           ///< 1-based
    std::string text;                     ///< of a scalar
    std::vector<std::uint32_t> children;  ///< of a map: key, value, key, value …
};

/// A YAML document as plain values. An alias is the very node that its anchor names, so a file
/// cannot grow by aliases here; who walks it counts his steps.
/// Thread: its owner's.
struct Document {
    std::vector<Node> nodes;  ///< the root is the last one; never empty
    [[nodiscard]] const Node& root() const { return nodes.back(); }
    [[nodiscard]] const Node& at(std::uint32_t index) const { return nodes[index]; }
};

/// Where a text stops being YAML.
struct SyntaxError {
    int line{};  ///< 1-based; 0: the file as a whole
    std::string what;
};

inline constexpr std::size_t kLargestFile = std::size_t{16} << 20U;
inline constexpr std::size_t kMostNodes = 2'000'000;

/// Reads the one document of a file: UTF-8 without control characters, at most `kMostNodes` values,
/// nesting bounded by yaml-cpp. yaml-cpp's exceptions end here.
[[nodiscard]] Result<Document, SyntaxError> parse_document(const std::string& text);

/// The bytes of a file of at most `kLargestFile`.
[[nodiscard]] Result<std::string, SyntaxError> read_file(const std::string& path);

}  // namespace causeway::store
