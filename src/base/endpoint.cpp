#include "causeway/base/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace causeway {
namespace {

constexpr std::array<std::uint8_t, 12> kV4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kV4Bits = 96;                 ///< length of the v4-mapped prefix
constexpr std::size_t kLongest = 45;                ///< of an IPv6 literal with a dotted quad
constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;  ///< 2^64 divided by the golden ratio

bool starts_with_bits(const IpAddress& ip, const IpAddress& prefix, std::size_t bits) {
    const std::size_t whole = bits / 8;
    if (!std::equal(ip.bytes.begin(), ip.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    prefix.bytes.begin())) {
        return false;
    }
    const unsigned rest = bits % 8;
    if (rest == 0) {
        return true;
    }
    const auto mask = static_cast<std::uint8_t>(0xff00U >> rest);
    return ((ip.bytes.at(whole) ^ prefix.bytes.at(whole)) & mask) == 0;
}

bool in_v4(const IpAddress& ip, std::uint8_t a, std::uint8_t b, std::size_t bits) {
    return starts_with_bits(ip, IpAddress::v4(a, b, 0, 0), kV4Bits + bits);
}

void append_v4(std::string& out, const std::uint8_t* octets) {
    for (int i = 0; i < 4; ++i) {
        if (i > 0) {
            out += '.';
        }
        out += std::to_string(octets[i]);
    }
}

unsigned group(const IpAddress& ip, std::size_t index) {
    return static_cast<unsigned>(ip.bytes.at(2 * index) << 8U) | ip.bytes.at(2 * index + 1);
}

/// RFC 5952 §4: the first longest run of at least two zero groups becomes `::`, no leading zeros,
/// lower case.
std::string v6_text(const IpAddress& ip) {
    std::size_t best = 8;
    std::size_t best_length = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t end = i;
        while (end < 8 && group(ip, end) == 0) {
            ++end;
        }
        if (end - i > best_length) {
            best = i;
            best_length = end - i;
        }
    }
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == best) {
            out += "::";
            i += best_length - 1;
            continue;
        }
        if (!out.empty() && out.back() != ':') {
            out += ':';
        }
        std::array<char, 4> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), group(ip, i), 16).ptr;
        out.append(digits.begin(), end);
    }
    return out;
}

std::uint64_t load(const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

}  // namespace

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    IpAddress ip;
    std::copy(kV4Prefix.begin(), kV4Prefix.end(), ip.bytes.begin());
    ip.bytes[12] = a;
    ip.bytes[13] = b;
    ip.bytes[14] = c;
    ip.bytes[15] = d;
    return ip;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const bool bracketed = text.size() >= 2 && text.front() == '[' && text.back() == ']';
    if (bracketed) {
        text = text.substr(1, text.size() - 2);
    }
    std::array<char, kLongest + 1> terminated{};
    if (text.size() > kLongest || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    std::copy(text.begin(), text.end(), terminated.begin());
    IpAddress ip;
    if (text.find(':') != std::string_view::npos) {
        if (::inet_pton(AF_INET6, terminated.data(), ip.bytes.data()) != 1) {
            return std::nullopt;
        }
        return ip;
    }
    ip = v4(0, 0, 0, 0);
    if (bracketed || ::inet_pton(AF_INET, terminated.data(), ip.bytes.data() + 12) != 1) {
        return std::nullopt;
    }
    return ip;
}

bool IpAddress::is_v4() const {
    return std::equal(kV4Prefix.begin(), kV4Prefix.end(), bytes.begin());
}

bool IpAddress::is_unspecified() const {
    return *this == IpAddress{} || *this == v4(0, 0, 0, 0);
}

bool IpAddress::is_loopback() const {
    IpAddress one;
    one.bytes[15] = 1;
    return *this == one || in_v4(*this, 127, 0, 8);
}

bool IpAddress::is_private() const {
    const bool v6 = (bytes[0] & 0xfeU) == 0xfc || (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80);
    return v6 || is_loopback() || in_v4(*this, 10, 0, 8) || in_v4(*this, 172, 16, 12) ||
           in_v4(*this, 192, 168, 16) || in_v4(*this, 100, 64, 10) || in_v4(*this, 169, 254, 16);
}

bool IpAddress::is_multicast() const {
    return bytes[0] == 0xff || in_v4(*this, 224, 0, 4);
}

std::string IpAddress::to_string() const {
    if (!is_v4()) {
        return v6_text(*this);
    }
    std::string out;
    append_v4(out, bytes.data() + 12);
    return out;
}

std::string Endpoint::to_string() const {
    return uri_host(ip) + ':' + std::to_string(port);
}

std::string uri_host(const IpAddress& ip) {
    return ip.is_v4() ? ip.to_string() : '[' + ip.to_string() + ']';
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::optional<IpAddress> ip = IpAddress::parse(text.substr(0, slash));
    if (!ip) {
        return std::nullopt;
    }
    const bool dotted = text.substr(0, slash).find(':') == std::string_view::npos;
    const unsigned most = dotted ? 32 : 128;
    unsigned bits = most;
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const char* const end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, bits);
        if (error != std::errc{} || stop != end || bits > most) {
            return std::nullopt;
        }
    }
    Cidr block{*ip, static_cast<std::uint8_t>(dotted ? kV4Bits + bits : bits)};
    for (std::size_t i = 0; i < block.network.bytes.size(); ++i) {
        const std::size_t kept = std::clamp<std::size_t>(block.length, 8 * i, 8 * i + 8) - 8 * i;
        block.network.bytes.at(i) &= static_cast<std::uint8_t>(0xff00U >> kept);
    }
    return block;
}

bool Cidr::contains(const IpAddress& ip) const {
    if (ip.is_v4() && length < kV4Bits) {
        return false;
    }
    return starts_with_bits(ip, network, length);
}

std::string Cidr::to_string() const {
    const bool v4 = network.is_v4() && length >= kV4Bits;
    return network.to_string() + '/' + std::to_string(v4 ? length - kV4Bits : length);
}

}  // namespace causeway

std::size_t std::hash<causeway::Endpoint>::operator()(
    const causeway::Endpoint& endpoint) const noexcept {
    std::uint64_t h = causeway::load(endpoint.ip.bytes.data()) + endpoint.port;
    h = (h ^ (h >> 32U)) * causeway::kMix;
    h += causeway::load(endpoint.ip.bytes.data() + 8);
    h = (h ^ (h >> 32U)) * causeway::kMix;
    return static_cast<std::size_t>(h ^ (h >> 32U));
}
