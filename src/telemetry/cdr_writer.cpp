#include "cdr_file.hpp"

#include "causeway/base/log.hpp"
#include "causeway/base/mailbox.hpp"
#include "causeway/telemetry/telemetry.hpp"

#include <poll.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

namespace causeway::telemetry {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kCapacity = 16384;
/// After a wakeup records may gather this long: at most twenty wakeups a second whatever the load,
/// and a tenth of the 500 ms that a line may take.
constexpr Millis kGather{50};
/// How often a file that failed is tried while no record comes. Readiness hangs on it: without
/// calls there would be no record, and without readiness no calls.
constexpr Millis kProbe{1000};
constexpr std::chrono::minutes kComplaint{1};
constexpr Millis kForever{-1};

class Writer final : public CdrWriter {
public:
    explicit Writer(const std::string& path) : file_(std::make_unique<CdrFile>(path)) {}
    ~Writer() override {
        stop_.ring();
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    Writer(Writer&&) = delete;
    Writer& operator=(Writer&&) = delete;

    Result<void> start();

    void emit(port::CallRecord record) noexcept override {
        if (!box_.push(std::make_unique<const port::CallRecord>(std::move(record)))) {
            lost_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    Result<void> move_to(const std::string& path) override;
    std::uint64_t lost() const noexcept override { return lost_.load(std::memory_order_relaxed); }
    bool is_writable() const noexcept override { return writable_.load(std::memory_order_relaxed); }

private:
    enum class Woken : std::uint8_t { Stop, Record, Timeout };

    void run();
    /// Waits for `stop_`, and for a record if `box` says so.
    Woken wait(Millis timeout, int box) const;
    /// Boxed: sixteen thousand records by value would hold 12 MB from the start.
    using Record = std::unique_ptr<const port::CallRecord>;
    using NextFile = std::unique_ptr<CdrFile>;

    void drain();
    void on(const Record& record);
    void on(NextFile& file);
    void probe();
    void failed(const Error& error);
    void recovered();

    std::unique_ptr<CdrFile> file_;
    Mailbox<std::variant<Record, NextFile>> box_{kCapacity};
    Bell stop_;
    std::atomic<std::uint64_t> lost_{};
    std::atomic<bool> writable_{true};
    std::optional<Time> complained_;  ///< when `cdr.unwritable` was last logged
    bool announced_{};                ///< it was logged, and `cdr.writable` not since
    std::thread thread_;
};

Result<void> Writer::start() {
    if (Result<void> opened = file_->open(); !opened) {
        return opened;
    }
    // Signals are the main thread's; SIGXFSZ and SIGPIPE here would end the daemon for a file.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    Result<void> started;
    try {
        thread_ = std::thread([this] { run(); });
        pthread_setname_np(thread_.native_handle(), "ctl");
    } catch (const std::system_error& error) {
        started = fail(Errc::Io, std::string("the CDR thread does not start: ") + error.what());
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

Result<void> Writer::move_to(const std::string& path) {
    auto file = std::make_unique<CdrFile>(path);
    if (Result<void> opened = file->open(); !opened) {
        return opened;
    }
    if (!box_.push(std::move(file))) {
        return fail(Errc::Exhausted, path + ": too many records wait to be written");
    }
    return {};
}

Writer::Woken Writer::wait(Millis timeout, int box) const {
    std::array<pollfd, 2> watched{pollfd{stop_.fd(), POLLIN, 0}, pollfd{box, POLLIN, 0}};
    const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(timeout.count()));
    if (watched[0].revents != 0) {
        return Woken::Stop;
    }
    return ready > 0 ? Woken::Record : Woken::Timeout;
}

void Writer::run() {
    constexpr int kNoBox = -1;  // poll(2) passes over negative descriptors
    for (;;) {
        const Woken woken = wait(is_writable() ? kForever : kProbe, box_.fd());
        if (woken == Woken::Timeout) {
            probe();
            continue;
        }
        if (woken == Woken::Stop) {
            break;
        }
        drain();
        if (wait(kGather, kNoBox) == Woken::Stop) {
            break;
        }
    }
    drain();
}

void Writer::drain() {
    box_.hush();
    while (auto next = box_.pop()) {
        std::visit([this](auto& each) { on(each); }, *next);
    }
}

void Writer::on(NextFile& file) {
    file_ = std::move(file);
    if (!is_writable()) {
        probe();
    }
}

void Writer::on(const Record& record) {
    if (const Result<void> written = file_->append(to_json(*record)); !written) {
        lost_.fetch_add(1, std::memory_order_relaxed);
        failed(written.error());
    } else if (!is_writable()) {
        recovered();
    }
}

void Writer::probe() {
    if (file_->has_room()) {
        recovered();
    }
}

void Writer::failed(const Error& error) {
    writable_.store(false, std::memory_order_relaxed);
    const Time now = SteadyClock::now();
    if (!complained_ || now - *complained_ >= kComplaint) {
        complained_ = now;
        announced_ = true;
        log::error("cdr.unwritable", {{"error", error.what}, {"lost", lost()}});
    }
}

void Writer::recovered() {
    writable_.store(true, std::memory_order_relaxed);
    if (std::exchange(announced_, false)) {
        log::info("cdr.writable", {{"lost", lost()}});
    }
}

}  // namespace

Result<std::unique_ptr<CdrWriter>> make_cdr_writer(const std::string& path) {
    auto writer = std::make_unique<Writer>(path);
    if (Result<void> started = writer->start(); !started) {
        return tl::make_unexpected(started.error());
    }
    return writer;
}

}  // namespace causeway::telemetry
