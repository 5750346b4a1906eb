#include "transport/patience.hpp"
#include "transport/seats.hpp"
#include "transport/stream_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

/// How many connections there may be, for how long, and with how much to send.
namespace causeway::transport {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
constexpr Time kStart{};
constexpr Deadlines kDeadlines{.connect = Millis{4},
                               .stranger = Millis{5},
                               .first = Millis{50},
                               .message = Millis{6},
                               .stuck = Millis{7},
                               .idle = Millis{100},
                               .stranger_idle = Millis{20}};

IpAddress ip(std::uint8_t octet) {
    return IpAddress::v4(192, 0, 2, octet);
}

TEST(Patience, OfAConnectionBeingOpenedEndsUnlessThePeerAccepts) {
    Patience patience(kDeadlines, Patience::Opened::ByUs, kStart);
    EXPECT_EQ(patience.due(), kStart + Millis{4});
    patience.connected();
    EXPECT_EQ(patience.due(), kStart + Millis{100});
}

TEST(Patience, OfAStrangerEndsUnlessItIsWelcomed) {
    Patience patience(kDeadlines, Patience::Opened::ByStranger, kStart);
    patience.used(kStart + Millis{3});
    EXPECT_EQ(patience.due(), kStart + Millis{5});
    patience.welcomed();
    EXPECT_EQ(patience.due(), kStart + Millis{23}) << "there are few seats for strangers";
}

TEST(Patience, OfAKnownPeerEndsUnlessItSaysSomething) {
    Patience patience(kDeadlines, Patience::Opened::ByPeer, kStart);
    EXPECT_EQ(patience.due(), kStart + Millis{50});
    patience.welcomed();
    EXPECT_EQ(patience.due(), kStart + Millis{100});
}

TEST(Patience, WithAMessageCountsFromItsBeginning) {
    Patience patience(kDeadlines, Patience::Opened::ByPeer, kStart);
    patience.welcomed();
    patience.message_began(kStart + Millis{10});
    EXPECT_TRUE(patience.is_in_message());
    EXPECT_EQ(patience.due(), kStart + Millis{16});
    patience.message_ended();
    EXPECT_EQ(patience.due(), kStart + Millis{100});
}

TEST(Patience, WithAPeerThatTakesNothingCountsFromTheFirstTime) {
    Patience patience(kDeadlines, Patience::Opened::ByPeer, kStart);
    patience.welcomed();
    patience.stuck(kStart + Millis{10});
    patience.stuck(kStart + Millis{15});
    EXPECT_EQ(patience.due(), kStart + Millis{17});
    patience.moved();
    patience.stuck(kStart + Millis{20});
    EXPECT_EQ(patience.due(), kStart + Millis{27});
}

TEST(Seats, AreCountedByAddressAndInAllOfEachKindApart) {
    Seats seats(
        {.known = 3, .known_per_peer = 2, .dialled = 1, .strangers = 2, .strangers_per_peer = 1});
    EXPECT_TRUE(seats.take(Seat::Known, ip(1)));
    EXPECT_TRUE(seats.take(Seat::Known, ip(1)));
    EXPECT_FALSE(seats.take(Seat::Known, ip(1)));
    EXPECT_TRUE(seats.take(Seat::Known, ip(2)));
    EXPECT_FALSE(seats.take(Seat::Known, ip(3)));
    EXPECT_TRUE(seats.take(Seat::Stranger, ip(1)));
    EXPECT_FALSE(seats.take(Seat::Stranger, ip(1)));
    EXPECT_TRUE(seats.take(Seat::Stranger, ip(4)));
    EXPECT_FALSE(seats.take(Seat::Stranger, ip(5)));
    EXPECT_TRUE(seats.take(Seat::Dialled, ip(1)));
    EXPECT_FALSE(seats.take(Seat::Dialled, ip(2)));
    EXPECT_EQ(seats.taken(Seat::Known), 3U);
    EXPECT_EQ(seats.taken(Seat::Stranger), 2U);
    EXPECT_EQ(seats.taken(Seat::Dialled), 1U);
    seats.leave(Seat::Known, ip(1));
    EXPECT_TRUE(seats.take(Seat::Known, ip(3)));
}

TEST(LimitsWithin, AreTheUsualOnesIfThereIsRoom) {
    const ConnectionLimits usual;
    const ConnectionLimits limits = limits_within(10'000);
    EXPECT_EQ(limits.known, usual.known);
    EXPECT_EQ(limits.known_per_peer, usual.known_per_peer);
    EXPECT_EQ(limits.dialled, usual.dialled);
    EXPECT_EQ(limits.dialled_per_peer, usual.dialled_per_peer);
    EXPECT_EQ(limits.strangers, usual.strangers);
    EXPECT_EQ(limits.strangers_per_peer, usual.strangers_per_peer);
}

TEST(LimitsWithin, NeverPassWhatThereIsAndLeaveNobodyOut) {
    for (std::size_t room = 4; room < 2200; ++room) {
        const ConnectionLimits limits = limits_within(room);
        EXPECT_LE(limits.known + limits.dialled + limits.strangers, room);
        for (const std::size_t one :
             {limits.known, limits.known_per_peer, limits.dialled, limits.dialled_per_peer,
              limits.strangers, limits.strangers_per_peer}) {
            EXPECT_GE(one, 1U) << room;
        }
    }
    EXPECT_EQ(limits_within(0).known, 1U);
    EXPECT_EQ(limits_within(64).known, 24U);
    EXPECT_EQ(limits_within(64).dialled, 24U);
    EXPECT_EQ(limits_within(64).strangers, 16U);
}

TEST(StreamQueue, KnowsWhatHasLeftAndWhatHasNot) {
    QueueBudget budget{.most = 100, .used = 0};
    StreamQueue queue(100, budget);
    EXPECT_TRUE(queue.push(transaction::Key{1}, "first"));
    EXPECT_TRUE(queue.push({}, "ping"));
    EXPECT_TRUE(queue.push(transaction::Key{2}, "second"));
    queue.took(5);
    EXPECT_EQ(queue.waiting(), "pingsecond");
    EXPECT_THAT(queue.unsent(), ElementsAre(transaction::Key{2}));
    EXPECT_THAT(queue.all(), ElementsAre(transaction::Key{2}, transaction::Key{1}));
    queue.took(9);
    EXPECT_THAT(queue.unsent(), ElementsAre(transaction::Key{2})) << "half of it has left";
    queue.took(1);
    EXPECT_THAT(queue.unsent(), IsEmpty());
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(budget.used, 0U);
}

TEST(StreamQueue, KeepsToItsSizeAndToTheBudgetOfAll) {
    QueueBudget budget{.most = 15, .used = 0};
    StreamQueue one(10, budget);
    {
        StreamQueue other(10, budget);
        EXPECT_TRUE(one.push({}, "0123456789"));
        EXPECT_FALSE(one.push({}, "x"));
        EXPECT_FALSE(other.push({}, "012345"));
        EXPECT_TRUE(other.push({}, "01234"));
        one.took(4);
        EXPECT_TRUE(one.push({}, "abcd"));
        EXPECT_EQ(one.waiting(), "456789abcd");
    }
    EXPECT_EQ(budget.used, 10U) << "one that is gone holds nothing";
}

TEST(StreamQueue, MovesThroughALongStreamWithoutGrowing) {
    QueueBudget budget{.most = 1000, .used = 0};
    StreamQueue queue(100, budget);
    std::string sent;
    std::string received;
    for (std::uint64_t i = 1; i < 5000; ++i) {
        const std::string text = std::to_string(i);
        ASSERT_TRUE(queue.push(transaction::Key{i}, text));
        sent += text;
        const std::size_t most = queue.waiting().size() > 50 ? queue.waiting().size() - 9 : 1;
        received += queue.waiting().substr(0, most);
        queue.took(most);
    }
    received += queue.waiting();
    EXPECT_EQ(received, sent);
    EXPECT_LE(queue.all().size(), 4096U + 60U);
}

}  // namespace
}  // namespace causeway::transport
