#pragma once

#include "support/sim/around.hpp"

#include <string>
#include <string_view>

namespace causeway::testing::sim {

/// Somebody who keeps no rule: noise, pieces of messages, requests out of nowhere. Thread: one.
class Vandal {
public:
    Vandal(Around& around, Endpoint address, Endpoint sbc, std::string mark);
    /// One datagram, sometimes several.
    void strike(const std::string& number);

    [[nodiscard]] const Endpoint& address() const { return address_; }

private:
    [[nodiscard]] std::string message(std::string_view method, const std::string& number);
    void mutilate(std::string& text);

    Around& around_;
    Endpoint address_;
    Endpoint sbc_;
    std::string mark_;
};

}  // namespace causeway::testing::sim
