#include "cdr_pump.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace causeway::app {
namespace {

namespace fs = std::filesystem;

/// A writer on a loop that the test runs, and a directory that is gone when it is.
class CdrPumpTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "causeway-pump-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        directory_ = pattern;
        writer_ = *telemetry::make_cdr_writer((directory_ / "cdr" / "calls.jsonl").string());
        pump_ = std::make_unique<CdrPump>(io_, *writer_);
    }
    void TearDown() override {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }
    [[nodiscard]] std::size_t lines() const {
        std::ifstream file(directory_ / "cdr" / "calls.jsonl");
        std::size_t count = 0;
        for (std::string line; std::getline(file, line);) {
            ++count;
        }
        return count;
    }
    /// Runs the loop until that is so, for five seconds at most.
    template <class F>
    bool run_until(F is_so) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (!is_so() && std::chrono::steady_clock::now() < end) {
            io_.run_one_for(std::chrono::milliseconds(10));
        }
        return is_so();
    }

    fs::path directory_;
    boost::asio::io_context io_;
    std::unique_ptr<telemetry::CdrWriter> writer_;
    std::unique_ptr<CdrPump> pump_;
};

TEST_F(CdrPumpTest, HasALineWrittenWithinHalfASecondOfEachCall) {
    for (std::size_t i = 1; i <= 3; ++i) {
        const auto before = std::chrono::steady_clock::now();
        writer_->emit({});
        ASSERT_TRUE(run_until([&] { return lines() == i; }));
        EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(500));
    }
}

TEST_F(CdrPumpTest, FindsOutWithoutACallThatTheFileCanBeWrittenAgain) {
    const fs::path folder = directory_ / "cdr";
    fs::remove_all(folder);
    std::ofstream(folder).flush();  // a file where the directory was: nothing can be opened
    writer_->emit({});
    ASSERT_TRUE(run_until([&] { return writer_->lost() == 1; }));
    EXPECT_FALSE(writer_->is_writable());
    fs::remove(folder);
    EXPECT_TRUE(run_until([&] { return writer_->is_writable(); }));
}

}  // namespace
}  // namespace causeway::app
