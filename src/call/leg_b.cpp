#include "causeway/call/leg_b.hpp"

#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

namespace causeway::call {
namespace {

/// RFC 3261 §25.1: what may stand in a user part unescaped.
bool is_user_character(char c) {
    constexpr std::string_view kMarks = "-_.!~*'()&=+$,;?/";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// What could not be unescaped safely still has its escapes: they stay as they are.
std::string escaped_user(std::string_view user) {
    std::string text;
    text.reserve(user.size());
    for (std::size_t i = 0; i < user.size(); ++i) {
        const char c = user[i];
        const bool is_escape =
            c == '%' && i + 2 < user.size() && is_hex(user[i + 1]) && is_hex(user[i + 2]);
        if (is_user_character(c) || is_escape) {
            text.push_back(c);
        } else {
            std::array<char, 4> escape{};
            std::snprintf(escape.data(), escape.size(), "%%%02X",
                          static_cast<unsigned>(static_cast<unsigned char>(c)));
            text.append(escape.data());
        }
    }
    return text;
}

std::string host_port(const sip::Uri& uri) {
    std::string text = uri.host.find(':') == std::string::npos ? uri.host : "[" + uri.host + "]";
    if (uri.port != 0) {
        text.append(":").append(std::to_string(uri.port));
    }
    return text;
}

std::string calling_user(const intake::Plan& plan, CallId call) {
    constexpr std::size_t kDigits = 12;  // PRODUCT §4.3
    if (plan.parties.calling.empty()) {
        return "anonymous-" + to_text(call).substr(0, kDigits);
    }
    return escaped_user(plan.parties.calling);
}

}  // namespace

std::string to_text(CallId id) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(id.value));
    return text.data();
}

std::string contact_of(const config::Interface& interface, sip::Transport transport) {
    std::string text =
        "<sip:" + uri_host(interface.advertise) + ":" + std::to_string(interface.port(transport));
    return text.append(";transport=").append(sip::uri_name(transport)).append(">");
}

dialog::Invitation make_invitation(const intake::Plan& plan, const routing::Target& target,
                                   LegB leg) {
    const std::string called = escaped_user(plan.parties.called);
    sip::Uri request_uri = target.uri;
    if (request_uri.user.empty()) {
        request_uri.user = called;
    }
    dialog::Invitation invitation;
    invitation.call_id = std::move(leg.call_id);
    invitation.local_tag = std::move(leg.local_tag);
    invitation.request_uri = request_uri.to_string();
    invitation.to = "<sip:" + called + "@" + host_port(target.uri) + ">";
    if (!plan.parties.display.empty()) {
        invitation.from = "\"" + sip::quoted(plan.parties.display) + "\" ";
    }
    invitation.from.append("<sip:" + calling_user(plan, leg.call) + "@" + leg.host + ">");
    invitation.contact = std::move(leg.contact);
    invitation.max_forwards = plan.max_forwards;
    if (!plan.x_to_ip.empty()) {
        invitation.headers.push_back({"X-To-IP", plan.x_to_ip});
    }
    invitation.headers.push_back({"X-Tenant-ID", plan.tenant.name});
    invitation.headers.push_back({"X-Original-To", plan.parties.as_received});
    invitation.headers.push_back({"X-Carrier", plan.carrier});
    invitation.headers.push_back({"X-Causeway-Call-ID", to_text(leg.call)});
    for (const sip::Header& header : plan.pass_headers) {
        invitation.headers.push_back(header);
    }
    invitation.sdp = std::move(leg.offer);
    invitation.target = target.address;
    return invitation;
}

}  // namespace causeway::call
