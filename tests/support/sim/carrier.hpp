#pragma once

#include "support/sim/agent.hpp"

#include <string>

namespace causeway::testing::sim {

/// A carrier's switch: it calls, cancels, moves, holds, hangs up, forgets its ACK, forks.
class Carrier final : public Agent {
public:
    using Agent::Agent;
    /// One call to this number, with a course of its own.
    void place_call(const std::string& number);

private:
    void on_invite(const SipText& invite, const Endpoint& from) override;
    void on_cancel(const SipText& invite) override;
    void on_provisional(Session& session, const SipText& response) override;
    void on_up(Session& session) override;

    [[nodiscard]] std::string invite_text(const std::string& number);
    void fork(const Session& session);
    void end_early(Session& session);
    void give_up_at_last(Session& session);

    unsigned calls_{};
};

}  // namespace causeway::testing::sim
