#pragma once

#include "counters.hpp"
#include "messages.hpp"

#include "causeway/base/mailbox.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/thread_check.hpp"
#include "causeway/base/time.hpp"
#include "causeway/port/clock.hpp"
#include "causeway/port/fast_path.hpp"
#include "causeway/relay/flow_table.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

namespace causeway::relay {

/// One relay thread: level-triggered epoll over the sockets of its flows, one recv and one send a
/// packet, one clock reading a round.
///
/// After a stall of ours what has queued up meanwhile is dropped: the far end's jitter buffer would
/// play it as an echo of the past.
///
/// Thread: constructed, `start`, `post` and destroyed on sip; the rest its own.
/// Owns: its flows, their sockets, its fast path. Fails: `post` when the mailbox is full.
class MediaThread final : private FlowTable::Listener {
public:
    struct Options {
        unsigned index{};
        std::size_t interfaces{};
        std::size_t mailbox{};
        std::unique_ptr<port::FastPath> fast_path;
    };

    MediaThread(Options options, const port::Clock& clock, Mailbox<Answer>& answers);
    ~MediaThread() override;
    MediaThread(const MediaThread&) = delete;
    MediaThread& operator=(const MediaThread&) = delete;
    MediaThread(MediaThread&&) = delete;
    MediaThread& operator=(MediaThread&&) = delete;

    [[nodiscard]] Result<void> start();
    /// False: full, and the command is untouched; an answer `Room` will come.
    [[nodiscard]] bool post(Command&& command, Urgency urgency);
    [[nodiscard]] const Counters& counters() const { return counters_; }

private:
    struct Place {
        FlowId flow;
        Sockets sockets;
        std::array<std::size_t, 2> interfaces{};
    };
    /// One socket's event: its flow's place and which of the four.
    struct Source {
        Place* place{};
        std::size_t socket{};
    };

    void run();
    void obey();
    void on(BeginFlow&& command);
    void on(ConnectFlow&& command);
    void on(CloseFlow&& command);
    void on(CountFlow&& command);
    void on(Stop&& command);

    [[nodiscard]] Source find(std::uint64_t tag) noexcept;
    [[nodiscard]] Place* find(FlowId flow) noexcept;
    [[nodiscard]] bool relay_one(const Source& source) noexcept;
    void drop_backlog() noexcept;
    void drop_backlog(Place& place) noexcept;
    void count(const Source& source, const Result<Endpoint, rtp::Drop>& to) noexcept;

    void on_locked(FlowId flow, rtp::End end, const Endpoint& source) noexcept override;
    void on_released(FlowId flow, rtp::End end) noexcept override;
    void on_silent(FlowId flow, rtp::End end) noexcept override;

    void answer(const Answer& answer);
    void flush_answers();
    [[nodiscard]] int patience() const;

    enum class Fate : std::uint8_t { Send, Discard };
    void carry(const Source& source, const Datagram& datagram, Fate fate) noexcept;

    // Passed by argument.
    const unsigned index_;
    const port::Clock& clock_;
    Mailbox<Answer>& answers_;
    std::unique_ptr<port::FastPath> fast_path_;
    // Its own.
    Mailbox<Command> commands_;
    std::atomic<bool> is_room_wanted_{};
    std::atomic<bool> is_stopping_{};
    Counters counters_;
    ThreadCheck thread_;
    int epoll_{-1};
    FlowTable table_;
    std::vector<std::unique_ptr<Place>> places_;  ///< by slot
    std::deque<Answer> unsent_;                   ///< answers that found the mailbox full
    bool has_commands_{};                         ///< more than one round's worth
    Time now_{};
    Time next_tick_{};
    std::array<std::byte, 2048> buffer_{};
    std::thread runner_;
};

}  // namespace causeway::relay
