#pragma once

#include "causeway/base/result.hpp"
#include "causeway/config/config.hpp"
#include "causeway/control/control.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::control {

/// Who may ask (PRODUCT §7). Pure but for libcrypto.
///
/// With tokens every request bears one. Without, the listener is on loopback, and what remains to
/// be kept out are other sites' pages in a browser on this machine: their requests show in Host
/// (after DNS rebinding), in Origin or in the type of their body; and what a proxy passes on.
class Gate {
public:
    Gate(Access access, const std::vector<config::Token>& tokens);

    /// The head of a request.
    struct Head {
        std::vector<std::pair<std::string_view, std::string_view>> fields;
        bool has_body{};
    };
    /// `port`: ours, as clients see it. Passed: the token's name, or nothing where none is needed.
    /// Otherwise 401, 403 or 415.
    [[nodiscard]] Result<std::string, Response> judge(const Head& head, std::uint16_t port) const;

private:
    using Digest = std::array<unsigned char, 32>;
    struct Known {
        std::string name;
        Digest digest;
    };
    static Digest digest_of(std::string_view token);
    /// Compares with all of them, in the same time whatever they hold.
    [[nodiscard]] std::optional<std::string> bearer(const Head& head) const;

    Access access_;
    std::vector<Known> known_;
};

}  // namespace causeway::control
