#include "media_thread.hpp"

#include "causeway/base/assert.hpp"
#include "causeway/base/log.hpp"
#include "causeway/relay/flow_key.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace causeway::relay {
namespace {

using rtp::End;

constexpr Millis kTick{100};
constexpr Millis kStall = kTick + Millis{200};  ///< this long between two rounds: we were away
constexpr int kRetryAnswers = 10;               ///< ms, while the sip thread's mailbox is full
constexpr int kEvents = 256;                    ///< a round
constexpr int kCommands = 64;                   ///< a round, so that calls do not delay audio
constexpr int kBacklog = 64;                    ///< more packets than a socket's buffer holds

constexpr std::uint64_t kMailbox = ~std::uint64_t{0};  ///< the tag of the mailbox's event

/// A flow's id with the socket's number in place of the thread's: what epoll remembers of a socket.
/// The generation in it keeps an event of a closed flow from reaching the next one in its place.
std::uint64_t tag_of(FlowId flow, std::size_t socket) {
    FlowKey key = FlowKey::of(flow);
    key.thread = static_cast<std::uint32_t>(socket);
    return key.id().value;
}

std::size_t socket_of(End end, Channel channel) {
    return 2 * rtp::index(end) + static_cast<std::size_t>(channel);
}

End end_of(std::size_t socket) {
    return socket < 2 ? End::A : End::B;
}

Channel channel_of(std::size_t socket) {
    return static_cast<Channel>(socket % 2);
}

port::MediaRelay::End to_port(End end) {
    return end == End::A ? port::MediaRelay::End::A : port::MediaRelay::End::B;
}

bool watch(int epoll, int fd, std::uint64_t tag) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = tag;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

MediaThread::MediaThread(Options options, const port::Clock& clock, Mailbox<Answer>& answers)
    : index_(options.index),
      clock_(clock),
      answers_(answers),
      fast_path_(std::move(options.fast_path)),
      commands_(options.mailbox),
      counters_(options.interfaces),
      table_(fast_path_.get(), *this) {}

MediaThread::~MediaThread() {
    if (runner_.joinable()) {
        is_stopping_ = true;
        (void)commands_.push(Stop{});  // only to wake it; the flag is enough
        runner_.join();
    }
    if (epoll_ >= 0) {
        ::close(epoll_);
    }
}

Result<void> MediaThread::start() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0 || !watch(epoll_, commands_.fd(), kMailbox)) {
        return fail(Errc::Exhausted, "relay thread: " + std::system_category().message(errno));
    }
    // Signals are the main thread's: a new thread inherits the mask of the one that starts it.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    Result<void> started;
    try {
        runner_ = std::thread([this] { run(); });
    } catch (const std::system_error& error) {
        started = fail(Errc::Exhausted, std::string("relay thread: ") + error.what());
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

bool MediaThread::post(Command&& command, Urgency urgency) {
    const bool is_urgent = urgency == Urgency::Now;
    if (is_urgent ? commands_.push(std::move(command))
                  : commands_.push_quietly(std::move(command))) {
        return true;
    }
    // Wanted first, then tried again: if the thread emptied the box in between, it has not seen the
    // wish and would be asleep by now.
    is_room_wanted_ = true;
    commands_.ring();
    return commands_.push(
        std::move(command));  // NOLINT(bugprone-use-after-move): untouched if full
}

void MediaThread::run() {
    const std::string name = "rtp-" + std::to_string(index_);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    CAUSEWAY_ASSERT(thread_.is_owner());
    std::array<epoll_event, kEvents> events{};
    now_ = clock_.now();
    while (!is_stopping_) {
        const int count = ::epoll_wait(epoll_, events.data(), kEvents, patience());
        counters_.rounds.raise();
        const Time before = std::exchange(now_, clock_.now());
        if (now_ - before > kStall) {
            drop_backlog();
        }
        for (int i = 0; i < count; ++i) {
            const std::uint64_t tag = events[static_cast<std::size_t>(i)].data.u64;
            if (tag == kMailbox) {
                commands_.hush();
            } else if (const Source source = find(tag); source.place != nullptr) {
                (void)relay_one(source);
            }
        }
        obey();
        if (now_ >= next_tick_) {
            next_tick_ = now_ + kTick;
            table_.advance(now_);
        }
        flush_answers();
    }
}

int MediaThread::patience() const {
    if (has_commands_) {
        return 0;
    }
    return unsent_.empty() ? static_cast<int>(kTick.count()) : kRetryAnswers;
}

void MediaThread::obey() {
    for (int i = 0; i < kCommands; ++i) {
        std::optional<Command> command = commands_.pop();
        if (!command) {
            has_commands_ = false;
            return;
        }
        std::visit([this](auto& each) { on(std::move(each)); }, *command);
    }
    has_commands_ = true;
}

void MediaThread::on(BeginFlow&& command) {
    const std::size_t slot = FlowKey::of(command.flow).slot;
    if (slot >= places_.size()) {
        places_.resize(slot + 1);
    }
    table_.open(command.flow, command.local);
    places_[slot] = std::make_unique<Place>(
        Place{command.flow, std::move(command.sockets), command.interfaces});
    drop_backlog(*places_[slot]);  // what came while nobody could be asked who may send
    const Sockets& sockets = places_[slot]->sockets;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if (sockets[i].is_open() && !watch(epoll_, sockets[i].fd(), tag_of(command.flow, i))) {
            // The kernel's bound on watches (fs.epoll.max_user_watches): this port stays deaf.
            log::error("media.watch_failed", {{"error", std::system_category().message(errno)}});
        }
    }
    table_.connect(command.flow, command.a, command.b, now_);
}

