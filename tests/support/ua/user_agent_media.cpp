#include "support/ua/user_agent.hpp"

namespace causeway::testing {
namespace {

bool may_hear(const SdpText& description) {
    return description.direction == "sendrecv" || description.direction == "recvonly";
}

}  // namespace

void UserAgent::on_rtp(std::uint16_t /*local_port*/, std::string_view bytes,
                       const Endpoint& /*from*/, Time now) {
    audio_.receive(bytes, now);
}

void UserAgent::learn(const SdpText& description, Time now) {
    remote_sdp_ = description;
    const auto to = description.rtp();
    if (!to || to->port == 0 || state_ == State::Ended) {
        return;
    }
    for (const auto& format : description.formats) {
        if (format.name != "PCMA/8000" && format.name != "PCMU/8000") {
            continue;
        }
        RtpCodec codec{.payload_type = static_cast<std::uint8_t>(format.payload_type),
                       .law = format.name == "PCMA/8000" ? Law::A : Law::Mu,
                       .events = std::nullopt};
        if (const auto events = description.find("telephone-event/8000")) {
            codec.events = static_cast<std::uint8_t>(*events);
        }
        audio_.start(*to, codec, now);
        follow_directions(now);
        advance(now);
        return;
    }
}

void UserAgent::follow_directions(Time now) {
    const bool is_local = local_direction_ == "sendrecv" || local_direction_ == "sendonly";
    const bool is_held =
        !remote_sdp_ || !may_hear(*remote_sdp_) || remote_sdp_->address == "0.0.0.0";
    if (is_local && !is_held) {
        audio_.resume(now);
    } else {
        audio_.pause(now);
    }
}

}  // namespace causeway::testing
