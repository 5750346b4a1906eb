#include "causeway/intake/intake.hpp"
#include "causeway/normalize/normalize.hpp"
#include "causeway/sip/body.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <algorithm>

namespace causeway::intake {
namespace {

/// Hosts of the Request-URI and of To; empty where there is none (tel, RFC 3966). Views of the
/// INVITE.
struct Hosts {
    std::string_view request;
    std::string_view to;
};

Hosts hosts_of(const sip::Message& invite) {
    Hosts hosts;
    if (const auto& uri = sip::request_uri(invite)) {
        hosts.request = uri->host;
    }
    if (const auto& to = sip::to(invite)) {
        hosts.to = to->uri.host;
    }
    return hosts;
}

std::string x_to_ip(const config::Snapshot& config, const Hosts& hosts,
                    const tenant::Tenant& tenant) {
    for (const std::string_view host : {hosts.request, hosts.to}) {
        if (!host.empty() && !config.is_own_host(host)) {
            return std::string(host);
        }
    }
    return tenant.domain;
}

bool is_listed(const std::vector<std::string>& lower_case, std::string_view name) {
    const auto same = [&](std::string_view one) {
        return std::equal(name.begin(), name.end(), one.begin(), one.end(), [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        });
    };
    return std::any_of(lower_case.begin(), lower_case.end(), same);
}

std::vector<sip::Header> headers_to_pass(const config::Carrier& carrier,
                                         const sip::Message& invite) {
    std::vector<sip::Header> passed;
    std::size_t bytes = 0;
    for (const sip::Line& line : invite.lines()) {
        if (line.field != sip::Field::Other || is_own_header(line.name) ||
            is_reserved_header(line.name)) {
            continue;
        }
        if (!is_provider_header(line.name) && !is_listed(carrier.pass_headers, line.name)) {
            continue;
        }
        const std::size_t size = line.name.size() + line.value.size();
        if (passed.size() == kPassedHeaders || bytes + size > kPassedBytes) {
            continue;
        }
        bytes += size;
        passed.push_back({std::string(line.name), std::string(line.value)});
    }
    return passed;
}

void note(Trace* trace, Stage stage, std::string detail) {
    trace->steps.push_back({stage, {}, std::move(detail)});
}

std::string describe(const sip::Parties& parties) {
    const std::string calling = parties.calling.empty() ? "anonymous" : parties.calling;
    return (parties.as_received == parties.called ? "called " + parties.called
                                                  : parties.as_received + " is " + parties.called) +
           ", calling " + calling;
}

std::string describe(const config::Snapshot& config, const tenant::Tenant& tenant,
                     const std::string& called) {
    const bool is_owner = config.tenants.owner(called) == tenant.id;
    return tenant.name + (is_owner ? ", who owns " + called : ", whose domain is addressed");
}

std::string describe(const admission::Peer& peer, const config::Snapshot& config) {
    return peer.owner == admission::Owner::Carrier
               ? "carrier " + config.carriers[peer.index].name
               : "gateway group " + config.routes.groups[peer.index].name;
}

}  // namespace

Verdict<Plan> plan(const config::Snapshot& config, const admission::Pass& pass,
                   const sip::Source& from, const sip::Message& invite, Trace* trace) {
    if (pass.peer.owner != admission::Owner::Carrier || pass.peer.index >= config.carriers.size()) {
        return reject(403, Stage::Routing, "destination_not_allowed");
    }
    const config::Carrier& carrier = config.carriers[pass.peer.index];
    using Kind = sip::SessionBody::Kind;
    const Kind body = sip::session_body(invite).kind;
    if (body != Kind::None && body != Kind::Sdp) {
        return tl::unexpected(
            Rejection{sip::status(415), Stage::Call, "media_unsupported", {sip::acceptable(body)}});
    }
    Plan plan;
    CAUSEWAY_TRY(plan.parties, normalize::apply(config.normalize, pass.peer.index, invite));
    if (trace != nullptr) {
        trace->parties = plan.parties;
        note(trace, Stage::Normalize, describe(plan.parties));
    }
    const Hosts hosts = hosts_of(invite);
    CAUSEWAY_TRY(plan.tenant,
                 tenant::identify(config.tenants, plan.parties, hosts.request, hosts.to));
    if (trace != nullptr) {
        note(trace, Stage::Tenant, describe(config, plan.tenant, plan.parties.called));
    }
    if (!config.tenants.accepts(plan.tenant.id, plan.parties.called)) {
        return reject(404, Stage::Routing, "unknown_did");
    }
    auto* skipped = trace == nullptr ? nullptr : &trace->skipped;
    CAUSEWAY_TRY(plan.route, routing::decide(config.routes, plan.tenant.id, skipped));
    if (trace != nullptr) {
        const std::size_t attempts = plan.route.targets.size();
        note(trace, Stage::Routing,
             std::to_string(attempts) + (attempts == 1 ? " attempt" : " attempts at most"));
    }
    plan.carrier = carrier.name;
    plan.interface = from.interface;
    plan.x_to_ip = x_to_ip(config, hosts, plan.tenant);
    plan.max_forwards = pass.max_forwards > 0 ? pass.max_forwards - 1 : 0;
    plan.pass_headers = headers_to_pass(carrier, invite);
    plan.timers = config.call;
    if (const auto seconds = sip::expires(invite)) {
        plan.expires = std::chrono::seconds(*seconds);
    }
    return plan;
}

Explanation explain(const config::Snapshot& config, const sip::Source& from,
                    const sip::Message& invite) {
    Trace trace;
    auto verdict = [&]() -> Verdict<Plan> {
        CAUSEWAY_TRY(const auto pass, admission::judge(config.admission, {}, from, invite));
        note(&trace, Stage::Admission,
             from.peer.ip.to_string() + " is " + describe(pass.peer, config));
        return plan(config, pass, from, invite, &trace);
    }();
    if (!verdict) {
        const Rejection& no = verdict.error();
        trace.steps.push_back(
            {no.stage, no.reason, std::to_string(no.status.code) + " " + no.status.reason});
    }
    return {std::move(trace), std::move(verdict)};
}

}  // namespace causeway::intake
