#include "explain.hpp"

#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace causeway::app {
namespace {

constexpr std::uint16_t kSipPort = 5060;
constexpr std::size_t kLargest = std::size_t{64} * 1024;  // a datagram

using Failed = tl::unexpected<std::string>;

/// `IP[:PORT]`, IPv6 in brackets where a port follows.
std::optional<Endpoint> endpoint_of(const std::string& text) {
    if (const auto ip = IpAddress::parse(text)) {
        return Endpoint{*ip, kSipPort};
    }
    const std::size_t colon = text.rfind(':');
    const auto ip = IpAddress::parse(text.substr(0, colon));
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    if (!ip || colon == std::string::npos) {
        return std::nullopt;
    }
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    return error == std::errc{} && stop == end && port != 0 ? std::optional(Endpoint{*ip, port})
                                                            : std::nullopt;
}

/// The interface that is named; else the one on which the source is known; else the only one on
/// the carrier side.
Result<const config::Interface*, std::string> interface_for(const std::string& name,
                                                            const IpAddress& source,
                                                            const config::Snapshot& config) {
    std::vector<const config::Interface*> known;
    std::vector<const config::Interface*> carrier_side;
    for (const config::Interface& one : config.interfaces) {
        if (one.name == name) {
            return &one;
        }
        if (config.admission.sources.find(one.id, source)) {
            known.push_back(&one);
        }
        if (one.side == sip::Side::Carrier) {
            carrier_side.push_back(&one);
        }
    }
    if (!name.empty()) {
        return Failed("no interface is called " + name);
    }
    const auto& fitting = known.empty() ? carrier_side : known;
    if (fitting.size() != 1) {
        return Failed(source.to_string() +
                      " may come by several interfaces: name one by "
                      "--interface");
    }
    return fitting.front();
}

bool is_uri(const std::string& text) {
    return text.starts_with("sip:") || text.starts_with("sips:") || text.starts_with("tel:");
}

std::string uri_of(const std::string& text, const IpAddress& host) {
    return is_uri(text) ? text : "sip:" + text + "@" + uri_host(host);
}

Result<std::string, std::string> text_of(const ExplainOptions& options, const sip::Source& from,
                                         const config::Interface& interface) {
    const std::string to = uri_of(options.to, interface.advertise);
    const std::string caller = uri_of(options.from, from.peer.ip);
    for (const std::string* uri : {&to, &caller}) {
        if (const auto parsed = sip::parse_uri(*uri); !parsed) {
            return Failed(*uri + ": " + parsed.error().what);
        }
    }
    const std::string peer = from.peer.to_string();
    auto builder = sip::Builder::request("INVITE", to);
    builder
        .add("Via", "SIP/2.0/" + std::string(sip::via_name(from.transport)) + " " + peer +
                        ";branch=z9hG4bKexplain;rport")
        .add("From", "<" + caller + ">;tag=explain")
        .add("To", "<" + to + ">")
        .add("Call-ID", options.call_id.empty() ? "explain" : options.call_id)
        .add("CSeq", "1 INVITE")
        .add("Contact", "<sip:" + peer + ">")
        .add("Max-Forwards", "70");
    for (const std::string& header : options.headers) {
        const std::size_t colon = header.find(':');
        if (colon == 0 || colon == std::string::npos) {
            return Failed(header + ": no header ('Name: value')");
        }
        const std::size_t value = header.find_first_not_of(" \t", colon + 1);
        builder.add(header.substr(0, colon),
                    value == std::string::npos ? std::string{} : header.substr(value));
    }
    return std::move(builder).finish();
}

/// The message of a file; line ends of a text editor become SIP's.
Result<std::string, std::string> read_invite(const std::string& path) {
    std::error_code ignored;
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path, ignored)) {
        return Failed(path + ": cannot be read");
    }
    std::string raw(kLargest + 1, '\0');
    file.read(raw.data(), static_cast<std::streamsize>(raw.size()));
    raw.resize(static_cast<std::size_t>(file.gcount()));
    if (raw.size() > kLargest) {
        return Failed(path + ": larger than 64 KiB");
    }
    if (raw.find("\r\n") != std::string::npos) {
        return raw;
    }
    std::string text;
    for (const char c : raw) {
        text.append(c == '\n' ? "\r\n" : std::string(1, c));
    }
    return text.find("\r\n\r\n") == std::string::npos ? text + "\r\n" : text;
}

/// Where a message says that it came from: received and rport, else sent-by (RFC 3581 §4).
std::optional<Endpoint> source_of(const std::string& text) {
    const auto message = sip::Message::split(std::as_bytes(std::span(text)));
    if (!message) {
        return std::nullopt;
    }
    const auto via = sip::top_via(*message);
    const auto ip =
        via ? IpAddress::parse(via->received.empty() ? via->host : via->received) : std::nullopt;
    if (!ip) {
        return std::nullopt;
    }
    const std::uint16_t port = via->rport.value_or(0) == 0 ? via->port : *via->rport;
    return Endpoint{*ip, port == 0 ? kSipPort : port};
}

}  // namespace

Result<Question, std::string> question_of(const ExplainOptions& options,
                                          const config::Snapshot& config) {
    Question question;
    std::optional<Endpoint> source = endpoint_of(options.source);
    if (!options.invite.empty()) {
        CAUSEWAY_TRY(question.invite, read_invite(options.invite));
        source = options.source.empty() ? source_of(question.invite) : source;
    } else if (options.to.empty() || options.from.empty() || options.source.empty()) {
        return Failed("--from, --to and --source are needed, or --invite");
    }
    if (!source) {
        return Failed(options.source.empty() ? "the message does not say where it came from: "
                                               "--source IP[:PORT]"
                                             : options.source + ": no IP[:PORT]");
    }
    CAUSEWAY_TRY(const auto* interface, interface_for(options.interface, source->ip, config));
    const bool has_udp = interface->port(sip::Transport::Udp) != 0;
    question.from = {
        interface->id, *source, has_udp ? sip::Transport::Udp : sip::Transport::Tcp, {}};
    if (options.invite.empty()) {
        CAUSEWAY_TRY(question.invite, text_of(options, question.from, *interface));
    }
    return question;
}

}  // namespace causeway::app
