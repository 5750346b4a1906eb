#include "cdr_file.hpp"

#include "causeway/base/log.hpp"
#include "causeway/base/mailbox.hpp"
#include "causeway/telemetry/telemetry.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

namespace causeway::telemetry {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kCapacity = 16384;
constexpr std::chrono::minutes kComplaint{1};

class Writer final : public CdrWriter {
public:
    Writer(const std::string& path, Observer observer)
        : file_(std::make_unique<CdrFile>(path)), observer_(std::move(observer)) {}
    ~Writer() override { write_all(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    Writer(Writer&&) = delete;
    Writer& operator=(Writer&&) = delete;

    [[nodiscard]] Result<void> open() { return file_->open(); }

    void emit(port::CallRecord record) noexcept override {
        if (!box_.push(std::make_unique<const port::CallRecord>(std::move(record)))) {
            lost_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    Result<void> move_to(const std::string& path) override;
    std::uint64_t lost() const noexcept override { return lost_.load(std::memory_order_relaxed); }
    bool is_writable() const noexcept override { return writable_.load(std::memory_order_relaxed); }

    int fd() const noexcept override { return box_.fd(); }
    void pump() override { write_all(); }
    void probe() override {
        if (!is_writable()) {
            look();
        }
    }

private:
    /// Boxed: sixteen thousand records by value would hold 12 MB from the start.
    using Record = std::unique_ptr<const port::CallRecord>;
    using NextFile = std::unique_ptr<CdrFile>;

    void write_all();
    void on(const Record& record);
    void on(NextFile& file);
    void look();
    void failed(const Error& error);
    void recovered();

    std::unique_ptr<CdrFile> file_;
    Observer observer_;
    Mailbox<std::variant<Record, NextFile>> box_{kCapacity};
    std::atomic<std::uint64_t> lost_{};
    std::atomic<bool> writable_{true};
    std::optional<Time> complained_;  ///< when `cdr.unwritable` was last logged
    bool announced_{};                ///< it was logged, and `cdr.writable` not since
};

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

void Writer::write_all() {
    box_.hush();
    while (auto next = box_.pop()) {
        std::visit([this](auto& each) { on(each); }, *next);
    }
}

void Writer::on(NextFile& file) {
    file_ = std::move(file);
    probe();
}

void Writer::on(const Record& record) {
    if (const Result<void> written = file_->append(to_json(*record)); !written) {
        lost_.fetch_add(1, std::memory_order_relaxed);
        failed(written.error());
    } else if (!is_writable()) {
        recovered();
    }
    if (observer_) {
        observer_(*record);
    }
}

void Writer::look() {
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

Result<std::unique_ptr<CdrWriter>> make_cdr_writer(const std::string& path,
                                                   CdrWriter::Observer observer) {
    auto writer = std::make_unique<Writer>(path, std::move(observer));
    if (Result<void> opened = writer->open(); !opened) {
        return tl::make_unexpected(std::move(opened).error());
    }
    return writer;
}

}  // namespace causeway::telemetry
