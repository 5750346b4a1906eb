#include "causeway/admission/admission.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <string>

namespace causeway::admission {
namespace {

using Refusal = std::optional<Rejection>;

Rejection refuse(int code, std::string_view reason, std::vector<sip::Header> headers = {}) {
    return Rejection{sip::status(code), Stage::Admission, reason, std::move(headers)};
}

Refusal check_load(const Load& load) {
    if (!load.draining && !load.no_capacity) {
        return std::nullopt;
    }
    return refuse(503, load.draining ? "draining" : "no_capacity",
                  {{"Retry-After", std::to_string(load.retry_after)}});
}

/// RFC 3261 §8.1.1.8: an INVITE has a Contact. Those of RFC 2543 may lack it: they are reached
/// where From says (`dialog::Leg::uas`).
bool has_target(const sip::Message& invite, const sip::Via& via) {
    const bool needs_none = sip::is_legacy(via) && !invite.first(sip::Field::Contact);
    return needs_none || sip::contact(invite).has_value();
}

/// Whether every field that later stages and the dialog rely on can be read.
Refusal check_form(const sip::Message& request) {
    const auto& via = sip::top_via(request);
    if (!sip::from(request) || !sip::to(request) || !via) {
        return refuse(400, "bad_request");
    }
    if (const auto& uri = sip::request_uri(request); !uri) {  // RFC 3261 §8.2.2.1
        return refuse(uri.error().code == Errc::Unsupported ? 416 : 400, "bad_request");
    }
    if (request.method() == "INVITE" && !has_target(request, *via)) {
        return refuse(400, "bad_request");
    }
    return std::nullopt;
}

/// RFC 3261 §8.2.2.3: all that was required, since nothing is supported.
Refusal check_extensions(const sip::Message& request) {
    std::string unsupported;
    for (const std::string_view token : sip::tokens(request, sip::Field::Require)) {
        unsupported.append(unsupported.empty() ? "" : ", ").append(token);
    }
    if (unsupported.empty()) {
        return std::nullopt;
    }
    return refuse(420, "bad_extension", {{"Unsupported", std::move(unsupported)}});
}

}  // namespace

Verdict<Pass> judge(const Rules& rules, const Load& load, const sip::Source& from,
                    const sip::Message& request) {
    const auto peer = rules.sources.find(from.interface, from.peer.ip);
    if (!peer) {
        return tl::unexpected(refuse(403, "unknown_source"));
    }
    const bool is_invite = request.method() == "INVITE";
    const bool is_known = is_invite || request.method() == "OPTIONS";
    if (is_known) {
        if (auto refusal = check_load(load)) {
            return tl::unexpected(std::move(*refusal));
        }
    }
    if (auto refusal = check_form(request)) {
        return tl::unexpected(std::move(*refusal));
    }
    if (!is_known) {
        return tl::unexpected(refuse(405, "method", {{"Allow", std::string(kAllow)}}));
    }
    const auto hops = sip::max_forwards(request);
    if (!hops) {
        return tl::unexpected(refuse(400, "bad_request"));
    }
    if (is_invite && *hops == 0) {
        return tl::unexpected(refuse(483, "too_many_hops"));
    }
    if (auto refusal = check_extensions(request)) {
        return tl::unexpected(std::move(*refusal));
    }
    return Pass{*peer, *hops};
}

}  // namespace causeway::admission
