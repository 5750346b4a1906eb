#pragma once

#include "causeway/b2bua/story.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/config/config.hpp"
#include "causeway/port/clock.hpp"
#include "causeway/port/event_sink.hpp"
#include "causeway/port/figures.hpp"
#include "causeway/port/media_relay.hpp"
#include "causeway/port/operations.hpp"
#include "causeway/port/wire.hpp"
#include "causeway/transaction/layer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::b2bua {

struct Options {
    Secret secret{};
    std::vector<config::Interface> interfaces;
    std::shared_ptr<const config::Snapshot> config;
    transaction::Timers timers{};
    /// Beyond it new calls are refused `no_capacity`, before anything is kept of them.
    std::size_t max_calls{100000};
    /// Likewise; beyond it requests inside dialogs are refused too, BYE excepted. A transaction is
    /// kept for 32 s, in about 1 kB: this is the bound of what peers that we know can make us keep.
    std::size_t max_transactions{1'000'000};
    /// Tenants whose calls are counted apart; those of all others count as `other`.
    std::size_t max_tenants{1000};
};

/// What is alive, for tests and status. All zero after every call has ended and timers have run.
struct Census {
    std::size_t calls{};
    std::size_t dialogs{};
    std::size_t flows{};
    std::size_t timers{};
    std::size_t transactions{};        ///< lingering ones included
    std::uint64_t calls_per_second{};  ///< admitted in the last full second
};

/// What has happened, for metrics.
struct Counters {
    std::uint64_t received{};   ///< messages read
    std::uint64_t strangers{};  ///< dropped before parsing
    std::uint64_t malformed{};  ///< dropped: not SIP
    std::uint64_t invites{};    ///< admitted
    std::uint64_t rejected{};   ///< by any stage
    std::uint64_t answered{};
    std::uint64_t finished{};
};

/// The signalling plane: messages and media events in, messages, media commands and call records
/// out. It conducts the pure modules and decides nothing itself. Thread: sip. Owns: transactions,
/// dialogs, calls, timers. Deterministic: the same messages, times, configuration and secret yield
/// the same bytes.
class Engine : public port::Wire::Listener, public port::MediaRelay::Listener {
public:
    /// Gives it hands; before the first message.
    virtual void attach(port::Wire& wire, port::MediaRelay& media) = 0;
    /// A new snapshot for calls to come; running calls keep their plan. Returns the old one, for
    /// its owner to free elsewhere: that takes too long here. Between two entries.
    [[nodiscard]] virtual std::shared_ptr<const config::Snapshot> configure(
        std::shared_ptr<const config::Snapshot> config) = 0;

    /// When `advance` has something to do; empty: never.
    [[nodiscard]] virtual std::optional<Time> deadline() const = 0;
    virtual void advance() = 0;

    /// New calls get 503 from now on, until `undrain`.
    virtual void drain() = 0;
    virtual void undrain() = 0;
    /// Ends every call at once: answered ones by BYE on both legs, without waiting for an ACK that
    /// is missing, others by a final answer. `reason` is a constant token.
    virtual void hang_up_all(std::string_view reason, call::Cause cause) = 0;
    /// Ends one call with the reason `hangup`, as `port::Operations::hang_up` says. NotFound.
    [[nodiscard]] virtual Result<void> hang_up(CallId id) = 0;

    /// Live calls, a part at a time: some 10 µs each (the caches are cold).
    [[nodiscard]] virtual port::CallPage calls(const port::CallQuery& query) const = 0;
    /// NotFound: no live call.
    [[nodiscard]] virtual Result<port::CallView> call(CallId id) const = 0;

    /// Asks the relay what the audio of live calls has counted so far, for the `snapshots` after
    /// its answers.
    virtual void count_media() = 0;
    /// Every answered call as bytes (`call::Snapshot`), by ascending id. Calls in set-up are left
    /// out. Between two entries.
    [[nodiscard]] virtual std::vector<std::string> snapshots() const = 0;
    /// Takes up a call from its snapshot, with the same interfaces: timers, legs and ports go on;
    /// media timeouts count anew. If its ports cannot be had both legs get BYE. Malformed,
    /// Unsupported: no snapshot of ours, or of an interface we do not have; Exhausted: too many
    /// calls, or this one is here already. After `attach`.
    [[nodiscard]] virtual Result<CallId> restore(std::string_view snapshot) = 0;

    /// Why something went as it did: `last`, a call's id, the SIP Call-ID of a leg, a number in any
    /// spelling (its last four digits are enough), or the address of a source. Remembered are the
    /// last 1,000 calls, 256 refusals and up to 1,024 strangers, in at most 32 MiB of whole
    /// messages and 4 kB beside them for each. Empty: nothing is known of it.
    [[nodiscard]] virtual std::optional<Story> why(std::string_view subject) const = 0;

    [[nodiscard]] virtual Census census() const = 0;
    [[nodiscard]] virtual Counters counters() const = 0;
    /// What metrics show of it. Copies a few hundred bytes and a hundred for each tenant.
    [[nodiscard]] virtual port::Figures figures() const = 0;
};

/// `clock` and `sink` must outlive the engine.
std::unique_ptr<Engine> make_engine(Options options, const port::Clock& clock,
                                    port::EventSink& sink);

}  // namespace causeway::b2bua
