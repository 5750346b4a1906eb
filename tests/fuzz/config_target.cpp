#include "target.hpp"

#include "causeway/store/store.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace causeway::fuzz {

/// The configuration file: every text is read or refused with problems that name a line, and no
/// exception leaves the store.
void run(Input input) {
    static const int kFile = ::memfd_create("causeway-fuzz", MFD_CLOEXEC);
    ASSERT_GE(kFile, 0);
    ASSERT_EQ(::ftruncate(kFile, 0), 0);
    ASSERT_EQ(::pwrite(kFile, input.data(), input.size(), 0), static_cast<ssize_t>(input.size()));
    const std::string path = "/proc/self/fd/" + std::to_string(kFile);
    const auto loaded = store::make_yaml_store({path, store::Layer::File, {}})->load();
    if (!loaded) {
        EXPECT_FALSE(loaded.error().empty());
        for (const config::Problem& problem : loaded.error()) {
            EXPECT_FALSE(problem.to_string().empty());
        }
    } else {
        EXPECT_NE(loaded->snapshot, nullptr);
    }
}

}  // namespace causeway::fuzz
