#include "support/fake_livekit/livekit_text.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <initializer_list>

namespace causeway::testing::livekit {
namespace {

void line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// sipgo fills the empty rport where it stands and appends received.
std::string completed_via(std::string_view via, const Endpoint& source) {
    std::string text(via);
    const auto at = text.find(";rport");
    const bool is_asked = at != std::string::npos && (at + 6 == text.size() || text[at + 6] == ';');
    if (is_asked) {
        text.insert(at + 6, "=" + std::to_string(source.port));
        text += ";received=" + source.ip.to_string();
    }
    return text;
}

std::string with_tag(std::string_view to, std::string_view tag) {
    std::string text(to);
    if (param(to, "tag").empty() && !tag.empty()) {
        text.append(";tag=").append(tag);
    }
    return text;
}

std::string via(const Endpoint& sip, std::string_view branch) {
    return "SIP/2.0/UDP " + sip.to_string() + ";branch=" + std::string(branch) + ";alias";
}

std::string begin_request(std::string_view method, const Dialog& dialog, std::string_view branch) {
    std::string out;
    out.append(method).append(" ").append(dialog.target).append(" SIP/2.0\r\n");
    line(out, "Via", via(dialog.sip, branch));
    line(out, "Max-Forwards", "70");
    line(out, "Call-ID", dialog.call_id);
    return out;
}

void end_request(std::string& out, std::string_view method, const Dialog& dialog,
                 std::uint32_t cseq) {
    line(out, "CSeq", std::to_string(cseq) + " " + std::string(method));
    line(out, "From", dialog.local);
    line(out, "To", dialog.remote);
    out += "\r\n";
}

std::string session_text(const SdpText& offer, const Answer& answer, const Endpoint& local) {
    const std::string ip = sdp_address(local.ip);
    std::uint64_t id = 0;
    std::from_chars(offer.session_id.data(), offer.session_id.data() + offer.session_id.size(), id);
    std::string text = "v=0\r\no=- " + std::to_string(id) + " " + std::to_string(id + 2) + " " +
                       ip + "\r\ns=LiveKit\r\nc=" + ip + "\r\nt=0 0\r\nm=audio " +
                       std::to_string(local.port) + " RTP/AVP " +
                       std::to_string(answer.payload_type);
    if (answer.events) {
        text += " " + std::to_string(*answer.events);
    }
    text += "\r\na=rtpmap:" + std::to_string(answer.payload_type) + " " +
            offer.format(answer.payload_type)->name + "\r\n";
    if (answer.events) {
        const std::string type = std::to_string(*answer.events);
        text += "a=rtpmap:" + type + " telephone-event/8000\r\na=fmtp:" + type + " 0-16\r\n";
    }
    return text + "a=ptime:20\r\na=sendrecv\r\n";
}

std::string md5_hex(std::initializer_list<std::string_view> parts) {
    std::string joined;
    for (const auto part : parts) {
        joined.append(joined.empty() ? "" : ":").append(part);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(joined.data(), joined.size(), digest.data(), &size, EVP_md5(), nullptr);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex.push_back(kDigits[digest[i] >> 4]);
        hex.push_back(kDigits[digest[i] & 15]);
    }
    return hex;
}

}  // namespace

std::string response(const SipText& request, const Endpoint& source, int status,
                     std::string_view reason, std::string_view to_tag, const Headers& extra,
                     std::string_view body) {
    std::string out = "SIP/2.0 " + std::to_string(status) + " " + std::string(reason) + "\r\n";
    bool is_top = true;
    for (const auto value : request.all("Via")) {
        line(out, "Via", is_top ? completed_via(value, source) : std::string(value));
        is_top = false;
    }
    for (const auto value : request.all("Record-Route")) {
        line(out, "Record-Route", value);
    }
    line(out, "From", request.header("From"));
    line(out, "To", with_tag(request.header("To"), to_tag));
    line(out, "Call-ID", request.header("Call-ID"));
    line(out, "CSeq", request.header("CSeq"));
    line(out, "Content-Length", std::to_string(body.size()));
    for (const auto& [name, value] : extra) {
        line(out, name, value);
    }
    return out.append("\r\n").append(body);
}

std::string contact(const Endpoint& sip) {
    return "<sip:" + sip.to_string() + ";transport=udp>";
}

std::string bye(const Dialog& dialog, std::string_view branch, std::uint32_t cseq,
                const Headers& extra) {
    std::string out = begin_request("BYE", dialog, branch);
    line(out, "Content-Length", "0");
    for (const auto& [name, value] : extra) {
        line(out, name, value);
    }
    end_request(out, "BYE", dialog, cseq);
    return out;
}

std::string refer(const Dialog& dialog, std::string_view branch, std::uint32_t cseq,
                  std::string_view refer_to, const Headers& extra) {
    std::string out = begin_request("REFER", dialog, branch);
    line(out, "Contact", contact(dialog.sip));
    line(out, "Refer-To", refer_to);
    line(out, "Allow", kAllow);
    for (const auto& [name, value] : extra) {
        line(out, name, value);
    }
    line(out, "Content-Length", "0");
    end_request(out, "REFER", dialog, cseq);
    return out;
}

std::optional<Answer> negotiate(const SipText& invite, const std::vector<int>& codecs,
                                const Endpoint& local) {
    if (!equal_nocase(invite.header("Content-Type"), "application/sdp")) {
        return std::nullopt;
    }
    const auto offer = SdpText::parse(invite.body);
    if (!offer || offer->port == 0) {
        return std::nullopt;
    }
    Answer answer;
    answer.remote = offer->rtp();
    if (!answer.remote && offer->address_type != "IP6") {
        return std::nullopt;
    }
    // The real one's sockets are IPv4 alone: IPv6 is answered and hears nothing. One that was bound
    // to an IPv6 address, which only tests do, is deaf to the other family likewise.
    if (answer.remote && answer.remote->ip.is_v4() != local.ip.is_v4()) {
        answer.remote.reset();
    }
    for (const int type : codecs) {
        if (offer->format(type) != nullptr) {
            answer.payload_type = type;
            answer.events = offer->find("telephone-event/8000");
            answer.text = session_text(*offer, answer, local);
            return answer;
        }
    }
    return std::nullopt;
}

std::string digest_response(std::string_view user, std::string_view realm,
                            std::string_view password, std::string_view nonce,
                            std::string_view uri) {
    const std::string first = md5_hex({user, realm, password});
    return md5_hex({first, nonce, md5_hex({"INVITE", uri})});
}

std::string auth_param(std::string_view value, std::string_view name) {
    std::size_t at = 0;
    while ((at = value.find(name, at)) != std::string_view::npos) {
        const std::size_t end = at + name.size();
        const bool is_start = at == 0 || value[at - 1] == ' ' || value[at - 1] == ',';
        if (is_start && end < value.size() && value[end] == '=') {
            value.remove_prefix(end + 1);
            if (value.starts_with('"')) {
                return std::string(value.substr(1, value.find('"', 1) - 1));
            }
            return std::string(value.substr(0, value.find_first_of(", ")));
        }
        at = end;
    }
    return {};
}

}  // namespace causeway::testing::livekit
