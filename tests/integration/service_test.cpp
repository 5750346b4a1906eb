// What the service manager hears, and when it hears nothing.
#include "service.hpp"

#include "integration/notify_socket.hpp"
#include "support/ua/process.hpp"
#include "watchdog.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

namespace causeway::app {
namespace {

using Messages = std::vector<std::string>;

class ServiceTest : public ::testing::Test {
protected:
    ServiceTest() : notify(directory.path() + "/notify") {
        ::setenv("NOTIFY_SOCKET", notify.path().c_str(), 1);
    }
    ~ServiceTest() override {
        ::unsetenv("NOTIFY_SOCKET");
        ::unsetenv("WATCHDOG_USEC");
    }
    ServiceTest(const ServiceTest&) = delete;
    ServiceTest& operator=(const ServiceTest&) = delete;
    ServiceTest(ServiceTest&&) = delete;
    ServiceTest& operator=(ServiceTest&&) = delete;

    boost::asio::io_context io;
    causeway::testing::TemporaryDirectory directory;
    causeway::testing::NotifySocket notify;
};

TEST_F(ServiceTest, SaysWhereAReloadStands) {
    Service service(io);
    const auto before = std::chrono::steady_clock::now().time_since_epoch();
    service.reloading();
    service.reloaded("configuration 2");
    service.stopping();
    service.reloading();  // a stopping service does not come back
    service.reloaded("configuration 3");
    const Messages said = notify.messages();
    ASSERT_EQ(said.size(), 3U);
    const std::string head = "RELOADING=1\nMONOTONIC_USEC=";
    ASSERT_EQ(said[0].substr(0, head.size()), head);
    EXPECT_GE(std::chrono::microseconds(std::stoll(said[0].substr(head.size()))),
              std::chrono::floor<std::chrono::microseconds>(before));
    EXPECT_EQ(said[1], "READY=1\nSTATUS=configuration 2");
    EXPECT_EQ(said[2], "STOPPING=1\nSTATUS=draining");
}

// Observed: with ten words unread in its queue sd_notify(3) held the signalling thread for good.
TEST_F(ServiceTest, NeverWaitsForAManagerThatDoesNotRead) {
    constexpr int kWords =
        300;  // more than any queue of the kernel's takes (net.unix.max_dgram_qlen)
    Service service(io);
    for (int i = 0; i < kWords; ++i) {
        service.reloading();
    }
    service.reloaded("the last word");
    service.alive();
    Messages said = notify.messages();
    EXPECT_LT(said.size(), static_cast<std::size_t>(kWords));
    while (said.back() != "READY=1\nSTATUS=the last word") {
        ASSERT_EQ(io.run_one_for(std::chrono::seconds(10)), 1U);
        said = notify.messages();
    }
    EXPECT_EQ(std::count(said.begin(), said.end(), "WATCHDOG=1"), 0) << "too late to be true";
}

TEST_F(ServiceTest, IsSilentWithoutAManager) {
    ::unsetenv("NOTIFY_SOCKET");
    Service service(io);
    service.ready();
    service.alive();
    EXPECT_EQ(io.poll(), 0U) << "it waits for nobody";
    EXPECT_TRUE(notify.messages().empty());
}

TEST_F(ServiceTest, KnowsHowOftenTheManagerWantsToHear) {
    EXPECT_FALSE(Service::watchdog());
    ::setenv("WATCHDOG_USEC", "2000000", 1);
    EXPECT_EQ(Service::watchdog(), Millis{2000});
}

TEST_F(ServiceTest, IsSilentWhileAThreadStandsStill) {
    Service service(io);
    Watchdog watchdog(io, service, Millis{40});
    int looks = 0;
    bool moves = true;
    watchdog.watch("one", [&] { return moves; });
    watchdog.watch("two", [&] {
        ++looks;
        return true;
    });
    watchdog.start();
    const auto look = [&](int times) {
        for (const int until = looks + times; looks < until;) {
            io.run_one_for(std::chrono::seconds(10));
        }
    };
    look(2);
    EXPECT_EQ(notify.messages(), (Messages{"WATCHDOG=1", "WATCHDOG=1"}));
    moves = false;
    look(3);
    EXPECT_EQ(notify.messages().size(), 2U);
    moves = true;
    look(1);
    EXPECT_EQ(notify.messages().size(), 3U);
}

}  // namespace
}  // namespace causeway::app
