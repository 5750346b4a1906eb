#include "causeway/relay/relay.hpp"

#include "line.hpp"
#include "media_thread.hpp"
#include "messages.hpp"
#include "socket.hpp"

#include "causeway/base/assert.hpp"
#include "causeway/base/log.hpp"
#include "causeway/base/mailbox.hpp"
#include "causeway/base/thread_check.hpp"
#include "causeway/relay/flow_key.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace causeway::relay {
namespace {

/// What the sip thread knows of a flow. Until it is first connected there is nothing to relay, and
/// its thread need not know of it: a call that is not answered never wakes one.
struct Held {
    enum class Phase : std::uint8_t { Free, Open, Connected, Closing };
    Phase phase{};
    FlowId flow;
    std::array<std::size_t, 2> lines{};
    std::array<std::uint16_t, 2> ports{};
    std::array<Socket, 2> rtp;  ///< while open
};

/// A relay thread as the sip thread sees it.
struct Shard {
    std::unique_ptr<MediaThread> thread;
    std::vector<Held> flows;  ///< by slot
    std::vector<std::uint32_t> free_slots;
    std::deque<Command> waiting;  ///< commands that found the mailbox full, in order
    std::size_t open{};
    std::uint64_t rounds{};  ///< when its owner last looked
};

class SocketRelay final : public Relay {
public:
    SocketRelay(const Options& options, port::MediaRelay::Listener& listener,
                const port::Clock& clock)
        : options_(options),
          listener_(listener),
          clock_(clock),
          answers_(std::max<std::size_t>(options.mailbox, 16)) {
        for (const Interface& each : options.interfaces) {
            lines_.emplace_back(each, options.dscp);
        }
    }

    Result<void> start(unsigned threads);

    Result<Opened> open(InterfaceId a, InterfaceId b) override;
    Result<Opened> adopt(InterfaceId a, std::uint16_t a_port, InterfaceId b,
                         std::uint16_t b_port) override;
    void connect(FlowId flow, const Side& a, const Side& b) override;
    void close(Ticket ticket, FlowId flow) override;
    void count(FlowId flow) override;
    [[nodiscard]] Usage usage(InterfaceId interface) const override;

    [[nodiscard]] int fd() const override { return answers_.fd(); }
    void pump() override;
    void mark(std::uint8_t dscp) override {
        for (Line& line : lines_) {
            line.mark(dscp);
        }
    }
    [[nodiscard]] bool has_moved() override;
    [[nodiscard]] Totals totals() const override;
    [[nodiscard]] unsigned threads() const override {
        return static_cast<unsigned>(shards_.size());
    }

private:
    [[nodiscard]] std::optional<std::size_t> line_of(InterfaceId interface) const;
    template <class Bind>
    Result<Opened> reserve_pairs(InterfaceId a, InterfaceId b, Bind bind);
    void bind_rtcp(const Held& held, Sockets& sockets);
    void begin(Held& held, const Side& a, const Side& b);
    [[nodiscard]] std::uint32_t least_loaded() const;
    FlowId reserve(std::uint32_t shard);
    [[nodiscard]] Held* find(FlowId flow);
    void send(Shard& shard, Command&& command, Urgency urgency);
    void send_waiting(Shard& shard);
    void release(const Held& held);

    void on(const Closed& answer);
    void on(const Counted& answer);
    void on(const Silent& answer);
    void on(const Room& answer);

    Options options_;
    port::MediaRelay::Listener& listener_;
    const port::Clock& clock_;
    ThreadCheck thread_;
    std::vector<Line> lines_;
    Mailbox<Answer> answers_;
    std::deque<Closed> closed_;  ///< answers of ours that found the mailbox full
    std::uint32_t generation_{};
    std::vector<Shard> shards_;  ///< last: their threads end before what they use
};

Result<void> SocketRelay::start(unsigned threads) {
    shards_.resize(threads);
    for (unsigned i = 0; i < threads; ++i) {
        MediaThread::Options options{.index = i,
                                     .interfaces = lines_.size(),
                                     .mailbox = options_.mailbox,
                                     .fast_path = nullptr};
        if (options_.fast_path) {
            options.fast_path = options_.fast_path(i);
        }
        shards_[i].thread = std::make_unique<MediaThread>(std::move(options), clock_, answers_);
        Result<void> started = shards_[i].thread->start();
        if (!started) {
            return started;
        }
    }
    return {};
}

std::optional<std::size_t> SocketRelay::line_of(InterfaceId interface) const {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        if (lines_[i].interface().id == interface) {
            return i;
        }
    }
    return std::nullopt;
}

std::uint32_t SocketRelay::least_loaded() const {
    const auto least =
        std::min_element(shards_.begin(), shards_.end(),
                         [](const Shard& x, const Shard& y) { return x.open < y.open; });
    return static_cast<std::uint32_t>(least - shards_.begin());
}

