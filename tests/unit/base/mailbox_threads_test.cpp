#include "causeway/base/mailbox.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>
#include <vector>

namespace causeway {
namespace {

constexpr int kWriters = 4;
constexpr int kEach = 20000;
constexpr int kPatience = 10000;  ///< ms without a ring: a wake-up was lost

struct Letter {
    int writer{};
    int number{};
    std::unique_ptr<int> payload;  ///< a torn or doubled cell shows under ASan and TSan
};

void write_letters(Mailbox<Letter>& box, int writer) {
    for (int number = 0; number < kEach; ++number) {
        Letter letter{writer, number, std::make_unique<int>(number)};
        while (!box.push(std::move(letter))) {
            std::this_thread::yield();
        }
    }
}

/// Reads as the daemon's threads do: wait for the descriptor, hush, drain.
void read_letters(Mailbox<Letter>& box, std::vector<int>& next) {
    for (int received = 0; received < kWriters * kEach;) {
        pollfd wait{.fd = box.fd(), .events = POLLIN, .revents = 0};
        ASSERT_EQ(::poll(&wait, 1, kPatience), 1) << "lost wake-up after " << received;
        box.hush();
        while (auto letter = box.pop()) {
            const auto writer = static_cast<std::size_t>(letter->writer);
            ASSERT_EQ(letter->number, next[writer]) << "order of one writer";
            ASSERT_EQ(*letter->payload, letter->number);
            ++next[writer];
            ++received;
        }
    }
}

TEST(MailboxThreads, LosesNothingAndNoWakeUp) {
    Mailbox<Letter> box(64);
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
        writers.emplace_back(write_letters, std::ref(box), writer);
    }
    std::vector<int> next(kWriters);
    read_letters(box, next);
    for (std::thread& writer : writers) {
        writer.join();
    }
    EXPECT_EQ(next, std::vector<int>(kWriters, kEach));
    EXPECT_FALSE(box.pop().has_value());
}

}  // namespace
}  // namespace causeway
