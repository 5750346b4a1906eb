#include "explain.hpp"

#include "causeway/call/leg_b.hpp"
#include "causeway/call/reasons.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace causeway::app {
namespace {

using Json = nlohmann::ordered_json;

/// The INVITE that this attempt would send, as the call makes it.
dialog::Invitation invitation_for(const intake::Plan& plan, const routing::Target& target,
                                  const config::Snapshot& config) {
    const config::Interface& interface = config.interface(target.address.interface);
    return call::make_invitation(plan, target,
                                 {CallId{},
                                  {},
                                  {},
                                  call::contact_of(interface, target.address.transport),
                                  uri_host(interface.advertise),
                                  {}});
}

std::string socket_of(const routing::Target& target, const config::Snapshot& config) {
    const config::Interface& interface = config.interface(target.address.interface);
    const sip::Transport transport = target.address.transport;
    return std::string(sip::uri_name(transport)) + ":" +
           Endpoint{interface.bind, interface.port(transport)}.to_string();
}

bool is_backup(const routing::Target& target, const intake::Plan& plan,
               const config::Snapshot& config) {
    const routing::Table& routes = config.routes;
    if (!routes.backup_group || routes.groups[*routes.backup_group].name != target.group) {
        return false;
    }
    const auto& own = routes.tenant_groups[plan.tenant.id.value - 1];
    return std::find(own.begin(), own.end(), *routes.backup_group) == own.end();
}

/// The fields of `POST /route` that are there when a call is placed.
void add_route(Json& all, const intake::Plan& plan, const config::Snapshot& config) {
    all["tenant_id"] = plan.tenant.name;
    all["gateway_group"] = plan.route.targets.front().group;
    Json targets = Json::array();
    for (const routing::Target& target : plan.route.targets) {
        targets.push_back({{"uri", target.uri.to_string()},
                           {"gateway_id", target.group + "/" + target.name},
                           {"priority", target.priority},
                           {"weight", target.weight},
                           {"socket", socket_of(target, config)}});
    }
    all["targets"] = std::move(targets);
    Json headers = Json::object();
    for (const auto& header : invitation_for(plan, plan.route.targets.front(), config).headers) {
        if (header.name != "X-Causeway-Call-ID") {  // there is no call
            headers[header.name] = header.value;
        }
    }
    all["headers"] = std::move(headers);
}

/// What a stage said; of a refusal with its stable code.
std::string detail_of(const intake::Step& step) {
    const std::string_view code = call::code_of(step.reason);
    return code.empty() ? step.detail : step.detail + " (" + std::string(code) + ")";
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text + "  ";
}

}  // namespace

std::vector<Attempt> attempts_of(const intake::Plan& plan, const config::Snapshot& config) {
    std::vector<Attempt> all;
    for (const routing::Target& target : plan.route.targets) {
        const std::string kind = is_backup(target, plan, config) ? "backup group " : "group ";
        all.push_back({target.group + "/" + target.name,
                       invitation_for(plan, target, config).request_uri,
                       kind + target.group + ", priority " + std::to_string(target.priority)});
    }
    return all;
}

std::string as_json(const intake::Explanation& explanation, const config::Snapshot& config) {
    const auto& verdict = explanation.verdict;
    Json all{{"action", verdict ? "route" : "reject"}};
    if (verdict) {
        add_route(all, *verdict, config);
    } else {
        all["reject"] = {{"code", verdict.error().status.code}, {"reason", verdict.error().reason}};
    }
    all["called"] = explanation.trace.parties.called;
    all["calling"] = explanation.trace.parties.calling;
    Json stages = Json::array();
    for (const intake::Step& step : explanation.trace.steps) {
        stages.push_back({{"stage", to_string(step.stage)},
                          {"verdict", step.reason.empty() ? "passed" : "rejected"},
                          {"reason", step.reason},
                          {"detail", detail_of(step)}});
    }
    all["stages"] = std::move(stages);
    all["attempts"] = Json::array();
    if (verdict) {
        for (const Attempt& one : attempts_of(*verdict, config)) {
            all["attempts"].push_back(
                {{"gateway", one.gateway}, {"uri", one.uri}, {"why", one.why}});
        }
    }
    all["skipped"] = Json::array();
    for (const routing::Skipped& one : explanation.trace.skipped) {
        all["skipped"].push_back({{"gateway", one.gateway}, {"why", one.why}});
    }
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string as_table(const intake::Explanation& explanation, const config::Snapshot& config) {
    constexpr std::size_t kFirst = 10;
    constexpr std::size_t kSecond = 24;
    std::string text;
    const auto row = [&](std::string first, std::string second, const std::string& third) {
        text.append(padded(std::move(first), kFirst)).append(padded(std::move(second), kSecond));
        text.append(third).append("\n");
    };
    for (const intake::Step& step : explanation.trace.steps) {
        row(std::string(to_string(step.stage)),
            step.reason.empty() ? "passed" : std::string(step.reason), detail_of(step));
    }
    if (explanation.verdict) {
        std::size_t number = 0;
        for (const Attempt& one : attempts_of(*explanation.verdict, config)) {
            row("attempt " + std::to_string(++number), one.gateway,
                one.uri + "  (" + one.why + ")");
        }
    }
    for (const routing::Skipped& one : explanation.trace.skipped) {
        row("skipped", one.gateway, std::string(one.why));
    }
    return text;
}

}  // namespace causeway::app