void MediaThread::on(ConnectFlow&& command) {
    table_.connect(command.flow, command.a, command.b, now_);
}

void MediaThread::on(CloseFlow&& command) {
    const port::MediaRelay::Stats stats = table_.close(command.flow);
    if (find(command.flow) != nullptr) {
        places_[FlowKey::of(command.flow).slot].reset();  // closing them takes them out of epoll
    }
    answer(Closed{command.ticket, command.flow, stats});
}

void MediaThread::on(CountFlow&& command) {
    if (find(command.flow) != nullptr) {
        answer(Counted{command.flow, table_.stats(command.flow)});
    }
}

void MediaThread::on(Stop&&) {}

MediaThread::Source MediaThread::find(std::uint64_t tag) noexcept {
    FlowKey key = FlowKey::of(FlowId{tag});
    const std::size_t socket = std::exchange(key.thread, index_);
    return {find(key.id()), socket};
}

MediaThread::Place* MediaThread::find(FlowId flow) noexcept {
    const std::size_t slot = FlowKey::of(flow).slot;
    if (slot >= places_.size() || !places_[slot] || places_[slot]->flow != flow) {
        return nullptr;
    }
    return places_[slot].get();
}

bool MediaThread::relay_one(const Source& source) noexcept {
    const std::optional<Datagram> datagram = source.place->sockets[source.socket].receive(buffer_);
    if (!datagram) {
        return false;
    }
    carry(source, *datagram, Fate::Send);
    return true;
}

void MediaThread::carry(const Source& source, const Datagram& datagram, Fate fate) noexcept {
    // One that did not fit is no voice packet: an empty one in its place is refused as such.
    const std::size_t size = datagram.size <= buffer_.size() ? datagram.size : 0;
    const Arrival arrival{.flow = source.place->flow,
                          .end = end_of(source.socket),
                          .channel = channel_of(source.socket),
                          .packet = std::span<const std::byte>(buffer_).first(size),
                          .from = datagram.from};
    Result<Endpoint, rtp::Drop> to = table_.receive(arrival, now_);
    if (to) {
        Socket& out = source.place->sockets[socket_of(other(arrival.end), arrival.channel)];
        if (fate == Fate::Discard || !out.send(arrival.packet, *to)) {
            table_.not_sent(arrival);
            to = tl::unexpected<rtp::Drop>(rtp::Drop::NotSent);
        }
    }
    count(source, to);
}

void MediaThread::count(const Source& source, const Result<Endpoint, rtp::Drop>& to) noexcept {
    if (to) {
        counters_.forwarded[source.place->interfaces[source.socket / 2]].raise();
    } else {
        counters_.dropped[static_cast<std::size_t>(to.error())].raise();
    }
}

void MediaThread::drop_backlog() noexcept {
    for (const std::unique_ptr<Place>& place : places_) {
        if (place) {
            drop_backlog(*place);
        }
    }
}

void MediaThread::drop_backlog(Place& place) noexcept {
    for (const End end : {End::A, End::B}) {
        const Source source{&place, socket_of(end, Channel::Rtp)};
        for (int i = 0; i < kBacklog; ++i) {
            const auto datagram = place.sockets[source.socket].receive(buffer_);
            if (!datagram) {
                break;
            }
            carry(source, *datagram, Fate::Discard);
        }
    }
}

void MediaThread::on_locked(FlowId flow, End end, const Endpoint& source) noexcept {
    if (Place* place = find(flow)) {
        place->sockets[socket_of(end, Channel::Rtp)].connect(source);
    }
}

void MediaThread::on_released(FlowId flow, End end) noexcept {
    if (Place* place = find(flow)) {
        place->sockets[socket_of(end, Channel::Rtp)].disconnect();
    }
}

void MediaThread::on_silent(FlowId flow, End end) noexcept {
    answer(Silent{flow, to_port(end)});
}

void MediaThread::answer(const Answer& answer) {
    unsent_.push_back(answer);
}

void MediaThread::flush_answers() {
    if (is_room_wanted_.exchange(false)) {
        unsent_.emplace_back(Room{index_});
    }
    while (!unsent_.empty() && answers_.push(Answer{unsent_.front()})) {
        unsent_.pop_front();
    }
}

}  // namespace causeway::relay
