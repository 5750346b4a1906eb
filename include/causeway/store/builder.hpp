#pragma once

#include "causeway/base/mailbox.hpp"
#include "causeway/base/result.hpp"
#include "causeway/config/config.hpp"
#include "causeway/port/config_store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

namespace causeway::store {

/// The `build` thread: configurations are read, built and freed there, at a lower priority (nice
/// +10), so that calls never wait for either. One reading at a time; who asks during one gets the
/// next, together with everybody else who has asked by then.
/// Thread: sip (its owner's), but for what `Options` says.
/// Owns: the store and the thread. The destructor waits for the reading that is under way.
class Builder {
public:
    using Loaded = Result<config::Configuration, std::vector<config::Problem>>;

    struct Options {
        std::unique_ptr<port::ConfigStore> store;
        /// Called on the build thread with what was read, before it is handed over: for what may
        /// block, and may still refuse it. May be empty.
        std::function<void(Loaded& loaded)> finish;
    };
    /// What became of one reading.
    struct Built {
        std::uint64_t reading{};  ///< from 1
        Loaded loaded;
    };

    explicit Builder(Options options);
    ~Builder();
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;
    Builder(Builder&&) = delete;
    Builder& operator=(Builder&&) = delete;

    /// Io: no thread can be had.
    [[nodiscard]] Result<void> start();

    /// Asks for the file to be read anew: the number of the reading that will have begun after
    /// this.
    std::uint64_t request();
    /// Frees what nobody uses any more.
    void retire(std::shared_ptr<const config::Snapshot> snapshot);

    /// Readable when `take` has something.
    [[nodiscard]] int fd() const { return built_.fd(); }
    /// The next finished reading. Call it until there is none.
    [[nodiscard]] std::optional<Built> take();

private:
    struct Read {
        std::uint64_t reading{};
    };
    using Retired = std::shared_ptr<const config::Snapshot>;
    using Order = std::variant<Read, Retired>;

    void run();
    void obey();
    void on(const Read& order);
    void on(Retired& order) { order.reset(); }
    void give(Order order);

    Options options_;
    Mailbox<Order> orders_;
    Mailbox<Built> built_;
    Bell stop_;
    std::uint64_t reading_{};  ///< the newest that was ordered
    bool is_busy_{};           ///< it has not been taken yet
    bool is_wanted_again_{};
    std::thread thread_;
};

}  // namespace causeway::store
