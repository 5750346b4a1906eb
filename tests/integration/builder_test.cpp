#include "causeway/store/builder.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace causeway::store {
namespace {

using Built = Builder::Built;

/// What the test and the store on the build thread share.
struct Desk {
    std::counting_semaphore<> allowed{0};  ///< readings that may go on
    std::binary_semaphore begun{0};
    std::atomic<int> loads{};
    std::atomic<int> niceness{};
    std::atomic<bool> is_bad{};
    std::atomic<std::thread::id> thread;
};

/// Begins a reading, then waits until the test lets it go on.
class SlowStore : public port::ConfigStore {
public:
    explicit SlowStore(Desk& desk) : desk_(desk) {}

    Builder::Loaded load() override {
        const int load = ++desk_.loads;
        desk_.niceness = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
        desk_.thread = std::this_thread::get_id();
        desk_.begun.release();
        desk_.allowed.acquire();
        if (desk_.is_bad) {
            return tl::unexpected(std::vector<config::Problem>{{"f.yaml", 7, "bad", {}}});
        }
        auto snapshot = std::make_shared<config::Snapshot>();
        snapshot->version = static_cast<std::uint64_t>(load);
        return config::Configuration{{}, {}, std::move(snapshot), {}};
    }

private:
    Desk& desk_;
};

class BuilderTest : public testing::Test {
protected:
    void start(std::function<void(Builder::Loaded&)> finish = {}) {
        builder.emplace(Builder::Options{std::make_unique<SlowStore>(desk), std::move(finish)});
        ASSERT_TRUE(builder->start());
    }
    /// Waits for the next one, as the daemon's loop does.
    Built next() {
        for (;;) {
            if (auto built = builder->take()) {
                return std::move(*built);
            }
            pollfd watched{builder->fd(), POLLIN, 0};
            EXPECT_EQ(::poll(&watched, 1, 10'000), 1) << "nothing was built";
        }
    }

    Desk desk;
    std::optional<Builder> builder;
};

TEST_F(BuilderTest, ReadsOnAThreadOfItsOwnThatGivesWayToOthers) {
    ASSERT_NO_FATAL_FAILURE(start());
    EXPECT_FALSE(builder->take());
    desk.allowed.release();
    EXPECT_EQ(builder->request(), 1U);
    const Built built = next();
    EXPECT_EQ(built.reading, 1U);
    ASSERT_TRUE(built.loaded);
    EXPECT_EQ(built.loaded->snapshot->version, 1U);
    EXPECT_NE(desk.thread.load(), std::this_thread::get_id());
    EXPECT_EQ(desk.niceness.load(), std::min(19, getpriority(PRIO_PROCESS, 0) + 10));
}

TEST_F(BuilderTest, AnswersAllWhoAskDuringAReadingWithOneMore) {
    ASSERT_NO_FATAL_FAILURE(start());
    EXPECT_EQ(builder->request(), 1U);
    desk.begun.acquire();  // the file of whoever asks from here on may be another one
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(builder->request(), 2U);
    }
    desk.allowed.release(2);
    EXPECT_EQ(next().reading, 1U);
    EXPECT_EQ(next().reading, 2U);
    EXPECT_FALSE(builder->take());
    EXPECT_EQ(desk.loads.load(), 2);
    desk.allowed.release();
    EXPECT_EQ(builder->request(), 3U);
    EXPECT_EQ(next().reading, 3U);
}

TEST_F(BuilderTest, GoesOnAfterABadFile) {
    ASSERT_NO_FATAL_FAILURE(start());
    desk.is_bad = true;
    desk.allowed.release();
    (void)builder->request();
    const Built refused = next();
    ASSERT_FALSE(refused.loaded);
    EXPECT_EQ(refused.loaded.error().front().to_string(), "f.yaml:7: bad");
    desk.is_bad = false;
    desk.allowed.release();
    (void)builder->request();
    EXPECT_TRUE(next().loaded);
}

TEST_F(BuilderTest, LetsTheLastStepRefuse) {
    std::atomic<std::thread::id> thread;
    ASSERT_NO_FATAL_FAILURE(start([&](Builder::Loaded& loaded) {
        thread = std::this_thread::get_id();
        loaded = tl::unexpected(std::vector<config::Problem>{{"f.yaml", 0, "no", {}}});
    }));
    desk.allowed.release();
    (void)builder->request();
    const Built refused = next();
    ASSERT_FALSE(refused.loaded);
    EXPECT_EQ(refused.loaded.error().front().message, "no");
    EXPECT_EQ(thread.load(), desk.thread.load());
}

TEST_F(BuilderTest, FreesSnapshotsOnItsThread) {
    ASSERT_NO_FATAL_FAILURE(start());
    std::atomic<std::thread::id> thread;
    std::binary_semaphore freed{0};
    const auto retired = [&] {
        return std::shared_ptr<const config::Snapshot>(
            new config::Snapshot, [&](const config::Snapshot* snapshot) {
                const std::unique_ptr<const config::Snapshot> owner(snapshot);
                thread = std::this_thread::get_id();
                freed.release();
            });
    };
    builder->retire(retired());
    freed.acquire();
    EXPECT_NE(thread.load(), std::this_thread::get_id());
    (void)builder->request();
    desk.begun.acquire();
    builder->retire(retired());  // waits behind the reading, with nobody
    desk.allowed.release();
    (void)next();
    freed.acquire();
    EXPECT_EQ(thread.load(), desk.thread.load());
}

TEST_F(BuilderTest, EndsWithAReadingUnderWay) {
    ASSERT_NO_FATAL_FAILURE(start());
    (void)builder->request();
    desk.begun.acquire();
    desk.allowed.release();
    builder.reset();
    EXPECT_EQ(desk.loads.load(), 1);
}

}  // namespace
}  // namespace causeway::store
