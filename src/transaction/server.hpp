#pragma once

#include "core.hpp"
#include "slot_index.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::transaction {

/// The server machines: INVITE (RFC 3261 figure 7 with RFC 6026 §8.5) and non-INVITE (figure 8);
/// CANCEL is answered here (RFC 3261 §9.2).
/// Thread: sip. Owns: the tables that find its slots.
class Server {
public:
    explicit Server(Core& core) : core_(core) {}

    bool receive(sip::Message message, const sip::Source& from, Time now);
    /// Forgets the request that waits for accept(), if any.
    void withdraw();
    void accept(std::uint32_t n, Time now);
    void refuse(std::uint32_t n, std::string_view response);
    void respond(std::uint32_t n, std::string_view response, Time now);
    /// A timer of this slot is due.
    void fire(std::uint32_t n, Time now);
    /// Requests that wait for accept(): at most one.
    [[nodiscard]] std::size_t offered() const { return offered_ == kNoSlot ? 0 : 1; }
    /// Entries of both tables: none when no server transaction lives.
    [[nodiscard]] std::size_t indexed() const { return requests_.size() + invites_.size(); }

private:
    void on_request(sip::Message message, const sip::Via& via, const sip::Source& from);
    void on_ack(sip::Message message, const sip::Via& via, const sip::Source& from, Time now);
    void on_cancel(const sip::Message& message, const sip::Via& via, const sip::Source& from,
                   Time now);
    void respond_to_invite(std::uint32_t n, int status, std::string_view response, Time now);
    void respond_to_other(std::uint32_t n, int status, std::string_view response, Time now);
    void confirm(std::uint32_t n, Time now);
    /// A retransmitted request: the last answer again, if it is ours to repeat.
    void repeat(std::uint32_t n);
    [[nodiscard]] std::uint32_t find(const Identifier& id) const;
    /// The INVITE that has not failed and is a fork of the same request as this one (RFC 3261
    /// §8.2.2.2), or zero.
    [[nodiscard]] Key sibling_of(const sip::Message& invite, std::uint64_t ack_hash) const;
    /// The failed INVITE that this ACK means whatever its branch, or kNoSlot.
    [[nodiscard]] std::uint32_t find_unacknowledged(const sip::Message& ack);
    bool keep_answer(std::uint32_t n, Time now);
    [[nodiscard]] std::string cancel_tag(std::uint32_t invite) const;
    void end(std::uint32_t n);

    Core& core_;
    SlotIndex requests_;  ///< by Identifier::low
    SlotIndex invites_;   ///< INVITEs by their ack_hash
    std::uint32_t offered_{kNoSlot};
    std::size_t answered_{};  ///< Completed or Confirmed
};

}  // namespace causeway::transaction
