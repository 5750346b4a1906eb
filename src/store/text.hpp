#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace causeway::store {

/// The first line (1-based) that is not UTF-8 (RFC 3629) or holds a control character other than
/// tab, LF and CR; 0: none.
int first_bad_line(std::string_view text);

/// The candidate that differs from `text` by at most two letters, or empty.
std::string_view closest(std::string_view text, const std::vector<std::string_view>& candidates);

/// `a, b, c`.
std::string join(const std::vector<std::string>& parts);
/// The parts between separators; an empty text has none.
std::vector<std::string_view> split(std::string_view text, std::string_view separator);
std::string lower_case(std::string_view text);

}  // namespace causeway::store
