#pragma once

#include <string>
#include <string_view>

/// What is written down of the configuration's keys and of the reasons, made from the tables of the
/// code.
namespace causeway::test {

/// The JSON Schema (draft 2020-12) of the configuration file. It knows shapes, words, ranges and
/// patterns; references, addresses and what excludes what are told by `causeway check` alone.
std::string config_schema();

/// The text of docs/CONFIG.md with each table between `<!-- keys: NAME -->` and `<!-- end -->` made
/// anew; NAME is a top-level key. What has no such place yet comes at the end.
std::string config_reference(std::string_view text);

/// The text of docs/REASONS.md, from the table of reasons.
std::string reasons_reference();

}  // namespace causeway::test
