#include "transaction/request_hash.hpp"

#include "stage.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>

namespace causeway::transaction {
namespace {

Secret other_secret() {
    Secret secret = kSecret;
    secret.back() ^= std::byte{1};
    return secret;
}

/// All that it says of one request.
std::set<std::uint64_t> hashes(const Secret& secret, const RequestText& request) {
    crypto::Random random(secret, 1);
    RequestHash hash(random);
    const sip::Message message = parsed(request.text());
    const Identifier id = hash.identify(message, *sip::top_via(message), message.method());
    return {id.low, id.high, hash.ack(message), hash.text(message.call_id())};
}

/// Without the key nobody can make requests that fall upon each other in a table.
TEST(RequestHash, TellsNothingToWhoeverLacksTheSecret) {
    const RequestText modern;
    RequestText old;
    old.via = "SIP/2.0/UDP 192.0.2.9:5070";
    for (const RequestText& request : {modern, old}) {
        const std::set<std::uint64_t> here = hashes(kSecret, request);
        EXPECT_EQ(here.size(), 4U) << "two keys, and four questions";
        EXPECT_EQ(hashes(kSecret, request), here) << "the same secret, the same table";
        for (const std::uint64_t there : hashes(other_secret(), request)) {
            EXPECT_FALSE(here.contains(there));
        }
    }
}

}  // namespace
}  // namespace causeway::transaction
