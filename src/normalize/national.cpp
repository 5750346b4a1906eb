#include "national.hpp"

#include <phonenumbers/phonemetadata.pb.h>

#include <algorithm>
#include <array>
#include <bitset>

// Exported by libphonenumber, declared in a header that it does not install.
namespace i18n::phonenumbers {
int metadata_size();
const void* metadata_get();
}  // namespace i18n::phonenumbers

namespace causeway::normalize {
namespace {

namespace lib = i18n::phonenumbers;

constexpr std::size_t kLongest = 15;  // E.164 §6: digits with the country code
constexpr std::size_t kShortest = 2;  // national digits; fewer are no number to libphonenumber

/// All countries. Constant data: read once, never changed.
const lib::PhoneMetadataCollection& metadata() {
    static const lib::PhoneMetadataCollection all = [] {
        lib::PhoneMetadataCollection read;
        read.ParseFromArray(lib::metadata_get(), lib::metadata_size());
        return read;
    }();
    return all;
}

/// Country calling codes that are in use, by number.
using Codes = std::bitset<1000>;

const Codes& codes() {
    static const Codes all = [] {
        Codes used;
        for (const auto& country : metadata().metadata()) {
            used.set(static_cast<std::size_t>(country.country_code()));
        }
        return used;
    }();
    return all;
}

/// True if these digits begin with a country code in use, with something behind it.
bool has_country_code(std::string_view digits) {
    std::size_t code = 0;
    for (std::size_t i = 0; i < 3 && i + kShortest < digits.size(); ++i) {
        code = code * 10 + static_cast<std::size_t>(digits[i] - '0');
        if (code > 0 && codes()[code]) {
            return true;
        }
    }
    return false;
}

std::unique_ptr<RE2> compile(const std::string& pattern) {
    RE2::Options options;
    options.set_log_errors(false);
    return std::make_unique<RE2>(pattern, options);
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

/// The patterns of every kind of number, as alternatives.
std::string all_kinds(const lib::PhoneMetadata& country) {
    std::string pattern;
    for (const lib::PhoneNumberDesc* kind :
         {&country.fixed_line(), &country.mobile(), &country.toll_free(), &country.premium_rate(),
          &country.shared_cost(), &country.personal_number(), &country.voip(), &country.pager(),
          &country.uan(), &country.voicemail()}) {
        const std::string& one = kind->national_number_pattern();
        if (!one.empty() && one != "NA") {
            pattern.append(pattern.empty() ? "" : "|").append("(?:" + one + ")");
        }
    }
    return pattern;
}

/// libphonenumber writes `$1` where RE2 writes `\1`.
std::string rewrite_of(std::string rule) {
    std::replace(rule.begin(), rule.end(), '$', '\\');
    return rule;
}

}  // namespace

Result<std::unique_ptr<const National>> National::make(const std::string& country) {
    const auto& all = metadata().metadata();
    const auto hit =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id() == country; });
    if (hit == all.end() || country == "001") {
        return fail(Errc::NotFound, country + " is no country (two capital letters, as DE)");
    }
    auto plan = std::make_unique<National>(Token{});
    plan->code_ = std::to_string(hit->country_code());
    plan->viable_ = compile(hit->general_desc().national_number_pattern());
    plan->valid_ = compile(all_kinds(*hit));
    if (hit->has_national_prefix_for_parsing()) {
        plan->prefix_ = compile("(?:" + hit->national_prefix_for_parsing() + ")");
    }
    if (hit->has_international_prefix()) {
        plan->exit_ = compile("(?:" + hit->international_prefix() + ")");
    }
    plan->transform_ = rewrite_of(hit->national_prefix_transform_rule());
    const auto& lengths = hit->general_desc().possible_length();
    plan->lengths_.assign(lengths.begin(), lengths.end());
    for (const auto* pattern : {&plan->viable_, &plan->valid_, &plan->prefix_, &plan->exit_}) {
        if (*pattern && !(*pattern)->ok()) {
            return fail(Errc::Internal, country + ": " + (*pattern)->error());
        }
    }
    return plan;
}

bool National::is_viable(std::string_view number) const {
    return RE2::FullMatch(piece(number), *viable_);
}

bool National::is_valid(std::string_view number) const {
    return length_of(number) == Length::Possible && RE2::FullMatch(piece(number), *valid_);
}

National::Length National::length_of(std::string_view number) const {
    const int length = static_cast<int>(number.size());
    if (std::binary_search(lengths_.begin(), lengths_.end(), length)) {
        return Length::Possible;
    }
    if (lengths_.empty() || length < lengths_.front()) {
        return Length::TooShort;
    }
    return length > lengths_.back() ? Length::TooLong : Length::Other;
}

std::string National::without_prefix(std::string_view number) const {
    constexpr int kMostGroups = 8;
    if (!prefix_) {
        return std::string(number);
    }
    const int groups = std::min(prefix_->NumberOfCapturingGroups(), kMostGroups - 1);
    std::array<re2::StringPiece, kMostGroups> found;
    if (!prefix_->Match(piece(number), 0, number.size(), RE2::ANCHOR_START, found.data(),
                        groups + 1)) {
        return std::string(number);
    }
    const std::string_view rest = number.substr(found[0].size());
    const auto& last = found[static_cast<std::size_t>(groups)];
    std::string stripped(rest);
    if (!transform_.empty() && groups > 0 && last.data() != nullptr) {
        std::string head;
        if (prefix_->Rewrite(&head, transform_, found.data(), groups + 1)) {
            stripped = head.append(rest);
        }
    }
    // A number of the country must not cease to be one because it begins with the prefix' digits.
    return is_viable(number) && !is_viable(stripped) ? std::string(number) : stripped;
}

std::optional<std::string> National::international(std::string_view national) const {
    if (national.size() < kShortest || code_.size() + national.size() > kLongest) {
        return std::nullopt;
    }
    return std::string("+").append(code_).append(national);
}

std::optional<std::string> National::read(std::string_view digits) const {
    re2::StringPiece dialled = piece(digits);
    if (exit_ && RE2::Consume(&dialled, *exit_) && !dialled.empty() && dialled[0] != '0') {
        const std::string_view abroad(dialled.data(), dialled.size());
        return has_country_code(abroad) && abroad.size() <= kLongest
                   ? std::optional(std::string("+").append(abroad))
                   : std::nullopt;
    }
    if (digits.starts_with(code_)) {
        const std::string_view behind = digits.substr(code_.size());
        if (is_valid(behind)) {
            return international(behind);
        }
        const std::string rest = without_prefix(behind);
        if ((!is_viable(digits) && is_viable(rest)) || length_of(digits) == Length::TooLong) {
            return international(rest);
        }
    }
    const std::string stripped = without_prefix(digits);
    const Length length = length_of(stripped);
    const bool keeps = length == Length::TooShort || length == Length::Other;
    return international(keeps ? digits : std::string_view(stripped));
}

}  // namespace causeway::normalize
