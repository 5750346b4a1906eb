#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/verdict.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What numbers mean (PRODUCT §4.3): every carrier writes them its own way, behind here they are
/// E.164.
namespace causeway::normalize {

/// One rewriting rule: RE2 pattern and replacement (`\1` … groups).
struct Rule {
    std::string match;
    std::string replace;
    bool operator==(const Rule&) const = default;
};

/// How one carrier writes numbers. Immutable; the patterns are compiled once.
/// Thread: any. Owns: its compiled patterns. Fails: `make` names the pattern that RE2 refuses or a
/// country nobody has.
class Plan {
public:
    /// `country` is an ISO 3166 code or empty.
    [[nodiscard]] static Result<Plan> make(const std::vector<Rule>& rules,
                                           std::string_view country);
    Plan();
    ~Plan();
    Plan(Plan&&) noexcept;
    Plan& operator=(Plan&&) noexcept;
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    /// One user part (unescaped, without parameters) as E.164 with plus, or verbatim. In this
    /// order: rules (the first hit wins and is the result), emergency numbers and anything shorter
    /// than 7 digits verbatim, `+…` and `00…` as international, the national plan of `country`.
    /// Visual separators (RFC 3966 §5.1.1) are dropped first from what is a number at all.
    [[nodiscard]] std::string apply(std::string_view number,
                                    const std::vector<std::string>& emergency) const;

private:
    struct Impl;
    std::unique_ptr<const Impl> impl_;
};

/// Everything normalize knows.
struct Rules {
    std::vector<Plan>
        carriers;  ///< by carrier index; a tenant's own or missing: international only
    std::vector<std::string> emergency;  ///< kept verbatim
};

/// Reads who calls whom: called from the Request-URI's user (To's if it has none), calling from
/// From. 400 `bad_request` if neither holds a number. An anonymous or user-less From gives an empty
/// `calling`. `%`-escapes are decoded where the result may stand in a URI's user part as it is, and
/// user parameters (`;npdi=…`) are cut off: `called` and `calling` can be put into a URI.
[[nodiscard]] Verdict<sip::Parties> apply(const Rules& rules, std::size_t carrier,
                                          const sip::Message& invite);

}  // namespace causeway::normalize
