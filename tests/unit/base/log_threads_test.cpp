#include "causeway/base/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <regex>
#include <thread>
#include <vector>

namespace causeway::log {
namespace {

/// Puts another file in the place of standard error for as long as it lives.
class StandardError {
public:
    explicit StandardError(int fd) : saved_(::dup(STDERR_FILENO)) { ::dup2(fd, STDERR_FILENO); }
    ~StandardError() {
        ::dup2(saved_, STDERR_FILENO);
        ::close(saved_);
    }
    StandardError(const StandardError&) = delete;
    StandardError& operator=(const StandardError&) = delete;
    StandardError(StandardError&&) = delete;
    StandardError& operator=(StandardError&&) = delete;

private:
    int saved_;
};

std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t n = 0; (n = ::read(fd, part.data(), part.size())) > 0;) {
        text.append(part.data(), static_cast<std::size_t>(n));
    }
    return text;
}

/// What the log writes while `work` runs.
template <class Work>
std::string logged(const Options& options, Work work) {
    const int file = ::memfd_create("stderr", 0);
    {
        const StandardError redirected(file);
        EXPECT_TRUE(start(options));
        work();
        stop();
    }
    ::lseek(file, 0, SEEK_SET);
    std::string text = read_all(file);
    ::close(file);
    return text;
}

TEST(LogThreads, WritesTextLinesWithTimeStamp) {
    const std::string text = logged({}, [] { info("call.answered", {{"tenant", "a b"}}); });
    EXPECT_TRUE(std::regex_match(
        text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO call\.answered )"
                         R"(tenant="a b"\n)")))
        << text;
}

TEST(LogThreads, WritesJsonLinesWithTimeStampAndNode) {
    const std::string text = logged({.format = Format::Json, .node = "n\"1%v"}, [] {
        warn("disk.full", {{"free", 7}});
    });
    EXPECT_TRUE(std::regex_match(
        text, std::regex(R"(\{"ts":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","node":"n\\"1%v",)"
                         R"("level":"warn","event":"disk\.full","free":7\}\n)")))
        << text;
}

TEST(LogThreads, WritesNothingBelowItsLevelOrAfterItsEnd) {
    const std::string text = logged({.level = Level::Warn}, [] {
        EXPECT_FALSE(enabled(Level::Info));
        EXPECT_TRUE(enabled(Level::Warn));
        info("too.low");
        error("kept");
        stop();
        error("too.late");
    });
    EXPECT_NE(text.find("ERROR kept\n"), std::string::npos);
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    EXPECT_FALSE(enabled(Level::Error));
}

TEST(LogThreads, OffIsOff) {
    EXPECT_EQ(logged({.level = Level::Off}, [] { error("x"); }), "");
}

TEST(LogThreads, ChangesBetweenTwoLines) {
    const std::string text = logged({.level = Level::Warn, .node = "n1"}, [] {
        const Number number{"+4930123456"};
        warn("first", {{"from", number}});
        info("too.low");
        change({.level = Level::Info, .format = Format::Json, .numbers = Numbers::Full});
        info("second", {{"from", number}});
        change({.level = Level::Error});
        warn("too.low");
        error("third");
    });
    const std::string stamp(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
    EXPECT_TRUE(std::regex_match(
        text,
        std::regex(stamp + R"( WARN first from=\+\*+3456\n)" + R"(\{"ts":")" + stamp +
                   R"(","node":"n1","level":"info","event":"second","from":"\+4930123456"\}\n)" +
                   stamp + R"( ERROR third\n)")))
        << text;
}

TEST(LogThreads, RefusesASecondStart) {
    logged({}, [] { EXPECT_EQ(start({}).error().code, Errc::Internal); });
}

TEST(LogThreads, KeepsLinesOfSeveralThreadsWhole) {
    constexpr int kThreads = 4;
    constexpr int kLines = 1000;
    const std::uint64_t lost_before = lost();
    const std::string text = logged({}, [] {
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([t] {
                for (int i = 0; i < kLines; ++i) {
                    info("line", {{"t", t}, {"i", i}});
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
    });
    const std::regex whole(R"(\S+ INFO line t=\d i=\d+)");
    int lines = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        ASSERT_NE(end, std::string::npos);
        EXPECT_TRUE(std::regex_match(text.substr(at, end - at), whole));
        at = end + 1;
        ++lines;
    }
    EXPECT_EQ(lines, kThreads * kLines);  // fewer than the queue holds
    EXPECT_EQ(lost(), lost_before);
}

TEST(LogThreads, NeverWaitsForAStuckReaderAndCountsWhatIsLost) {
    constexpr int kLines = 20000;  // more than the queue and the pipe hold
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    std::string text;
    const std::uint64_t lost_before = lost();
    std::thread reader;
    {
        const StandardError redirected(pipe[1]);
        ASSERT_TRUE(start({}));
        for (int i = 0; i < kLines; ++i) {
            info("line", {{"i", i}});
        }
        EXPECT_GT(lost(), lost_before);
        reader = std::thread([&] { text = read_all(pipe[0]); });
        stop();
    }
    ::close(pipe[1]);
    reader.join();
    ::close(pipe[0]);
    const auto written = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
    EXPECT_EQ(written + lost() - lost_before, static_cast<std::uint64_t>(kLines));
    EXPECT_NE(text.find("i=19999\n"), std::string::npos) << "the newest survive";
}

}  // namespace
}  // namespace causeway::log
