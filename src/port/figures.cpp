#include "causeway/port/figures.hpp"

#include <algorithm>

namespace causeway::port {
namespace {

constexpr std::size_t kOther = 14;       // of `kMessageKinds`
constexpr std::size_t kFirstClass = 15;  // 1xx
constexpr std::string_view kVersion = "SIP/2.0 ";

static_assert(kMessageKinds[kOther] == "other");
static_assert(kMessageKinds[kFirstClass] == "1xx");
static_assert(kMessageKinds[kMalformed] == "malformed");

}  // namespace

std::string_view to_string(Direction direction) {
    return direction == Direction::Inbound ? "inbound" : "outbound";
}

std::size_t kind_of_request(std::string_view method) {
    std::size_t kind = 0;
    while (kind < kOther && kMessageKinds[kind] != method) {
        ++kind;
    }
    return kind;
}

std::size_t kind_of_answer(int status) {
    const int rank = std::clamp(status / 100, 1, 6);
    return kFirstClass + static_cast<std::size_t>(rank - 1);
}

std::size_t kind_of(std::string_view bytes) {
    if (bytes.size() > kVersion.size() && bytes.substr(0, kVersion.size()) == kVersion) {
        return kind_of_answer(100 * (bytes[kVersion.size()] - '0'));
    }
    return kind_of_request(bytes.substr(0, bytes.find(' ')));
}

std::optional<std::size_t> refusal_of(Stage stage, std::string_view reason) {
    const auto* const found = std::find(kRefusals.begin(), kRefusals.end(), Refusal{stage, reason});
    return found == kRefusals.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - kRefusals.begin()));
}

void SetupTimes::add(std::uint64_t ms) {
    const auto* const bound = std::lower_bound(kBounds.begin(), kBounds.end(), ms);
    ++counts[static_cast<std::size_t>(bound - kBounds.begin())];
    sum += ms;
}

}  // namespace causeway::port
