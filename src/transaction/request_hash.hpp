#pragma once

#include "slots.hpp"

#include "causeway/crypto/random.hpp"
#include "causeway/crypto/siphash.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::transaction {

/// Keyed hashes of what strangers choose. A server transaction is recognised by 128 bits of
/// SipHash and not by the text: without the key nobody can aim at a collision, and by accident one
/// comes every 2^64 transactions.
/// Owns: two keys and a reused buffer. Thread: its owner's.
class RequestHash {
public:
    /// Draws its keys from `random`.
    explicit RequestHash(crypto::Random& random);

    /// RFC 3261 §17.2.3: branch, sent-by and method; without the cookie Request-URI, From tag,
    /// Call-ID, CSeq number and top Via. `method` is that of the transaction looked for: INVITE
    /// for an ACK and for the target of a CANCEL. The To tag of a legacy ACK is not part of it.
    Identifier identify(const sip::Message& request, const sip::Via& via, std::string_view method);
    /// What an ACK has in common with its INVITE whatever its branch.
    std::uint64_t ack(const sip::Message& request);
    /// Of one text: a Call-ID, or the bytes of a message without transaction.
    [[nodiscard]] std::uint64_t text(std::string_view bytes) const { return first_(bytes); }

private:
    void add(std::string_view part);
    void add(std::uint32_t number);

    crypto::SipHash first_;
    crypto::SipHash second_;
    std::string buffer_;
};

}  // namespace causeway::transaction
