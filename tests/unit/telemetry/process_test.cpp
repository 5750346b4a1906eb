#include "causeway/telemetry/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <vector>

namespace causeway::telemetry {
namespace {

TEST(ProcessFigures, CountDescriptorsOneByOne) {
    const std::uint64_t before = read_descriptors().descriptors;
    std::vector<int> more;
    for (int i = 0; i < 7; ++i) {
        more.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    EXPECT_EQ(read_descriptors().descriptors, before + more.size());
    for (const int fd : more) {
        ::close(fd);
    }
    EXPECT_EQ(read_descriptors().descriptors, before);
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(read_descriptors().max_descriptors, limit.rlim_cur);
}

TEST(ProcessFigures, AreThoseOfThisProcess) {
    std::vector<char> memory(std::size_t{64} << 20U, 1);  // resident, as it is written to
    volatile double work = 0;
    while (static_cast<double>(std::clock()) / CLOCKS_PER_SEC < 0.1) {
        work = work + memory[static_cast<std::size_t>(work) % memory.size()];
    }
    const Process process = read_process();
    EXPECT_GE(process.cpu_seconds, 0.05);
    EXPECT_LT(process.cpu_seconds, 100);
    EXPECT_GE(process.resident_bytes, std::uint64_t{64} << 20U);
    EXPECT_NEAR(process.start_seconds, static_cast<double>(std::time(nullptr)), 120);
    const auto main = std::find_if(process.threads.begin(), process.threads.end(),
                                   [](const auto& each) { return each.name == "sip"; });
    ASSERT_NE(main, process.threads.end());
    EXPECT_GE(main->cpu_seconds, 0.05);
    EXPECT_LE(main->cpu_seconds, process.cpu_seconds + 0.1);
}

}  // namespace
}  // namespace causeway::telemetry
