#pragma once

#include "support/sim/agent.hpp"

#include <map>
#include <string>

namespace causeway::testing::sim {

/// A far end of kind generic: rings, answers, refuses, forks, is silent, answers too late.
class Gateway final : public Agent {
public:
    using Agent::Agent;

private:
    void on_invite(const SipText& invite, const Endpoint& from) override;
    void on_cancel(const SipText& invite) override;
    void on_provisional(Session& session, const SipText& response) override;
    void on_up(Session& session) override;

    void ring(Session& session);
    void answer(Session& session);
    void refuse(Session& session, int status);
    [[nodiscard]] std::string odd_description(Session& session);
};

}  // namespace causeway::testing::sim
