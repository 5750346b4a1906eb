#pragma once

#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/config/config.hpp"
#include "causeway/port/condition.hpp"
#include "causeway/port/event_sink.hpp"
#include "causeway/port/figures.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::port {

/// How far a live call has come.
enum class CallState : std::uint8_t {
    Setup,     ///< a gateway is being tried
    Ringing,   ///< leg a has been told so
    Answered,  ///< leg a has its 200
    Ending,    ///< both legs are being ended
};
constexpr std::string_view to_string(CallState state) {
    constexpr std::string_view kNames[]{"setup", "ringing", "answered", "ending"};
    return kNames[static_cast<std::size_t>(state)];
}

/// A live call: its CDR's fields as far as they are known (`end` only while it ends), and where it
/// stands.
struct CallView {
    CallRecord record;
    CallState state{};
};

/// A part of the list of live calls. Whoever wants all of them asks again after the last one: no
/// single answer may keep the sip thread long.
struct CallQuery {
    static constexpr std::size_t kMost = 200;
    CallId after;             ///< only calls with a greater id; zero: from the first
    std::size_t most{kMost};  ///< how many at most; `kMost` if this is more
};
struct CallPage {
    std::vector<CallView> calls;  ///< by ascending id
    std::size_t total{};          ///< live calls in all
};

/// What POST /api/v1/drain asks for.
enum class Drain : std::uint8_t {
    Stay,  ///< new calls are refused, the daemon stays
    Undo,  ///< takes calls again
    Exit,  ///< like SIGTERM: ends when the last call has ended
};

/// Whether new calls are taken.
enum class Phase : std::uint8_t {
    Serving,
    Draining,  ///< refused, until undone
    Ending,    ///< refused; the process ends with the last call
};
constexpr std::string_view to_string(Phase phase) {
    constexpr std::string_view kNames[]{"serving", "draining", "ending"};
    return kNames[static_cast<std::size_t>(phase)];
}

/// What there is and what has happened, at one instant. A value: whoever counts something adds its
/// field here, `app` copies it on the thread that owns it.
struct Report {
    Phase phase{};
    std::uint64_t configuration{};  ///< version of the snapshot in force
    Millis uptime{};

    std::size_t calls{};
    std::size_t max_calls{};  ///< what ports and descriptors bear
    std::size_t dialogs{};
    std::size_t flows{};
    std::size_t timers{};
    std::size_t transactions{};        ///< lingering ones included
    std::uint64_t calls_per_second{};  ///< admitted in the last full second

    std::uint64_t received{};   ///< SIP messages since start
    std::uint64_t strangers{};  ///< of these, dropped before parsing
    std::uint64_t malformed{};  ///< of these, no SIP
    std::uint64_t invites{};    ///< calls admitted since start
    std::uint64_t rejected{};
    std::uint64_t answered{};
    std::uint64_t finished{};

    struct Ports {
        std::string interface;
        sip::Side side{};
        std::size_t in_use{};  ///< RTP/RTCP pairs
        std::size_t total{};
        std::uint64_t packets{};  ///< RTP and RTCP that came in there and were relayed, since start
    };
    std::vector<Ports> ports;
    struct Dropped {
        std::string_view reason;  ///< constant
        std::uint64_t packets{};
    };
    std::vector<Dropped> dropped;  ///< RTP and RTCP packets since start
    std::size_t connections{};     ///< TCP, those being opened included
    Figures figures;

    std::size_t gateways_up{};  ///< enabled and not found dead
    std::size_t gateways_down{};

    std::uint64_t cdrs_lost{};
    bool cdrs_writable{true};
    std::uint64_t reloads{};  ///< that took effect
    std::uint64_t reloads_refused{};
    std::string reload_problem;  ///< first of the last reload's; empty: the file is in force
    std::uint64_t log_lines_lost{};
    std::uint64_t bugs{};  ///< assertions of ours that failed

    std::vector<Condition> conditions;  ///< raised now, the worst first
    std::vector<Condition> history;     ///< over, the newest first

    /// Codes of the conditions for which no new call should come; empty: ready (PRODUCT §2).
    std::vector<std::string> unready;
};

/// Calls that have ended, added up since start.
struct CallTally {
    std::uint64_t total{};     ///< that passed admission
    std::uint64_t answered{};  ///< of these
    Millis talked{};           ///< from answer to end, of all together
};
struct CallStatistics {
    CallTally all;
    /// At most 1,000 names each; what comes then is `other`. Calls without one are left out.
    std::map<std::string, CallTally, std::less<>> by_tenant;
    std::map<std::string, CallTally, std::less<>> by_gateway;  ///< group/name of the last attempt
    std::map<int, std::uint64_t> by_code;                      ///< final answer to leg a
};

/// Takes what was asked for, later, on the thread that asked.
template <class T>
using Answer = std::function<void(T)>;

/// What an operator may ask of a running daemon. Every call returns at once and is answered exactly
/// once, unless the daemon ends before. Nothing here waits, and nothing holds up signalling: a
/// question too many is answered `Exhausted`.
/// Thread: ctl.
class Operations {
public:
    /// The new snapshot's version, or everything that speaks against it (nothing has changed then).
    using Reloaded = Result<std::uint64_t, std::vector<config::Problem>>;

    virtual ~Operations() = default;

    virtual void calls(CallQuery query, Answer<Result<CallPage>> answer) = 0;
    /// NotFound: it has ended, or there never was one.
    virtual void call(CallId id, Answer<Result<CallView>> answer) = 0;
    /// Ends a call with the reason `hangup`: by BYE on both legs, or a final answer to leg a. Asked
    /// again of a call that is ending, it does not wait for leg a's ACK. NotFound: as above.
    virtual void hang_up(CallId id, Answer<Result<void>> answer) = 0;
    /// Unsupported: to undo what ends the process.
    virtual void drain(Drain wanted, Answer<Result<void>> answer) = 0;
    virtual void reload(Answer<Reloaded> answer) = 0;
    virtual void report(Answer<Result<Report>> answer) = 0;
    virtual void statistics(Answer<Result<CallStatistics>> answer) = 0;
    /// Why something went as it did, as a JSON object: `last`, a call's id or a number.
    /// NotFound: nothing is remembered of it.
    virtual void why(std::string subject, Answer<Result<std::string>> answer) = 0;
};

}  // namespace causeway::port
