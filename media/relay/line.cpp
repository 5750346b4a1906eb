#include "line.hpp"

#include "causeway/base/log.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace causeway::relay {
namespace {

constexpr Millis kWarnEvery{60'000};

bool is_exhausted(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

bool is_due(std::optional<Time>& warned, Time now) {
    if (warned && now - *warned < kWarnEvery) {
        return false;
    }
    warned = now;
    return true;
}

}  // namespace

Line::Line(const Interface& interface, std::uint8_t dscp)
    : interface_(interface), dscp_(dscp), pool_(interface.first_port, interface.last_port) {}

Result<Socket, int> Line::bind(std::uint16_t port) const {
    return Socket::bind({{interface_.bind, port}, dscp_});
}

std::string Line::why(std::uint16_t port, int error) const {
    return "media port " + std::to_string(port) + " of " + interface_.bind.to_string() + ": " +
           std::system_category().message(error);
}

Result<Pair> Line::take(Time now) {
    while (const std::optional<std::uint16_t> port = pool_.take(now)) {
        Result<Socket, int> rtp = bind(*port);
        if (rtp) {
            return Pair{*port, std::move(*rtp)};
        }
        if (rtp.error() == EADDRINUSE) {
            pass_over(*port, now);
            continue;
        }
        pool_.give_back(*port, now);
        return fail(is_exhausted(rtp.error()) ? Errc::Exhausted : Errc::Io,
                    why(*port, rtp.error()));
    }
    return fail(Errc::Exhausted, "no media port left on " + interface_.bind.to_string());
}

void Line::pass_over(std::uint16_t port, Time now) {
    pool_.pass_over(port, now);
    if (is_due(warned_, now)) {
        log::warn("media.port_in_use", {{"address", interface_.bind.to_string()},
                                        {"port", port},
                                        {"foreign_pairs", pool_.foreign()}});
    }
}

Socket Line::bind_rtcp(std::uint16_t rtp_port, Time now) {
    const auto port = static_cast<std::uint16_t>(rtp_port + 1);
    Result<Socket, int> rtcp = bind(port);
    if (rtcp) {
        return std::move(*rtcp);
    }
    if (is_due(warned_rtcp_, now)) {
        log::warn("media.no_rtcp",
                  {{"port", port}, {"error", std::system_category().message(rtcp.error())}});
    }
    return {};
}

Result<Pair> Line::claim(std::uint16_t port, Time now) {
    if (!pool_.claim(port)) {
        return fail(Errc::Exhausted,
                    "media port " + std::to_string(port) + " is in use or unknown");
    }
    Result<Socket, int> rtp = bind(port);
    if (!rtp) {
        pool_.give_back(port, now);
        return fail(Errc::Exhausted, why(port, rtp.error()));
    }
    return Pair{port, std::move(*rtp)};
}

}  // namespace causeway::relay
