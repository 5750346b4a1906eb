#include "national.hpp"

#include "causeway/normalize/normalize.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>

namespace causeway::normalize {
namespace {

constexpr std::size_t kShortest = 7;   // PRODUCT §4.3: fewer digits are a service or an extension
constexpr std::size_t kLongest = 15;   // E.164 §6
constexpr std::size_t kReadable = 32;  // more characters are no dialled number at all

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// RFC 3966 §5.1.1, and the space that people write.
bool is_separator(char c) {
    return c == '-' || c == '.' || c == '(' || c == ')' || c == ' ';
}

/// A number without its visual separators, or nothing if this is no number. The `(0)` of
/// `+49 (0)30…` is dialled inside the country only.
std::optional<std::string> bare(std::string_view text) {
    std::string number;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_digit(c) || (c == '+' && number.empty())) {
            number.push_back(c);
        } else if (!is_separator(c)) {
            return std::nullopt;
        } else if (number.starts_with('+') && text.substr(i, 3) == "(0)") {
            i += 2;
        }
    }
    return number;
}

/// `+` and the digits behind the international prefix, if they can be an E.164 number.
std::optional<std::string> international(std::string_view digits) {
    if (digits.empty() || digits.front() == '0' || digits.size() > kLongest) {
        return std::nullopt;
    }
    return std::string("+").append(digits);
}

struct Compiled {
    std::unique_ptr<RE2> match;
    std::string replace;
};

}  // namespace

struct Plan::Impl {
    std::vector<Compiled> rules;
    std::unique_ptr<const National> national;
};

Plan::Plan() = default;
Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

Result<Plan> Plan::make(const std::vector<Rule>& rules, std::string_view country) {
    auto impl = std::make_unique<Impl>();
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    for (const Rule& rule : rules) {
        auto match = std::make_unique<RE2>(rule.match, options);
        if (!match->ok()) {
            return fail(Errc::Malformed, "pattern '" + rule.match + "': " + match->error());
        }
        std::string complaint;
        if (!match->CheckRewriteString(rule.replace, &complaint)) {
            return fail(Errc::Malformed, "replacement '" + rule.replace + "' of pattern '" +
                                             rule.match + "': " + complaint);
        }
        impl->rules.push_back({std::move(match), rule.replace});
    }
    if (!country.empty()) {
        CAUSEWAY_TRY(impl->national, National::make(std::string(country)));
    }
    Plan plan;
    plan.impl_ = std::move(impl);
    return plan;
}

std::string Plan::apply(std::string_view number, const std::vector<std::string>& emergency) const {
    auto digits = bare(number);
    std::string text = digits ? *digits : std::string(number);
    if (impl_) {
        for (const Compiled& rule : impl_->rules) {
            if (RE2::Replace(&text, *rule.match, rule.replace)) {
                return text;
            }
        }
    }
    const bool is_emergency =
        std::find(emergency.begin(), emergency.end(), text) != emergency.end();
    if (!digits || is_emergency || text.size() > kReadable) {
        return text;
    }
    const bool has_plus = text.starts_with('+');
    const std::string_view dialled = std::string_view(text).substr(has_plus ? 1 : 0);
    if (dialled.size() < kShortest) {
        return text;
    }
    if (has_plus || dialled.starts_with("00")) {
        const std::string_view behind = dialled.starts_with("00") ? dialled.substr(2) : dialled;
        if (auto read = international(behind)) {
            return *std::move(read);
        }
    }
    if (!has_plus && impl_ && impl_->national) {
        if (auto read = impl_->national->read(dialled)) {
            return *std::move(read);
        }
    }
    return text;
}

}  // namespace causeway::normalize
