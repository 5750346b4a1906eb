#pragma once

#include "text.hpp"

#include "causeway/transaction/layer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace causeway::transaction {

/// The four machines of RFC 3261 §17. `Offered`: a request that waits for accept().
enum class Kind : std::uint8_t {
    Free,
    Offered,
    InviteClient,
    NonInviteClient,
    InviteServer,
    NonInviteServer,
};

/// The states of figures 5–8 with Accepted of RFC 6026. `Held`: a CANCEL that waits for the first
/// provisional (RFC 3261 §9.1).
enum class State : std::uint8_t {
    Held,
    Calling,
    Trying,
    Proceeding,
    Completed,
    Confirmed,
    Accepted,
};

/// No slot.
inline constexpr std::uint32_t kNoSlot = 0xffffffff;
/// A timer that does not run.
inline constexpr Time kNever = Time::max();

/// The other end of a transaction: a sip::Target that takes half its room.
struct Peer {
    InterfaceId interface;
    ConnectionId connection;
    std::unique_ptr<std::string> tls_name;  ///< null: empty
    Endpoint endpoint;
    sip::Transport transport{};

    static Peer of(const sip::Target& target);
    [[nodiscard]] sip::Target target() const;
};

/// What recognises a message of the transaction.
struct Identifier {
    std::uint64_t low{};   ///< client: the cookie of its branch; server: half of the request's hash
    std::uint64_t high{};  ///< client: the hash of its Call-ID; server: the other half
    bool operator==(const Identifier&) const = default;
};

/// One transaction. What `text` holds follows from the state:
/// clients: the request while it may be repeated, acknowledged or cancelled; in Completed (INVITE)
/// the ACK; servers: the last answer, in Accepted only its To tag.
struct Slot {
    Identifier id;
    std::uint64_t ack_hash{};  ///< INVITE server: dialog half and CSeq of its ACK
    Time retransmit_at{kNever};
    Time expires_at{kNever};
    Text text;
    Peer peer;
    std::uint32_t generation{1};
    std::uint32_t interval_ms{};     ///< of the next retransmission
    std::uint32_t partner{kNoSlot};  ///< INVITE client ↔ its CANCEL; free list when free
    Kind kind{};
    State state{};
    bool is_legacy{};     ///< RFC 2543 request: its ACK must show our To tag
    bool is_cancelled{};  ///< a CANCEL was sent (client) or received (server)
};

/// Slots in chunks that never move, recycled by a free list. A key is slot and generation, so that
/// one of a former life finds nothing.
/// Owns: the slots. Thread: its owner's.
class Slots {
public:
    std::uint32_t acquire();
    void release(std::uint32_t n);

    [[nodiscard]] Slot& operator[](std::uint32_t n) { return (*chunks_[n / kChunk])[n % kChunk]; }
    [[nodiscard]] const Slot& operator[](std::uint32_t n) const {
        return (*chunks_[n / kChunk])[n % kChunk];
    }
    [[nodiscard]] Key key(std::uint32_t n) const;
    /// The slot of a living transaction, or kNoSlot.
    [[nodiscard]] std::uint32_t find(Key key) const;
    /// True if `n` is a slot at all, in use or not.
    [[nodiscard]] bool has(std::uint32_t n) const { return n < chunks_.size() * kChunk; }
    [[nodiscard]] std::size_t size() const { return used_; }

private:
    static constexpr std::uint32_t kChunk = 256;

    std::vector<std::unique_ptr<std::array<Slot, kChunk>>> chunks_;
    std::uint32_t free_{kNoSlot};
    std::size_t used_{};
};

}  // namespace causeway::transaction
