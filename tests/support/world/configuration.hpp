#pragma once

#include "causeway/config/config.hpp"

#include <string>

namespace causeway::testing {

/// A configuration from YAML text, as the daemon would read it from a file. What is wrong with the
/// text is printed, and the program ends: the text is the test's own.
config::Configuration read_configuration(const std::string& yaml);

}  // namespace causeway::testing
