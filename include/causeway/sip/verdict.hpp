#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace causeway {

/// Where in a call's way a decision fell (PRODUCT's table of reasons).
enum class Stage : std::uint8_t { Admission, Normalize, Tenant, Routing, Call };
std::string_view to_string(Stage stage);

/// An expected "no" (STYLE: *Verdict*): what the peer is told and why, in one constant token that
/// is log field, CDR field and metric label alike.
struct Rejection {
    sip::Status status;
    Stage stage{};
    std::string_view reason;           ///< a constant token of the table of reasons
    std::vector<sip::Header> headers;  ///< Retry-After, Allow, Unsupported …
};

template <class T>
using Verdict = Result<T, Rejection>;

/// Builds the failing side of a Verdict with the status' standard phrase.
inline tl::unexpected<Rejection> reject(int code, Stage stage, std::string_view reason,
                                        std::vector<sip::Header> headers = {}) {
    return tl::unexpected<Rejection>(
        Rejection{sip::status(code), stage, reason, std::move(headers)});
}

}  // namespace causeway
