#pragma once

#include "commands.hpp"

#include "causeway/config/config.hpp"
#include "causeway/intake/intake.hpp"

#include <string>

/// `causeway explain` in three parts: the INVITE it is about, the verdict (intake's), the print.
namespace causeway::app {

/// An INVITE and where it came from.
struct Question {
    sip::Source from;
    std::string invite;
};

/// The INVITE of a file, or one made of the options. The failing side is for people: a usage error.
[[nodiscard]] Result<Question, std::string> question_of(const ExplainOptions& options,
                                                        const config::Snapshot& config);

/// The object of PRODUCT §7 as JSON text with a line end.
std::string as_json(const intake::Explanation& explanation, const config::Snapshot& config);

/// The same for people, a line each.
std::string as_table(const intake::Explanation& explanation, const config::Snapshot& config);

/// One attempt in words: where its gateway comes from.
struct Attempt {
    std::string gateway;  ///< group/name
    std::string uri;      ///< Request-URI
    std::string why;
};
std::vector<Attempt> attempts_of(const intake::Plan& plan, const config::Snapshot& config);

}  // namespace causeway::app
