#pragma once

#include "causeway/b2bua/story.hpp"
#include "causeway/config/config.hpp"
#include "causeway/intake/intake.hpp"
#include "causeway/sip/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::b2bua {

/// What a sentence may draw on besides the story itself.
struct Scene {
    const config::Snapshot& config;  ///< as it is now
    sip::Source source;
    std::string detail;  ///< what only the moment knew
    /// The request that was refused, and what would become of it now.
    const sip::Message* request{};
    const intake::Explanation* again{};
};

struct Told {
    std::string sentence;
    std::string fix;  ///< YAML, a command, or words; empty: nothing to change
};

/// Why it went as it did, with names and numbers, and what to change.
[[nodiscard]] Told tell(const Story& story, const Scene& scene);

/// The configuration that would let this address in: what the log says of strangers, and `why`.
[[nodiscard]] std::string admitting_line(const config::Interface& interface, const IpAddress& ip);

/// The owned number that is most like this one: with a plus, or another end; with its owner, in
/// words. Empty: none is near. A few hundred look-ups.
[[nodiscard]] std::string nearest_owned(const tenant::Directory& tenants, std::string_view number);

}  // namespace causeway::b2bua