FlowId SocketRelay::reserve(std::uint32_t shard) {
    Shard& at = shards_[shard];
    auto slot = static_cast<std::uint32_t>(at.flows.size());
    if (at.free_slots.empty()) {
        at.flows.emplace_back();
    } else {
        slot = at.free_slots.back();
        at.free_slots.pop_back();
    }
    generation_ = generation_ == 0xffffffffU ? 1 : generation_ + 1;
    return FlowKey{.generation = generation_, .thread = shard, .slot = slot}.id();
}

Result<port::MediaRelay::Opened> SocketRelay::open(InterfaceId a, InterfaceId b) {
    const Time now = clock_.now();
    return reserve_pairs(a, b, [now](Line& line, std::size_t) { return line.take(now); });
}

Result<port::MediaRelay::Opened> SocketRelay::adopt(InterfaceId a, std::uint16_t a_port,
                                                    InterfaceId b, std::uint16_t b_port) {
    const Time now = clock_.now();
    return reserve_pairs(a, b, [=](Line& line, std::size_t end) {
        return line.claim(end == 0 ? a_port : b_port, now);
    });
}

template <class Bind>
Result<port::MediaRelay::Opened> SocketRelay::reserve_pairs(InterfaceId a, InterfaceId b,
                                                            Bind bind) {
    CAUSEWAY_ASSERT(thread_.is_owner());
    const std::optional<std::size_t> line_a = line_of(a);
    const std::optional<std::size_t> line_b = line_of(b);
    if (!line_a || !line_b) {
        return fail(Errc::NotFound, "no such interface");
    }
    const std::uint32_t index = least_loaded();
    Shard& shard = shards_[index];
    if (!shard.waiting.empty()) {
        return fail(Errc::Exhausted, "the relay thread is overloaded");
    }
    Line& at_a = lines_[*line_a];
    Line& at_b = lines_[*line_b];
    CAUSEWAY_TRY(Pair pair_a, bind(at_a, 0));
    Result<Pair> pair_b = bind(at_b, 1);
    if (!pair_b) {
        at_a.give_back(pair_a.port, clock_.now());
        return tl::make_unexpected(std::move(pair_b).error());
    }
    const FlowId flow = reserve(index);
    shard.flows[FlowKey::of(flow).slot] =
        Held{.phase = Held::Phase::Open,
             .flow = flow,
             .lines = {*line_a, *line_b},
             .ports = {pair_a.port, pair_b->port},
             .rtp = {std::move(pair_a.rtp), std::move(pair_b->rtp)}};
    ++shard.open;
    return Opened{flow,
                  {at_a.interface().advertise, pair_a.port},
                  {at_b.interface().advertise, pair_b->port}};
}

void SocketRelay::release(const Held& held) {
    const FlowKey key = FlowKey::of(held.flow);
    const Time now = clock_.now();
    for (std::size_t i = 0; i < held.lines.size(); ++i) {
        lines_[held.lines[i]].give_back(held.ports[i], now);
    }
    shards_[key.thread].free_slots.push_back(key.slot);
}

Held* SocketRelay::find(FlowId flow) {
    const FlowKey key = FlowKey::of(flow);
    if (key.thread >= shards_.size() || key.slot >= shards_[key.thread].flows.size()) {
        return nullptr;
    }
    Held& held = shards_[key.thread].flows[key.slot];
    return held.flow == flow && held.phase != Held::Phase::Free ? &held : nullptr;
}

void SocketRelay::connect(FlowId flow, const Side& a, const Side& b) {
    CAUSEWAY_ASSERT(thread_.is_owner());
    Held* held = find(flow);
    if (held != nullptr && held->phase == Held::Phase::Open) {
        begin(*held, a, b);
    } else if (held != nullptr && held->phase == Held::Phase::Connected) {
        send(shards_[FlowKey::of(flow).thread], ConnectFlow{flow, a, b}, Urgency::Now);
    }
}

void SocketRelay::begin(Held& held, const Side& a, const Side& b) {
    BeginFlow command{
        .flow = held.flow, .local = {}, .sockets = {}, .interfaces = held.lines, .a = a, .b = b};
    command.local = {{lines_[held.lines[0]].interface().bind, held.ports[0]},
                     {lines_[held.lines[1]].interface().bind, held.ports[1]}};
    command.sockets[0] = std::move(held.rtp[0]);
    command.sockets[2] = std::move(held.rtp[1]);
    if (a.wants_rtcp && b.wants_rtcp) {
        bind_rtcp(held, command.sockets);
    }
    held.phase = Held::Phase::Connected;
    send(shards_[FlowKey::of(held.flow).thread], std::move(command), Urgency::Now);
}

/// RTCP only where both ends take part: LiveKit neither sends nor wants any, and two sockets a call
/// are a third of what its media costs to set up. Without it a call is none the worse.
void SocketRelay::bind_rtcp(const Held& held, Sockets& sockets) {
    const Time now = clock_.now();
    Socket a = lines_[held.lines[0]].bind_rtcp(held.ports[0], now);
    Socket b = a.is_open() ? lines_[held.lines[1]].bind_rtcp(held.ports[1], now) : Socket{};
    if (b.is_open()) {  // one alone would hear reports that it cannot pass on
        sockets[1] = std::move(a);
        sockets[3] = std::move(b);
    }
}

