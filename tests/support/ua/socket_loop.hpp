#pragma once

#include "support/ua/party.hpp"

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::testing {

/// Runs parties on real UDP sockets: one thread, one poll() whose timeout is the parties' earliest
/// deadline. Thread: one owner. Owns: the sockets, not the parties.
class SocketLoop {
public:
    SocketLoop() = default;
    ~SocketLoop();
    SocketLoop(const SocketLoop&) = delete;
    SocketLoop& operator=(const SocketLoop&) = delete;
    SocketLoop(SocketLoop&&) = delete;
    SocketLoop& operator=(SocketLoop&&) = delete;

    /// Binds a UDP socket; port 0 takes a free one. Returns the address it got. Fails: Io, with
    /// address, port and the system's reason.
    [[nodiscard]] Result<Endpoint> bind(const Endpoint& address);
    /// A free even port of this address (RFC 3550 §11).
    [[nodiscard]] Result<Endpoint> bind_even(const IpAddress& ip);
    /// `party` gets what arrives at `sip` as signalling, at `rtp` as media; all bound before.
    void join(Party& party, const Endpoint& sip, const std::vector<std::uint16_t>& rtp = {});

    /// Runs until `span` has passed or `done` says so. True: done.
    bool run(
        Millis span, const std::function<bool()>& done = [] { return false; });
    [[nodiscard]] static Time now() { return std::chrono::steady_clock::now(); }

private:
    struct Socket {
        int descriptor{-1};
        Endpoint local;
        Party* party{};
        bool is_sip{};
    };

    [[nodiscard]] Socket* find(const Endpoint& local);
    [[nodiscard]] Time earliest() const;
    void flush();
    void wait(Time until);
    static void drain(const Socket& socket);

    std::vector<Socket> sockets_;
    std::vector<Party*> parties_;
};

}  // namespace causeway::testing
