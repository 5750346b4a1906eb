#pragma once

#include <string>

/// What the daemon answers (JSON), as people read it. An answer that cannot be read is shown as it
/// is.
namespace causeway::app {

[[nodiscard]] std::string status_table(const std::string& json);
[[nodiscard]] std::string calls_table(const std::string& json);
[[nodiscard]] std::string call_table(const std::string& json);
[[nodiscard]] std::string hang_up_table(const std::string& json);
[[nodiscard]] std::string statistics_table(const std::string& json);
[[nodiscard]] std::string reload_table(const std::string& json);
[[nodiscard]] std::string drain_table(const std::string& json);

/// The daemon's `error`, and its `problems`, one a line.
[[nodiscard]] std::string complaint_of(unsigned status, const std::string& json);

}  // namespace causeway::app
