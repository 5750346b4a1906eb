#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace causeway::b2bua {

/// Dialogs that we have ended by BYE of late, by a keyed hash of Call-ID and tags: a BYE of the
/// peer that crosses ours gets its 200 (RFC 3261 §15.1.2), although the call is forgotten. Of two
/// that share a place the later one is remembered; a BYE for the other is 481, which ends it at
/// the peer all the same. Thread: sip. A value of fixed size.
class Farewells {
public:
    void note(std::uint64_t dialog) { place(dialog) = dialog; }
    [[nodiscard]] bool has(std::uint64_t dialog) { return place(dialog) == dialog; }

private:
    static constexpr std::size_t kRemembered = 4096;
    std::uint64_t& place(std::uint64_t dialog) { return said_[dialog % said_.size()]; }

    std::array<std::uint64_t, kRemembered> said_{};
};

}  // namespace causeway::b2bua
