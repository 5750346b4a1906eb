#pragma once

#include "causeway/port/fast_path.hpp"

#include <memory>

namespace causeway::fastpath {

/// The fast path that takes nothing over: user space carries every packet. The default.
/// Thread: any. Owns: nothing. Fails: never.
[[nodiscard]] std::unique_ptr<port::FastPath> make_null_fast_path();

}  // namespace causeway::fastpath
