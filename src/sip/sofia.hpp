#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/uri.hpp"

// What the files of this module that speak to sofia-sip share. Never include it where libre's
// headers are: the two libraries' declarations collide.
#include <sofia-sip/url.h>

namespace causeway::sip {

/// Our value of what sofia-sip read. It takes nearly any bytes as a part of a URL, so every part
/// is checked here against RFC 3261 §25.1: what we keep may be written into a message again.
[[nodiscard]] Result<Uri> to_uri(const url_t& url);

/// True if `text` is a host name, an IPv4 address or an IPv6 reference (RFC 3261 §25.1 `host`;
/// underscores are let through, as resolvers do).
bool is_host(std::string_view text);

}  // namespace causeway::sip
