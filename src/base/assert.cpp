#include "causeway/base/assert.hpp"

#include "causeway/base/log.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace causeway {
namespace {

std::atomic<unsigned long>& failures() noexcept {
    static std::atomic<unsigned long> count{0};
    return count;
}

}  // namespace

void assertion_failed(const char* expression, const char* file, int line) noexcept {
    failures().fetch_add(1, std::memory_order_relaxed);
#ifndef NDEBUG
    // The log thread would not get to write it any more.
    static_cast<void>(std::fprintf(stderr, "bug: %s at %s:%d\n", expression, file, line));
    std::abort();
#else
    log::error("bug", {{"expression", expression}, {"file", file}, {"line", line}});
#endif
}

unsigned long assertion_failures() noexcept {
    return failures().load(std::memory_order_relaxed);
}

}  // namespace causeway
