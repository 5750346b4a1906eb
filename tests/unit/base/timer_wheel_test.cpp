#include "causeway/base/timer_wheel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace causeway {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Node = TimerWheel::Node;

const Time kStart{std::chrono::hours(1000)};

Time at(std::int64_t milliseconds) {
    return kStart + Millis(milliseconds);
}

std::vector<Node> expired(TimerWheel& wheel, Time now) {
    std::vector<Node> nodes;
    while (const std::optional<Node> node = wheel.expire(now)) {
        nodes.push_back(*node);
    }
    return nodes;
}

TEST(TimerWheel, HasNothingToDoWhenEmpty) {
    TimerWheel wheel(kStart);
    EXPECT_EQ(wheel.next(), std::nullopt);
    EXPECT_EQ(wheel.expire(at(1'000'000'000)), std::nullopt);
    EXPECT_EQ(wheel.size(), 0U);
    EXPECT_FALSE(wheel.is_scheduled(7));
}

TEST(TimerWheel, FiresAtTheDeadlineAndNotBefore) {
    for (const std::int64_t delay :
         {std::int64_t{1}, std::int64_t{63}, std::int64_t{64}, std::int64_t{65}, std::int64_t{4095},
          std::int64_t{4096}, std::int64_t{32000}, std::int64_t{262144}, std::int64_t{86'400'000},
          (std::int64_t{1} << 30) - 1, std::int64_t{1} << 30, (std::int64_t{1} << 33) + 12345}) {
        TimerWheel wheel(kStart);
        wheel.schedule(3, at(delay));
        EXPECT_THAT(expired(wheel, at(delay) - nanoseconds(1)), IsEmpty()) << delay;
        EXPECT_TRUE(wheel.is_scheduled(3));
        EXPECT_THAT(expired(wheel, at(delay)), ElementsAre(3)) << delay;
        EXPECT_FALSE(wheel.is_scheduled(3));
        EXPECT_EQ(wheel.size(), 0U);
    }
}

TEST(TimerWheel, RoundsADeadlineInsideATickUp) {
    TimerWheel wheel(kStart);
    wheel.schedule(0, kStart + microseconds(1500));
    EXPECT_EQ(wheel.next(), at(2));
    EXPECT_THAT(expired(wheel, kStart + microseconds(1999)), IsEmpty());
    EXPECT_THAT(expired(wheel, at(2)), ElementsAre(0));
}

TEST(TimerWheel, FiresAPassedDeadlineAtOnce) {
    TimerWheel wheel(kStart);
    EXPECT_THAT(expired(wheel, at(5000)), IsEmpty());
    wheel.schedule(1, at(10));
    wheel.schedule(2, kStart - Millis(10));
    EXPECT_EQ(wheel.next(), at(5000));
    EXPECT_THAT(expired(wheel, at(5000)), ElementsAre(1, 2));
}

TEST(TimerWheel, FiresNothingBeforeItsStart) {
    TimerWheel wheel(kStart);
    wheel.schedule(1, kStart);
    EXPECT_EQ(wheel.expire(kStart - Millis(1)), std::nullopt);
    EXPECT_THAT(expired(wheel, kStart), ElementsAre(1));
}

TEST(TimerWheel, ReturnsNodesByDeadlineAndTiesByScheduling) {
    TimerWheel wheel(kStart);
    wheel.schedule(5, at(70000));
    wheel.schedule(4, at(100));
    wheel.schedule(3, at(70000));
    wheel.schedule(2, at(3));
    EXPECT_THAT(expired(wheel, at(69990)), ElementsAre(2, 4));
    wheel.schedule(1, at(70000));
    wheel.schedule(0, at(69999));
    EXPECT_THAT(expired(wheel, at(80000)), ElementsAre(0, 5, 3, 1));
}

TEST(TimerWheel, MovesANodeThatIsScheduledAgain) {
    TimerWheel wheel(kStart);
    wheel.schedule(9, at(10));
    wheel.schedule(9, at(5000));
    EXPECT_EQ(wheel.size(), 1U);
    EXPECT_THAT(expired(wheel, at(4999)), IsEmpty());
    wheel.schedule(9, at(5001));
    EXPECT_THAT(expired(wheel, at(5000)), IsEmpty());
    EXPECT_THAT(expired(wheel, at(5001)), ElementsAre(9));
}

TEST(TimerWheel, ForgetsACancelledNode) {
    TimerWheel wheel(kStart);
    wheel.schedule(1, at(10));
    wheel.schedule(2, at(10));
    wheel.schedule(3, at(10));
    wheel.cancel(2);
    wheel.cancel(2);
    wheel.cancel(99);
    EXPECT_EQ(wheel.size(), 2U);
    EXPECT_FALSE(wheel.is_scheduled(2));
    EXPECT_THAT(expired(wheel, at(10)), ElementsAre(1, 3));
    wheel.schedule(1, at(1 << 20));
    wheel.cancel(1);
    EXPECT_EQ(wheel.next(), std::nullopt);
}

TEST(TimerWheel, AllowsSchedulingBetweenTwoExpiries) {
    TimerWheel wheel(kStart);
    wheel.schedule(1, at(10));
    wheel.schedule(2, at(20));
    EXPECT_EQ(wheel.expire(at(30)), 1U);
    wheel.schedule(3, at(15));
    wheel.schedule(1, at(30));
    EXPECT_THAT(expired(wheel, at(30)), ElementsAre(3, 2, 1));
}

TEST(TimerWheel, SkipsEmptyTimeInAFewWakeups) {
    for (const std::int64_t delay : {std::int64_t{500}, std::int64_t{32000},
                                     std::int64_t{3'600'000}, (std::int64_t{1} << 30) - 1}) {
        TimerWheel wheel(kStart);
        static_cast<void>(expired(wheel, at(12345)));
        wheel.schedule(0, at(12345 + delay));
        int wakeups = 0;
        Time now = at(12345);
        while (wheel.size() != 0) {
            ASSERT_TRUE(wheel.next());
            ASSERT_GT(*wheel.next(), now);
            now = *wheel.next();
            static_cast<void>(expired(wheel, now));
            ++wakeups;
        }
        EXPECT_EQ(now, at(12345 + delay));
        EXPECT_LE(wakeups, 6) << delay;
    }
}

TEST(TimerWheel, KeepsDeadlinesBeyondItsRangeInOrder) {
    constexpr std::int64_t kRange = std::int64_t{1} << 30;
    TimerWheel wheel(kStart);
    wheel.schedule(1, at(5 * kRange + 7));
    wheel.schedule(2, at(2 * kRange));
    wheel.schedule(3, at(5 * kRange + 7));
    wheel.schedule(4, at(kRange - 1));
    EXPECT_THAT(expired(wheel, at(kRange)), ElementsAre(4));
    EXPECT_THAT(expired(wheel, at(2 * kRange)), ElementsAre(2));
    EXPECT_THAT(expired(wheel, at(5 * kRange + 6)), IsEmpty());
    EXPECT_THAT(expired(wheel, at(5 * kRange + 7)), ElementsAre(1, 3));
}

/// The same promises kept by the simplest means.
class Model {
public:
    void schedule(Node node, std::uint64_t tick) {
        cancel(node);
        places_[node] = order_.emplace(std::max(tick, current_), node);
    }
    void cancel(Node node) {
        if (const auto place = places_.find(node); place != places_.end()) {
            order_.erase(place->second);
            places_.erase(place);
        }
    }
    std::optional<Node> expire(std::uint64_t now) {
        if (order_.empty() || order_.begin()->first > now) {
            current_ = std::max(current_, now);
            return std::nullopt;
        }
        current_ = order_.begin()->first;
        const Node node = order_.begin()->second;
        cancel(node);
        return node;
    }
    [[nodiscard]] std::optional<std::uint64_t> earliest() const {
        return order_.empty() ? std::nullopt : std::optional(order_.begin()->first);
    }
    [[nodiscard]] std::size_t size() const { return order_.size(); }
    [[nodiscard]] std::uint64_t current() const { return current_; }

private:
    using Order = std::multimap<std::uint64_t, Node>;  // equal keys keep the order of insertion
    Order order_;
    std::map<Node, Order::iterator> places_;
    std::uint64_t current_{};
};

class TimerWheelAgainstModel : public ::testing::TestWithParam<unsigned> {};

TEST_P(TimerWheelAgainstModel, AgreesOnAHundredThousandOperations) {
    std::mt19937_64 dice(GetParam());
    TimerWheel wheel(kStart);
    Model model;
    std::uint64_t now = 0;
    const auto some_span = [&dice] { return dice() % (std::uint64_t{1} << (dice() % 34)); };
    for (int step = 0; step < 100'000; ++step) {
        const auto node = static_cast<Node>(dice() % 500);
        const std::uint64_t choice = dice() % 100;
        if (choice < 55) {
            const std::uint64_t tick =
                dice() % 20 == 0 ? now / 2 : now + some_span() % (dice() % 2 == 0 ? 5000 : ~0ULL);
            wheel.schedule(node, at(static_cast<std::int64_t>(tick)) -
                                     nanoseconds(tick == 0 ? 0 : dice() % 1'000'000));
            model.schedule(node, tick);
        } else if (choice < 65) {
            wheel.cancel(node);
            model.cancel(node);
        } else {
            // Mostly to the next deadline, as an owner does; sometimes far past it.
            const std::optional<Time> next = wheel.next();
            const bool jump = choice > 97 || !next;
            now = jump ? now + some_span() % 100'000
                       : std::max(now, static_cast<std::uint64_t>(
                                           std::chrono::floor<Millis>(*next - kStart).count()));
            for (int i = 0; i < (choice % 2 == 0 ? 3 : 1000); ++i) {
                const Time then = at(static_cast<std::int64_t>(now)) + nanoseconds(dice() % 1000);
                const std::optional<Node> expected = model.expire(now);
                ASSERT_EQ(wheel.expire(then), expected) << "step " << step;
                if (!expected) {
                    break;
                }
            }
        }
        ASSERT_EQ(wheel.size(), model.size()) << "step " << step;
        const std::optional<Time> next = wheel.next();
        ASSERT_EQ(next.has_value(), model.earliest().has_value()) << "step " << step;
        if (next) {
            const auto tick = static_cast<std::uint64_t>((*next - kStart) / Millis(1));
            ASSERT_LE(tick, *model.earliest()) << "step " << step;
            ASSERT_GE(tick, model.current()) << "step " << step;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TimerWheelAgainstModel, ::testing::Values(1U, 2U, 3U, 4U));

}  // namespace
}  // namespace causeway
