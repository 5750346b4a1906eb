#pragma once

#include "causeway/sdp/session.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::sdp {

/// Decides which attributes of one leg's description the other leg may read.
/// Owns: copies of the texts to hide. Thread: any.
class Screen {
public:
    /// Besides `plan.hidden` the host name in `source`'s o= is hidden.
    Screen(const Session& source, const RewritePlan& plan);

    /// True if `text` holds a text to hide (compared without case) or an IP address.
    [[nodiscard]] bool reveals(std::string_view text) const;
    /// True if `text` holds one of the plan's hidden texts.
    [[nodiscard]] bool is_hidden(std::string_view text) const;
    /// True for an attribute that may pass as it stands: nothing that describes the other leg's
    /// transport, keys, grouping or identities, that we write ourselves, or that reveals an
    /// address.
    [[nodiscard]] bool passes(const Line& line) const;

private:
    std::vector<std::string> hidden_;
    std::string origin_;  ///< lower-case host name; empty: none
};

}  // namespace causeway::sdp
