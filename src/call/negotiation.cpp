#include "causeway/call/negotiation.hpp"

#include <algorithm>
#include <utility>

namespace causeway::call {
namespace {

using sdp::Direction;

/// What a gateway is offered for a caller without an offer: what every telephone switch and LiveKit
/// can do. The address is never shown to anybody.
constexpr std::string_view kOurOffer =
    "v=0\r\no=- 0 0 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 9 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n";

constexpr std::uint64_t kSessionIdMask = 0x7fffffff;  // some readers keep it in 31 bits

bool sends(Direction direction) {
    return direction == Direction::SendRecv || direction == Direction::SendOnly;
}
bool receives(Direction direction) {
    return direction == Direction::SendRecv || direction == Direction::RecvOnly;
}

/// What we may say to one end when both have spoken: we pass on, so we can do what both can.
Direction joined(Direction of_end, Direction of_other) {
    const bool to_end = receives(of_end) && sends(of_other);
    const bool from_end = sends(of_end) && receives(of_other);
    if (to_end) {
        return from_end ? Direction::SendRecv : Direction::SendOnly;
    }
    return from_end ? Direction::RecvOnly : Direction::Inactive;
}

/// Address texts of the origin and connection lines.
void collect(const std::vector<sdp::Line>& lines, std::vector<std::string>& into) {
    for (const sdp::Line& line : lines) {
        if (line.type != 'o' && line.type != 'c') {
            continue;
        }
        std::string address = line.value.substr(line.value.find_last_of(' ') + 1);
        address = address.substr(0, address.find('/'));
        const bool says_something = address.size() > 3 && address != "0.0.0.0";
        if (says_something && std::find(into.begin(), into.end(), address) == into.end()) {
            into.push_back(std::move(address));
        }
    }
}

std::vector<std::string> addresses_in(const sdp::Session& session) {
    std::vector<std::string> found;
    collect(session.lines, found);
    for (const sdp::Media& media : session.media) {
        collect(media.lines, found);
    }
    return found;
}

/// A description of ours, `o=- ID VERSION IN …`, as a later one (RFC 3264 §8).
void set_version(sdp::Session& ours, std::uint64_t session_id, std::uint64_t version) {
    for (sdp::Line& line : ours.lines) {
        if (line.type == 'o') {
            line.value = "- " + std::to_string(session_id) + " " + std::to_string(version) +
                         line.value.substr(std::min(line.value.find(" IN "), line.value.size()));
        }
    }
}

bool is_direction(const sdp::Line& line) {
    return line.type == 'a' && (line.value == "sendrecv" || line.value == "sendonly" ||
                                line.value == "recvonly" || line.value == "inactive");
}

}  // namespace

Result<Negotiation> Negotiation::begin(std::string_view offer, std::uint64_t salt) {
    Negotiation negotiation;
    negotiation.is_ours_ = offer.empty();
    CAUSEWAY_TRY(negotiation.offer_, sdp::parse(offer.empty() ? kOurOffer : offer));
    CAUSEWAY_TRY(negotiation.asked_, sdp::audio(negotiation.offer_));
    if (negotiation.asked_.voice() == nullptr) {
        return fail(Errc::Unsupported, "the offer names no voice codec");
    }
    negotiation.addresses_[0] = addresses_in(negotiation.offer_);
    negotiation.parties_[0].session_id = salt & kSessionIdMask;
    negotiation.parties_[1].session_id = (salt >> 32U) & kSessionIdMask;
    return negotiation;
}

void Negotiation::opened(const Endpoint& a_side, const Endpoint& b_side) {
    at(End::A).local = a_side;
    at(End::B).local = b_side;
}

sdp::RewritePlan Negotiation::plan_for(End end) const {
    sdp::RewritePlan plan;
    plan.local = at(end).local;
    plan.session_id = at(end).session_id;
    plan.session_version = at(end).version;
    plan.hidden = addresses_[static_cast<std::size_t>(other(end))];
    return plan;
}

Result<std::string> Negotiation::offer_for(const routing::Target& gateway) {
    Party& party = at(End::B);
    party.version = 1;
    sdp::RewritePlan plan = plan_for(End::B);
    plan.codecs = gateway.codecs;
    at(End::B).side.wants_rtcp = gateway.kind != routing::Kind::Livekit;
    if (gateway.kind == routing::Kind::Livekit) {
        plan.plain = true;
        plan.only = {"PCMU", "PCMA", "G722"};
    }
    CAUSEWAY_TRY(party.description, sdp::make_offer({offer_, asked_}, plan));
    return sdp::print(party.description);
}

Result<std::string> Negotiation::answered(std::string_view answer) {
    CAUSEWAY_TRY(const sdp::Session theirs, sdp::parse(answer));
    CAUSEWAY_TRY(const sdp::Audio b, sdp::audio(theirs));
    addresses_[1] = addresses_in(theirs);
    Party& party = at(End::A);
    party.version = 1;
    const Direction direction = joined(asked_.direction, b.direction);
    CAUSEWAY_TRY(party.description,
                 sdp::make_answer({offer_, asked_}, {theirs, b}, direction, plan_for(End::A)));
    CAUSEWAY_TRY(const sdp::Audio ours, sdp::audio(party.description));
    if (ours.voice() == nullptr) {
        return fail(Errc::Unsupported, "the answer names no voice codec");
    }
    agree(ours.codecs, asked_);
    codec_ = ours.voice()->name;
    adopt(End::A, asked_);
    adopt(End::B, b);
    party.side.speaks = party.side.speaks && receives(direction);  // it heeds our answer
    if (is_ours_) {
        // What leg a gets is our offer; where it wants its audio comes with its ACK.
        party.awaiting_answer = true;
        party.side.peer = party.side.rtcp = Endpoint{};
        party.side.hears = party.side.speaks = false;
    }
    return sdp::print(party.description);
}

/// Each end sends events under the number that the other one has named: leg b in its answer, leg a
/// in its offer.
void Negotiation::agree(const std::vector<sdp::Codec>& codecs, const sdp::Audio& offered) {
    agreed_.fill(codecs);
    if (const sdp::Codec* event = offered.event()) {
        for (sdp::Codec& codec : agreed_[1]) {
            if (sdp::is_telephone_event(codec)) {
                codec.payload_type = event->payload_type;
            }
        }
    }
}

void Negotiation::adopt(End end, const sdp::Audio& audio) {
    MediaSide& side = at(end).side;
    side.peer = audio.rtp;
    side.rtcp = audio.rtcp;
    side.hears = receives(audio.direction) && !audio.rtp.ip.is_unspecified();
    side.speaks = sends(audio.direction) && !audio.is_hold();  // music on hold is welcome
    side.payload_types.clear();
    // Either number: not everybody sends events under the one it was told.
    for (const auto& codecs : agreed_) {
        for (const sdp::Codec& codec : codecs) {
            if (std::find(side.payload_types.begin(), side.payload_types.end(),
                          codec.payload_type) == side.payload_types.end()) {
                side.payload_types.push_back(codec.payload_type);
            }
        }
    }
}

std::string Negotiation::publish(End end, sdp::Session description) {
    at(end).description = std::move(description);
    return sdp::print(at(end).description);
}

Result<std::string> Negotiation::reoffered(End end, std::string_view offer) {
    CAUSEWAY_TRY(const sdp::Session theirs, sdp::parse(offer));
    CAUSEWAY_TRY(const sdp::Audio audio, sdp::audio(theirs));
    const auto& agreed = agreed_[static_cast<std::size_t>(end)];
    sdp::RewritePlan plan = plan_for(end);
    CAUSEWAY_TRY(sdp::Session ours, sdp::make_local_answer(theirs, agreed, plan));
    if (ours != at(end).description) {
        plan.session_version = ++at(end).version;  // RFC 3264 §8
        CAUSEWAY_TRY(ours, sdp::make_local_answer(theirs, agreed, plan));
    }
    addresses_[static_cast<std::size_t>(end)] = addresses_in(theirs);
    adopt(end, audio);
    return publish(end, std::move(ours));
}

Result<std::string> Negotiation::our_offer(End end) {
    Party& party = at(end);
    CAUSEWAY_TRY(const sdp::Audio audio, sdp::audio(party.description));
    sdp::Session offer = party.description;
    auto& lines = offer.media[audio.index].lines;
    std::erase_if(lines, is_direction);
    lines.push_back({'a', "sendrecv"});
    if (offer != party.description) {
        set_version(offer, party.session_id, ++party.version);
    }
    party.awaiting_answer = true;
    return publish(end, std::move(offer));
}

bool Negotiation::is_agreed() const {
    const auto has_codec = [](const auto& codecs) { return !codecs.empty(); };
    const auto is_described = [](const Party& party) {
        return sdp::parse(sdp::print(party.description)).has_value();
    };
    return std::all_of(agreed_.begin(), agreed_.end(), has_codec) &&
           std::all_of(parties_.begin(), parties_.end(), is_described);
}

bool Negotiation::reanswered(End end, std::string_view answer) {
    if (!std::exchange(at(end).awaiting_answer, false)) {
        return false;
    }
    const auto theirs = sdp::parse(answer);
    if (!theirs) {
        return false;
    }
    const auto audio = sdp::audio(*theirs);
    const sdp::Codec& voice = agreed_[static_cast<std::size_t>(end)].front();
    const bool keeps_codec =
        audio && std::any_of(audio->codecs.begin(), audio->codecs.end(), [&](const auto& codec) {
            return codec.payload_type == voice.payload_type && sdp::is_same_codec(codec, voice);
        });
    if (!keeps_codec) {
        return false;
    }
    is_ours_ = is_ours_ && end != End::A;
    adopt(end, *audio);
    return true;
}

}  // namespace causeway::call
