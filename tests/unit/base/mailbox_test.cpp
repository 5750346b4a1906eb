#include "causeway/base/mailbox.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <memory>
#include <vector>

namespace causeway {
namespace {

bool is_ringing(int fd) {
    pollfd wait{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, 0) == 1;
}

TEST(Bell, RingsUntilItIsHushed) {
    Bell bell;
    EXPECT_FALSE(is_ringing(bell.fd()));
    bell.ring();
    bell.ring();
    EXPECT_TRUE(is_ringing(bell.fd()));
    bell.hush();
    EXPECT_FALSE(is_ringing(bell.fd()));
    bell.ring();
    EXPECT_TRUE(is_ringing(bell.fd()));
}

TEST(Bell, BearsAHushWithoutARing) {
    Bell bell;
    bell.hush();
    EXPECT_FALSE(is_ringing(bell.fd()));
    bell.ring();
    EXPECT_TRUE(is_ringing(bell.fd()));
}

TEST(Mailbox, GivesValuesBackInOrder) {
    Mailbox<int> box(4);
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 3; ++i) {
            EXPECT_TRUE(box.push(10 * round + i));
        }
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(box.pop(), 10 * round + i);
        }
        EXPECT_EQ(box.pop(), std::nullopt);
    }
}

TEST(Mailbox, RefusesWhenFullAndLeavesTheValueAlone) {
    Mailbox<std::unique_ptr<int>> box(3);  // rounded up to 4
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(box.push(std::make_unique<int>(i)));
    }
    auto fifth = std::make_unique<int>(4);
    EXPECT_FALSE(box.push(std::move(fifth)));
    ASSERT_NE(fifth, nullptr);
    EXPECT_EQ(**box.pop(), 0);
    EXPECT_TRUE(box.push(std::move(fifth)));
    EXPECT_EQ(fifth, nullptr);
}

TEST(Mailbox, RingsForEachBatch) {
    Mailbox<int> box(8);
    EXPECT_FALSE(is_ringing(box.fd()));
    EXPECT_TRUE(box.push(1));
    EXPECT_TRUE(box.push(2));
    EXPECT_TRUE(is_ringing(box.fd()));
    box.hush();
    EXPECT_FALSE(is_ringing(box.fd()));
    EXPECT_EQ(box.pop(), 1);
    EXPECT_EQ(box.pop(), 2);
    EXPECT_TRUE(box.push(3));
    EXPECT_TRUE(is_ringing(box.fd()));
}

TEST(Mailbox, DestroysWhatWasNeverRead) {
    auto value = std::make_shared<int>(1);
    {
        Mailbox<std::shared_ptr<int>> box(4);
        EXPECT_TRUE(box.push(std::shared_ptr<int>(value)));
        EXPECT_EQ(value.use_count(), 2);
    }
    EXPECT_EQ(value.use_count(), 1);
}

TEST(Mailbox, KeepsNothingOfAValueThatWasRead) {
    auto value = std::make_shared<int>(1);
    Mailbox<std::shared_ptr<int>> box(4);
    EXPECT_TRUE(box.push(std::shared_ptr<int>(value)));
    box.pop().reset();
    EXPECT_EQ(value.use_count(), 1);
}

}  // namespace
}  // namespace causeway
