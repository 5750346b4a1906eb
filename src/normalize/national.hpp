#pragma once

#include "causeway/base/result.hpp"

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::normalize {

/// The numbering plan of one country: libphonenumber's data, compiled once. Its own Parse() costs
/// 25–45 µs a number, which is more than the rest of a call's set-up; the same patterns and the
/// same steps here cost about one. tests/unit/normalize holds both against each other. Thread: any;
/// immutable. Owns: its compiled patterns.
class National {
    struct Token {};  ///< only `make` has one

public:
    explicit National(Token /*made*/) {}
    /// NotFound: no such country (ISO 3166 code in capitals).
    [[nodiscard]] static Result<std::unique_ptr<const National>> make(const std::string& country);

    /// Digits as dialled in this country, as E.164 with plus; nothing if they are no number.
    [[nodiscard]] std::optional<std::string> read(std::string_view digits) const;

private:
    /// Against the lengths that the plan knows.
    enum class Length { Possible, TooShort, TooLong, Other };

    [[nodiscard]] bool is_viable(std::string_view number) const;
    [[nodiscard]] bool is_valid(std::string_view number) const;
    [[nodiscard]] Length length_of(std::string_view number) const;
    /// The number without the national (trunk) prefix.
    [[nodiscard]] std::string without_prefix(std::string_view number) const;
    [[nodiscard]] std::optional<std::string> international(std::string_view national) const;

    std::string code_;             ///< country calling code
    std::unique_ptr<RE2> viable_;  ///< any number of the country
    std::unique_ptr<RE2> valid_;   ///< any number of a known kind
    std::unique_ptr<RE2> prefix_;  ///< national prefix for parsing; null: none
    std::unique_ptr<RE2> exit_;    ///< international dialling prefix; null: none
    std::string transform_;        ///< RE2 rewrite when the prefix' last group matched
    std::vector<int> lengths_;     ///< sorted
};

}  // namespace causeway::normalize
