#include "request_hash.hpp"

#include "causeway/sip/grammar.hpp"

#include <cstddef>
#include <cstring>

namespace causeway::transaction {

namespace {

Secret drawn(crypto::Random& random) {
    Secret secret;
    for (std::size_t i = 0; i < secret.size(); i += sizeof(std::uint64_t)) {
        const std::uint64_t word = random.next();
        std::memcpy(secret.data() + i, &word, sizeof word);
    }
    return secret;
}

}  // namespace

RequestHash::RequestHash(crypto::Random& random) : first_(drawn(random)), second_(drawn(random)) {}

Identifier RequestHash::identify(const sip::Message& request, const sip::Via& via,
                                 std::string_view method) {
    buffer_.clear();
    add(method);
    add(via.branch);
    add(via.host);
    add(via.port);
    if (sip::is_legacy(via)) {
        add(via.transport);
        add(request.request_uri());
        add(sip::tag_of(request, sip::Field::From));
        add(request.call_id());
        add(request.cseq());
    }
    return {first_(buffer_), second_(buffer_)};
}

std::uint64_t RequestHash::ack(const sip::Message& request) {
    buffer_.clear();
    add(request.call_id());
    add(sip::tag_of(request, sip::Field::From));
    add(request.cseq());
    return first_(buffer_);
}

/// A NUL ends every part: no header can contain one, so parts cannot flow into each other.
void RequestHash::add(std::string_view part) {
    buffer_ += part;
    buffer_ += '\0';
}

void RequestHash::add(std::uint32_t number) {
    buffer_.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace causeway::transaction
