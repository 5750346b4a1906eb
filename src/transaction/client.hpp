#pragma once

#include "branch.hpp"
#include "core.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace causeway::transaction {

/// The client machines: INVITE (RFC 3261 figure 5 with RFC 6026 §8.4), non-INVITE (figure 6), and
/// CANCEL, a non-INVITE that shares the branch of its INVITE and is found through it.
/// Thread: sip. Owns: nothing; works on the slots of the core.
class Client {
public:
    explicit Client(Core& core) : core_(core) {}

    Key request(std::string_view message, const sip::Target& to, Time now);
    void send(std::string_view message, const sip::Target& to);
    void cancel(std::uint32_t n, std::string_view headers, Time now);
    void receive(sip::Message message, const sip::Source& from, Time now);
    void undeliverable(std::uint32_t n, Errc code);
    /// A timer of this slot is due.
    void fire(std::uint32_t n, Time now);
    /// The transaction that wrote this branch, or kNoSlot.
    [[nodiscard]] std::uint32_t find(const Branch& branch) const;

private:
    void on_invite_response(std::uint32_t n, sip::Message message, const sip::Source& from,
                            Time now);
    void on_provisional(std::uint32_t n, Time now);
    void on_success(std::uint32_t n, Time now);
    void on_failure(std::uint32_t n, const sip::Message& message, Time now);
    /// True if the response is news to the owner.
    bool on_other_response(std::uint32_t n, int status, Time now);
    void start_cancel(std::uint32_t invite, Time now);
    void drop_partner(std::uint32_t n);
    void fail(std::uint32_t n, Errc code);
    void end(std::uint32_t n);

    Core& core_;
};

}  // namespace causeway::transaction
