#include "causeway/telemetry/telemetry.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace causeway::telemetry {
namespace {

namespace fs = std::filesystem;

/// A directory that is gone when the test is.
class CdrWriterTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "causeway-cdr-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
        path_ = directory_ / "cdr.jsonl";
    }
    void TearDown() override {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

    [[nodiscard]] static std::unique_ptr<CdrWriter> open(const fs::path& path) {
        auto made = make_cdr_writer(path.string());
        EXPECT_TRUE(made) << made.error().what;
        return made ? *std::move(made) : nullptr;
    }

    static std::vector<std::string> lines(const fs::path& path) {
        std::vector<std::string> read;
        std::ifstream file(path);
        for (std::string line; std::getline(file, line);) {
            read.push_back(line);
        }
        return read;
    }

    fs::path directory_;
    fs::path path_;
};

port::CallRecord a_call(std::uint64_t id, std::string from = "+4930123456") {
    port::CallRecord record;
    record.call_id = CallId{id};
    record.from = std::move(from);
    return record;
}

TEST_F(CdrWriterTest, WritesWhatWaitsAndShowsItToWhoeverWatches) {
    std::vector<CallId> seen;
    auto writer = *make_cdr_writer(
        path_.string(), [&](const port::CallRecord& record) { seen.push_back(record.call_id); });
    pollfd bell{writer->fd(), POLLIN, 0};
    EXPECT_EQ(::poll(&bell, 1, 0), 0) << "nothing waits";
    for (std::size_t i = 1; i <= 3; ++i) {
        writer->emit(a_call(i));
    }
    EXPECT_EQ(::poll(&bell, 1, 0), 1);
    EXPECT_TRUE(lines(path_).empty());
    writer->pump();
    EXPECT_EQ(::poll(&bell, 1, 0), 0);
    ASSERT_EQ(lines(path_).size(), 3U);
    EXPECT_EQ(lines(path_)[1], to_json(a_call(2)));
    EXPECT_EQ(seen, (std::vector{CallId{1}, CallId{2}, CallId{3}}));
    EXPECT_EQ(writer->lost(), 0U);
    EXPECT_TRUE(writer->is_writable());
}

TEST_F(CdrWriterTest, CreatesTheFileAndOneDirectoryForTheDaemonsGroup) {
    const mode_t before = ::umask(022);
    const fs::path nested = directory_ / "cdr" / "calls.jsonl";
    ASSERT_NE(open(nested), nullptr);
    ::umask(before);
    struct stat status {};
    ASSERT_EQ(::stat(nested.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0640U);
    ASSERT_EQ(::stat(nested.parent_path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0750U);
}

TEST_F(CdrWriterTest, RefusesAPathWithTwoMissingDirectories) {
    const fs::path nested = directory_ / "a" / "b" / "calls.jsonl";
    const auto made = make_cdr_writer(nested.string());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Io);
    EXPECT_NE(made.error().what.find(nested.string()), std::string::npos) << made.error().what;
}

TEST_F(CdrWriterTest, WritesEverythingBeforeItEnds) {
    auto writer = open(path_);
    for (std::uint64_t i = 0; i < 5000; ++i) {
        writer->emit(a_call(i));
    }
    writer.reset();
    const std::vector<std::string> written = lines(path_);
    ASSERT_EQ(written.size(), 5000U);
    EXPECT_EQ(written.back(), to_json(a_call(4999)));
}

TEST_F(CdrWriterTest, MovesToAnotherFileBetweenTwoRecords) {
    const fs::path other = directory_ / "other" / "calls.jsonl";
    auto writer = open(path_);
    writer->emit(a_call(1));
    ASSERT_TRUE(writer->move_to(other.string()));
    EXPECT_TRUE(fs::exists(other)) << "it is opened at once";
    writer->emit(a_call(2));
    writer.reset();
    EXPECT_EQ(lines(path_), std::vector{to_json(a_call(1))});
    EXPECT_EQ(lines(other), std::vector{to_json(a_call(2))});
}

TEST_F(CdrWriterTest, StaysWithItsFileIfTheOtherCannotBeOpened) {
    const fs::path other = directory_ / "a" / "b" / "calls.jsonl";
    auto writer = open(path_);
    const auto moved = writer->move_to(other.string());
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code, Errc::Io);
    EXPECT_NE(moved.error().what.find(other.string()), std::string::npos) << moved.error().what;
    writer->emit(a_call(1));
    writer.reset();
    EXPECT_EQ(lines(path_), std::vector{to_json(a_call(1))});
}

