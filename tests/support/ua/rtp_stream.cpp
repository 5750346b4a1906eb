#include "support/ua/rtp_stream.hpp"

#include <algorithm>

namespace causeway::testing {
namespace {

constexpr std::size_t kFrame = 160;
constexpr Millis kFrameTime{20};
constexpr std::size_t kHeader = 12;
constexpr std::size_t kKept = 30'000;  // packets whose times and samples are kept: ten minutes

void put16(std::string& out, std::uint32_t value) {
    out.push_back(static_cast<char>((value >> 8) & 0xFF));
    out.push_back(static_cast<char>(value & 0xFF));
}

void put32(std::string& out, std::uint32_t value) {
    put16(out, value >> 16);
    put16(out, value);
}

std::uint32_t byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<unsigned char>(bytes[index]);
}

std::uint32_t read32(std::string_view bytes, std::size_t index) {
    return byte_at(bytes, index) << 24 | byte_at(bytes, index + 1) << 16 |
           byte_at(bytes, index + 2) << 8 | byte_at(bytes, index + 3);
}

/// Version 2, whole header, and not RTCP by RFC 5761 §4's rule on the second byte.
bool is_rtp(std::string_view packet) {
    if (packet.size() < kHeader || (byte_at(packet, 0) >> 6) != 2) {
        return false;
    }
    return byte_at(packet, 1) < 192 || byte_at(packet, 1) > 223;
}

/// The payload behind CSRCs and extension, without padding (RFC 3550 §5.1, §5.3.1).
std::string_view payload_of(std::string_view packet) {
    std::size_t start = kHeader + std::size_t{4} * (byte_at(packet, 0) & 15U);
    if ((byte_at(packet, 0) & 0x10U) != 0 && start + 4 <= packet.size()) {
        const std::size_t words = byte_at(packet, start + 2) << 8 | byte_at(packet, start + 3);
        start += 4 + 4 * words;
    }
    std::size_t end = packet.size();
    if ((byte_at(packet, 0) & 0x20U) != 0) {
        end -= std::min<std::size_t>(end, byte_at(packet, end - 1));
    }
    return start < end ? packet.substr(start, end - start) : std::string_view{};
}

}  // namespace

RtpStream::RtpStream(Options options) : options_(std::move(options)) {}

void RtpStream::start(const Endpoint& to, const RtpCodec& codec, Time now) {
    remote_ = to;
    codec_ = codec;
    if (!next_ && !paused_at_) {
        next_ = now;
    }
}

void RtpStream::pause(Time now) {
    if (next_) {
        next_.reset();
        paused_at_ = now;
    }
}

void RtpStream::resume(Time now) {
    if (paused_at_) {
        const auto frames = (now - *paused_at_) / kFrameTime;
        options_.timestamp +=
            static_cast<std::uint32_t>(frames) * static_cast<std::uint32_t>(kFrame);
        paused_at_.reset();
        next_ = now;
    }
}

void RtpStream::stop() {
    next_.reset();
    paused_at_.reset();
}

std::optional<std::string> RtpStream::frame(Time now) {
    if (!next_ || now < *next_ || !codec_) {
        return std::nullopt;
    }
    std::string packet;
    packet.reserve(kHeader + kFrame);
    packet.push_back('\x80');
    packet.push_back(static_cast<char>(codec_->payload_type | (facts_.sent == 0 ? 0x80 : 0)));
    put16(packet, options_.sequence++);
    put32(packet, options_.timestamp);
    put32(packet, options_.ssrc);
    for (std::size_t i = 0; i < kFrame; ++i) {
        std::int16_t sample = 0;
        if (!options_.program.empty()) {
            sample = options_.program[position_++ % options_.program.size()];
        }
        packet.push_back(codec_->law ? static_cast<char>(g711_encode(*codec_->law, sample)) : '\0');
    }
    if (sent_at_.size() < kKept) {
        sent_at_[options_.timestamp] = now;
    }
    options_.timestamp += static_cast<std::uint32_t>(kFrame);
    ++facts_.sent;
    *next_ += kFrameTime;
    return packet;
}

