#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::testing {

enum class Way : std::uint8_t { In, Out };

/// One SIP message as it passed a party.
struct Step {
    Time at;
    Way way{};
    Endpoint peer;
    std::string bytes;

    [[nodiscard]] std::string_view start_line() const;
};

/// The steps of a party in order; what a person would draw as a ladder diagram.
class Ladder {
public:
    void add(Time at, Way way, const Endpoint& peer, std::string_view bytes);
    [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
    /// How many messages of this way begin so (`INVITE `, `SIP/2.0 180`).
    [[nodiscard]] std::size_t count(Way way, std::string_view prefix) const;
    /// The first message of this way that begins so; nullptr: none.
    [[nodiscard]] const Step* find(Way way, std::string_view prefix) const;
    [[nodiscard]] const Step* find_last(Way way, std::string_view prefix) const;

private:
    std::vector<Step> steps_;
};

}  // namespace causeway::testing