TEST_F(CdrWriterTest, FollowsARotationByRename) {
    const fs::path rotated = directory_ / "cdr.jsonl.1";
    auto writer = open(path_);
    writer->emit(a_call(1));
    writer->pump();
    fs::rename(path_, rotated);
    writer->emit(a_call(2));
    writer->pump();
    EXPECT_EQ(lines(path_).size(), 1U);
    writer.reset();
    EXPECT_EQ(lines(rotated), std::vector{to_json(a_call(1))});
    EXPECT_EQ(lines(path_), std::vector{to_json(a_call(2))});
}

TEST_F(CdrWriterTest, FollowsARotationThatCreatesTheNewFileItself) {
    auto writer = open(path_);
    writer->emit(a_call(1));
    writer->pump();
    fs::rename(path_, directory_ / "cdr.jsonl.1");
    std::ofstream(path_).flush();
    writer->emit(a_call(2));
    writer.reset();
    EXPECT_EQ(lines(path_), std::vector{to_json(a_call(2))});
}

TEST_F(CdrWriterTest, EndsALineThatAnEarlierProcessLeftUnfinished) {
    std::ofstream(path_) << R"({"call_id":"00)";
    open(path_)->emit(a_call(1));
    EXPECT_EQ(lines(path_), (std::vector<std::string>{R"({"call_id":"00)", to_json(a_call(1))}));
}

TEST_F(CdrWriterTest, CountsWhatAFullDiskRefusesAndGoesOn) {
    const auto writer = open("/dev/full");
    EXPECT_TRUE(writer->is_writable());
    for (std::uint64_t i = 1; i <= 3; ++i) {
        writer->emit(a_call(i));
        writer->pump();
        EXPECT_EQ(writer->lost(), i);
        EXPECT_FALSE(writer->is_writable());
    }
}

TEST_F(CdrWriterTest, BecomesWritableAgainWithoutACall) {
    const fs::path folder = directory_ / "cdr";
    const auto writer = open(folder / "calls.jsonl");
    fs::remove_all(folder);
    std::ofstream(folder).flush();  // a file where the directory was: nothing can be opened
    writer->emit(a_call(1));
    writer->pump();
    EXPECT_EQ(writer->lost(), 1U);
    writer->probe();
    EXPECT_FALSE(writer->is_writable());
    fs::remove(folder);
    writer->probe();
    EXPECT_TRUE(writer->is_writable());
    EXPECT_EQ(writer->lost(), 1U);
    writer->emit(a_call(2));
    writer->pump();
    EXPECT_EQ(lines(folder / "calls.jsonl").size(), 1U);
}

TEST_F(CdrWriterTest, NeverGluesALineToATornOne) {
    // A file size limit tears a line exactly as a disk that fills up does. Inherited by a child
    // only, which is why this runs in one.
    const std::string line = to_json(a_call(1));
    const auto tear = [&] {
        const rlimit limit{.rlim_cur = line.size() + 1 + 10, .rlim_max = RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        {
            const auto writer = open(path_);
            writer->emit(a_call(1));
            writer->emit(a_call(2));
            writer->pump();
            if (writer->lost() != 1 || writer->is_writable()) {
                std::_Exit(1);
            }
            const rlimit none{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
            ::setrlimit(RLIMIT_FSIZE, &none);
            writer->emit(a_call(3));
        }
        std::_Exit(0);
    };
    EXPECT_EXIT(tear(), testing::ExitedWithCode(0), "");
    const std::vector<std::string> written = lines(path_);
    ASSERT_EQ(written.size(), 3U);
    EXPECT_EQ(written[0], line);
    EXPECT_EQ(written[1], to_json(a_call(2)).substr(0, 10U));
    EXPECT_EQ(written[2], to_json(a_call(3)));
}

TEST_F(CdrWriterTest, KeepsLinesWholeAndInOrderForEachOfFourThreads) {
    constexpr std::uint64_t kThreads = 4;
    constexpr std::uint64_t kRecords = 1000;
    auto writer = open(path_);
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&writer, thread] {
            for (std::uint64_t i = 0; i < kRecords; ++i) {
                writer->emit(a_call(i, std::to_string(thread)));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    writer.reset();
    std::map<std::string, std::uint64_t> next;
    for (const std::string& line : lines(path_)) {
        const auto record = nlohmann::json::parse(line);
        const std::uint64_t id = std::stoull(record.at("call_id").get<std::string>(), nullptr, 16);
        EXPECT_EQ(id, next[record.at("from").get<std::string>()]++);
    }
    EXPECT_EQ(next.size(), kThreads);
    for (const auto& [thread, count] : next) {
        EXPECT_EQ(count, kRecords) << thread;
    }
}

}  // namespace
}  // namespace causeway::telemetry
