#include "causeway/call/explain.hpp"

#include "causeway/call/negotiation.hpp"
#include "causeway/sip/body.hpp"

namespace causeway::call {

intake::Explanation explain(const config::Snapshot& config, const sip::Source& from,
                            const sip::Message& invite) {
    intake::Explanation explanation = intake::explain(config, from, invite);
    if (!explanation.verdict) {
        return explanation;
    }
    const auto media = Negotiation::begin(sip::session_body(invite).sdp, 0);
    if (media) {
        explanation.trace.steps.push_back({Stage::Call, {}, "the offer can be passed on"});
        return explanation;
    }
    const Rejection no{sip::status(488), Stage::Call, "media_unsupported", {}};
    explanation.trace.steps.push_back({no.stage, no.reason, "488 " + media.error().what});
    explanation.verdict = tl::unexpected(no);
    return explanation;
}

}  // namespace causeway::call