void SocketRelay::close(Ticket ticket, FlowId flow) {
    CAUSEWAY_ASSERT(thread_.is_owner());
    Held* held = find(flow);
    if (held != nullptr && held->phase == Held::Phase::Connected) {
        held->phase = Held::Phase::Closing;
        send(shards_[FlowKey::of(flow).thread], CloseFlow{ticket, flow}, Urgency::Tick);
        return;
    }
    const bool is_open = held != nullptr && held->phase == Held::Phase::Open;
    if (is_open) {
        held->phase = Held::Phase::Closing;
        held->rtp = {};
    }
    // Answered like any other close: later, from `pump`.
    const Closed answer{ticket, is_open ? flow : FlowId{}, {}};
    if (!answers_.push(Answer{answer})) {
        closed_.push_back(answer);
    }
}

void SocketRelay::count(FlowId flow) {
    CAUSEWAY_ASSERT(thread_.is_owner());
    const Held* held = find(flow);
    if (held != nullptr && held->phase == Held::Phase::Connected) {
        send(shards_[FlowKey::of(flow).thread], CountFlow{flow}, Urgency::Tick);
    }
}

port::MediaRelay::Usage SocketRelay::usage(InterfaceId interface) const {
    const std::optional<std::size_t> line = line_of(interface);
    return line ? Usage{lines_[*line].ports().in_use(), lines_[*line].ports().total()} : Usage{};
}

/// A command for a flow that exists is never lost: it waits here until its thread has room.
void SocketRelay::send(Shard& shard, Command&& command, Urgency urgency) {
    if (!shard.waiting.empty() || !shard.thread->post(std::move(command), urgency)) {
        shard.waiting.push_back(std::move(command));  // NOLINT(bugprone-use-after-move): untouched
    }
}

void SocketRelay::send_waiting(Shard& shard) {
    while (!shard.waiting.empty() &&
           shard.thread->post(std::move(shard.waiting.front()), Urgency::Now)) {
        shard.waiting.pop_front();
    }
}

void SocketRelay::pump() {
    CAUSEWAY_ASSERT(thread_.is_owner());
    answers_.hush();
    while (std::optional<Answer> answer = answers_.pop()) {
        std::visit([this](const auto& each) { on(each); }, *answer);
    }
    for (const Closed& closed : std::exchange(closed_, {})) {
        on(closed);
    }
}

void SocketRelay::on(const Closed& answer) {
    if (Held* held = find(answer.flow)) {
        held->phase = Held::Phase::Free;
        --shards_[FlowKey::of(answer.flow).thread].open;
        release(*held);
    }
    listener_.on_closed(answer.ticket, answer.stats);
}

void SocketRelay::on(const Counted& answer) {
    const Held* held = find(answer.flow);
    if (held != nullptr && held->phase == Held::Phase::Connected) {
        listener_.on_counted(answer.flow, answer.stats);
    }
}

void SocketRelay::on(const Silent& answer) {
    const Held* held = find(answer.flow);
    if (held != nullptr && held->phase == Held::Phase::Connected) {
        listener_.on_silent(answer.flow, answer.end);
    }
}

void SocketRelay::on(const Room& answer) {
    send_waiting(shards_[answer.thread]);
}

bool SocketRelay::has_moved() {
    bool all = true;
    for (Shard& shard : shards_) {
        const std::uint64_t rounds = shard.thread->counters().rounds.value();
        all = std::exchange(shard.rounds, rounds) != rounds && all;
    }
    return all;
}

Totals SocketRelay::totals() const {
    Totals totals;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        Totals::PerInterface sum{lines_[i].interface().id, 0};
        for (const Shard& shard : shards_) {
            sum.packets += shard.thread->counters().forwarded[i].value();
        }
        totals.interfaces.push_back(sum);
    }
    for (const Shard& shard : shards_) {
        for (std::size_t kind = 0; kind < rtp::kDropKinds; ++kind) {
            totals.dropped[kind] += shard.thread->counters().dropped[kind].value();
        }
    }
    return totals;
}

Result<unsigned> thread_count(const Options& options) {
    const unsigned wanted =
        options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    if (wanted > FlowKey::kMaxThreads) {
        return fail(Errc::Unsupported, "more than 256 relay threads");
    }
    return wanted;
}

}  // namespace

Result<std::unique_ptr<Relay>> make_relay(const Options& options,
                                          port::MediaRelay::Listener& listener,
                                          const port::Clock& clock) {
    CAUSEWAY_TRY(const unsigned threads, thread_count(options));
    auto relay = std::make_unique<SocketRelay>(options, listener, clock);
    if (Result<void> started = relay->start(threads); !started) {
        return tl::make_unexpected(std::move(started).error());
    }
    log::info("media.started", {{"threads", threads}, {"interfaces", options.interfaces.size()}});
    return std::unique_ptr<Relay>(std::move(relay));
}

}  // namespace causeway::relay
