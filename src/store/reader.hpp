#pragma once

#include "document.hpp"
#include "problems.hpp"
#include "value.hpp"

namespace causeway::store {

/// Turns a document into values by the table of keys. Reported: unknown, repeated and missing keys,
/// values of the wrong shape or form. What is wrong comes out as if it were absent, without
/// default, so that nothing is reported twice.
Value read_values(const Document& document, Problems& problems);

}  // namespace causeway::store