void RtpStream::receive(std::string_view packet, Time now) {
    if (!is_rtp(packet) || !is_expected(byte_at(packet, 1) & 0x7F)) {
        ++facts_.alien;
        return;
    }
    const auto number = static_cast<std::uint16_t>(byte_at(packet, 2) << 8 | byte_at(packet, 3));
    const Place place = note(read32(packet, 8), number);
    if (place == Place::Duplicate) {
        ++facts_.duplicates;
        return;
    }
    facts_.reordered += place == Place::Late ? 1U : 0U;
    ++facts_.received;
    if (facts_.last_at) {
        facts_.longest_gap =
            std::max(facts_.longest_gap, std::chrono::duration_cast<Millis>(now - *facts_.last_at));
    } else {
        facts_.first_at = now;
    }
    facts_.last_at = now;
    if (arrivals_.size() < kKept) {
        arrivals_.emplace_back(read32(packet, 4), now);
        record(static_cast<std::uint8_t>(byte_at(packet, 1) & 0x7F), payload_of(packet));
    }
}

RtpStream::Place RtpStream::note(std::uint32_t ssrc, std::uint16_t number) {
    const auto [entry, is_new] = sequences_.try_emplace(ssrc);
    Sequence& sequence = entry->second;
    if (is_new) {
        sequence.lowest = sequence.highest = number;
        sequence.seen.insert(number);
        return Place::Next;
    }
    const auto step = static_cast<std::int16_t>(
        static_cast<std::uint16_t>(number - static_cast<std::uint16_t>(sequence.highest)));
    const std::int64_t extended = sequence.highest + step;
    if (!sequence.seen.insert(extended).second) {
        return Place::Duplicate;
    }
    sequence.lowest = std::min(sequence.lowest, extended);
    if (extended < sequence.highest) {
        return Place::Late;
    }
    sequence.highest = extended;
    return Place::Next;
}

void RtpStream::record(std::uint8_t payload_type, std::string_view payload) {
    const auto law = law_of(payload_type);
    if (!law) {
        return;
    }
    for (const char byte : payload) {
        heard_.push_back(g711_decode(*law, static_cast<std::uint8_t>(byte)));
    }
}

std::optional<Law> RtpStream::law_of(std::uint8_t payload_type) const {
    if (codec_) {
        return payload_type == codec_->payload_type ? codec_->law : std::nullopt;
    }
    // Before the answer is here (RFC 3264 §5.1: media may come first) static types speak.
    if (payload_type == 0) {
        return Law::Mu;
    }
    return payload_type == 8 ? std::optional(Law::A) : std::nullopt;
}

bool RtpStream::is_expected(std::uint8_t payload_type) const {
    if (!codec_) {
        return true;
    }
    return payload_type == codec_->payload_type || codec_->events == payload_type;
}

RtpFacts RtpStream::facts() const {
    RtpFacts facts = facts_;
    facts.sources = sequences_.size();
    for (const auto& [ssrc, sequence] : sequences_) {
        const auto span = static_cast<std::uint64_t>(sequence.highest - sequence.lowest + 1);
        facts.lost += span - sequence.seen.size();
    }
    return facts;
}

std::optional<std::chrono::microseconds> RtpStream::delay_from(const RtpStream& sender) const {
    std::vector<std::chrono::microseconds> delays;
    for (const auto& [timestamp, at] : arrivals_) {
        const auto sent = sender.sent_at_.find(timestamp);
        if (sent != sender.sent_at_.end() && at >= sent->second) {
            delays.push_back(
                std::chrono::duration_cast<std::chrono::microseconds>(at - sent->second));
        }
    }
    if (delays.size() * 2 < arrivals_.size() || delays.empty()) {
        return std::nullopt;
    }
    const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
    std::nth_element(delays.begin(), middle, delays.end());
    return *middle;
}

}  // namespace causeway::testing
