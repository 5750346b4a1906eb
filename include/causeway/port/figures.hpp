#pragma once

#include "causeway/sip/verdict.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the signalling plane counts, as values: `b2bua` counts, `telemetry` shows (PRODUCT §7).
namespace causeway::port {

/// Which way a call goes (PRODUCT §1): from a carrier, or to one.
enum class Direction : std::uint8_t { Inbound, Outbound };
inline constexpr std::size_t kDirections = 2;
std::string_view to_string(Direction direction);

/// How calls can end: call::Cause.
inline constexpr std::size_t kOutcomes = 5;

/// What SIP messages are, as labels of a metric: the method of a request, the class of an answer.
inline constexpr auto kMessageKinds = std::to_array<std::string_view>(
    {"INVITE", "ACK",    "BYE",     "CANCEL",  "OPTIONS",   "INFO",     "UPDATE", "PRACK",
     "REFER",  "NOTIFY", "MESSAGE", "PUBLISH", "SUBSCRIBE", "REGISTER", "other",  "1xx",
     "2xx",    "3xx",    "4xx",     "5xx",     "6xx",       "malformed"});
/// Position in `kMessageKinds` of a request with this method.
[[nodiscard]] std::size_t kind_of_request(std::string_view method);
/// Of an answer with this status, 100 to 699.
[[nodiscard]] std::size_t kind_of_answer(int status);
/// Of a message of ours, by the start of its bytes.
[[nodiscard]] std::size_t kind_of(std::string_view bytes);
inline constexpr std::size_t kMalformed = kMessageKinds.size() - 1;

/// A stage and the reason it can refuse a call with (PRODUCT §4, table of reasons).
struct Refusal {
    Stage stage{};
    std::string_view reason;
    bool operator==(const Refusal&) const = default;
};
/// All there are: `causeway_rejections_total` knows no others.
inline constexpr auto kRefusals = std::to_array<Refusal>({
    {Stage::Admission, "unknown_source"},
    {Stage::Admission, "rate_limited"},
    {Stage::Admission, "auth_required"},
    {Stage::Admission, "auth_failed"},
    {Stage::Admission, "too_many_hops"},
    {Stage::Admission, "loop"},
    {Stage::Admission, "bad_request"},
    {Stage::Admission, "bad_extension"},
    {Stage::Admission, "method"},
    {Stage::Admission, "draining"},
    {Stage::Admission, "no_capacity"},
    {Stage::Admission, "carrier_cps"},
    {Stage::Admission, "carrier_concurrency"},
    {Stage::Normalize, "bad_request"},
    {Stage::Tenant, "tenant_unknown"},
    {Stage::Tenant, "tenant_mismatch"},
    {Stage::Tenant, "no_tenant"},
    {Stage::Tenant, "tenant_disabled"},
    {Stage::Routing, "tenant_cps"},
    {Stage::Routing, "tenant_concurrency"},
    {Stage::Routing, "unknown_did"},
    {Stage::Routing, "no_gateway"},
    {Stage::Routing, "self_target"},
    {Stage::Routing, "caller_id_not_allowed"},
    {Stage::Routing, "destination_not_allowed"},
    {Stage::Routing, "no_carrier"},
    {Stage::Call, "bad_request"},
    {Stage::Call, "no_capacity"},
    {Stage::Call, "no_ports"},
    {Stage::Call, "media_unsupported"},
    {Stage::Call, "no_response"},
    {Stage::Call, "livekit_silence"},
    {Stage::Call, "no_answer"},
    {Stage::Call, "upstream"},
});
/// Position in `kRefusals`, or nothing.
[[nodiscard]] std::optional<std::size_t> refusal_of(Stage stage, std::string_view reason);

/// Time from INVITE to 200, in buckets. Each counts what its bound holds and the ones before do
/// not; one more counts the rest.
struct SetupTimes {
    static constexpr auto kBounds = std::to_array<std::uint32_t>(
        {100, 250, 500, 1000, 2000, 3000, 5000, 8000, 15'000, 30'000, 60'000, 120'000});  ///< ms
    std::array<std::uint64_t, kBounds.size() + 1> counts{};
    std::uint64_t sum{};  ///< ms
    void add(std::uint64_t ms);
};

/// One tenant's calls, each by direction.
struct TenantFigures {
    std::array<std::uint64_t, kDirections> active{};
    std::array<std::array<std::uint64_t, kOutcomes>, kDirections> ended{};
};

/// A gateway that calls may go to.
struct GatewayFigure {
    std::string group;
    std::string name;
    bool up{true};
};

/// What a signalling plane has counted since its start, and what is up now.
struct Figures {
    /// Labels, by position in `by_tenant`: `other`, the empty one of calls whose tenant was not
    /// found, then names. Only ever longer; the value that is handed out does not change.
    std::shared_ptr<const std::vector<std::string>> tenants;
    std::vector<TenantFigures> by_tenant;
    SetupTimes setup;
    std::array<std::uint64_t, kMessageKinds.size()> received{};  ///< retransmissions too
    std::array<std::uint64_t, kMessageKinds.size()> sent{};
    std::array<std::uint64_t, kRefusals.size()> refused{};
    std::shared_ptr<const std::vector<GatewayFigure>> gateways;  ///< enabled ones
};

}  // namespace causeway::port
