#include "causeway/store/builder.hpp"

#include "causeway/base/assert.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>
#include <utility>

namespace causeway::store {
namespace {

constexpr int kNiceness = 10;
/// At most one reading is under way, and each that succeeds retires one snapshot.
constexpr std::size_t kOrders = 16;

}  // namespace

Builder::Builder(Options options)
    : options_(std::move(options)), orders_(kOrders), built_(kOrders) {}

Builder::~Builder() {
    stop_.ring();
    if (thread_.joinable()) {
        thread_.join();
    }
}

Result<void> Builder::start() {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);  // signals are the main thread's
    pthread_sigmask(SIG_SETMASK, &all, &before);
    Result<void> started;
    try {
        thread_ = std::thread([this] { run(); });
        pthread_setname_np(thread_.native_handle(), "build");
    } catch (const std::system_error& error) {
        started = fail(Errc::Io, std::string("the build thread does not start: ") + error.what());
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

std::uint64_t Builder::request() {
    if (is_busy_) {
        is_wanted_again_ = true;
        return reading_ + 1;
    }
    is_busy_ = true;
    give(Read{++reading_});
    return reading_;
}

void Builder::retire(std::shared_ptr<const config::Snapshot> snapshot) {
    give(std::move(snapshot));
}

void Builder::give(Order order) {
    CAUSEWAY_ASSERT(orders_.push(std::move(order)));
}

std::optional<Builder::Built> Builder::take() {
    built_.hush();
    std::optional<Built> built = built_.pop();
    if (built) {
        is_busy_ = false;
        if (std::exchange(is_wanted_again_, false)) {
            (void)request();
        }
    }
    return built;
}

void Builder::run() {
    // Of this thread alone, as Linux has it; if it is refused, it is as nice as the others.
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
    std::array<pollfd, 2> watched{pollfd{stop_.fd(), POLLIN, 0}, pollfd{orders_.fd(), POLLIN, 0}};
    while (watched[0].revents == 0) {
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) {
            return;
        }
        if (watched[1].revents != 0) {
            obey();
        }
    }
}

void Builder::obey() {
    orders_.hush();
    while (auto order = orders_.pop()) {
        std::visit([this](auto& each) { on(each); }, *order);
    }
}

void Builder::on(const Read& order) {
    Loaded loaded = options_.store->load();
    if (options_.finish) {
        options_.finish(loaded);
    }
    CAUSEWAY_ASSERT(built_.push(Built{order.reading, std::move(loaded)}));
}

}  // namespace causeway::store
