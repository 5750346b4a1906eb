#pragma once

namespace causeway {

/// Called when an assertion fails: aborts in debug builds; in release builds logs `bug` and counts.
/// The statement after the macro must then be a safe way out (drop the one call).
/// Thread: any.
void assertion_failed(const char* expression, const char* file, int line) noexcept;

/// How many assertions have failed since start. Thread: any.
unsigned long assertion_failures() noexcept;

}  // namespace causeway

/// Our own mistakes only (STYLE: *Bug*); a peer's nonsense is never an assertion. Yields the
/// condition, so that release builds can leave: `if (!CAUSEWAY_ASSERT(x)) { return; }`.
#define CAUSEWAY_ASSERT(condition) \
    ((condition) ? true : (::causeway::assertion_failed(#condition, __FILE__, __LINE__), false))
