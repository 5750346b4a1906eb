#include "commands.hpp"
#include "tables.hpp"
#include "why_report.hpp"

#include "causeway/call/reasons.hpp"
#include "causeway/port/condition.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

namespace causeway::app {
namespace {

constexpr unsigned kGood = 200;

void print_reason(const call::Reason& reason, WhyOptions::Output output) {
    const bool is_here = reason.since == call::Since::Now;
    if (output == WhyOptions::Output::Json) {
        const nlohmann::ordered_json all{
            {"code", reason.code},     {"reason", reason.token},     {"stage", reason.stage},
            {"status", reason.status}, {"in_this_version", is_here}, {"meaning", reason.meaning},
            {"remedy", reason.remedy},
        };
        std::cout << all.dump(2) << '\n';
        return;
    }
    std::cout << reason.code << "  " << reason.token << " (" << reason.stage;
    if (!reason.status.empty()) {
        std::cout << ", answered " << reason.status;
    }
    std::cout << ")\n" << reason.meaning;
    if (!is_here) {
        std::cout << " This version never says it.";
    }
    std::cout << "\nWhat to change: " << reason.remedy << '\n';
}

/// As one part of a path (RFC 3986 §2.1).
std::string encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "-._~+@:";
    std::string out;
    for (const char c : text) {
        const bool is_word =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (is_word || kPlain.find(c) != std::string_view::npos) {
            out.push_back(c);
        } else {
            const auto code = static_cast<unsigned char>(c);
            out.append({'%', kDigits[code >> 4U], kDigits[code & 0xfU]});
        }
    }
    return out;
}

/// The code of a condition (docs/METRICS.md), in any case of letters; nullptr: none.
const port::TroubleKind* find_condition(std::string code) {
    std::transform(code.begin(), code.end(), code.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return port::find_trouble(code);
}

void print_condition(const port::TroubleKind& kind, WhyOptions::Output output) {
    if (output == WhyOptions::Output::Json) {
        const nlohmann::ordered_json all{
            {"code", kind.code},
            {"severity", port::to_string(kind.severity)},
            {"unready", kind.readiness == port::Readiness::Unready},
            {"affects", kind.affects},
            {"next", kind.next},
        };
        std::cout << all.dump(2) << '\n';
        return;
    }
    std::cout << kind.code << "  a condition (" << port::to_string(kind.severity) << ")\n"
              << kind.affects << "\nWhat to do: " << kind.next << '\n';
}

Exit complain(const std::string& what, Exit exit) {
    std::cerr << "causeway: " << what << '\n';
    return exit;
}

}  // namespace

Exit why(const WhyOptions& options) {
    const std::string& subject = options.subject;
    if (const call::Reason* const reason = call::find_reason(subject)) {
        print_reason(*reason, options.output);
        return Exit::Good;
    }
    if (const port::TroubleKind* const kind = find_condition(subject)) {
        print_condition(*kind, options.output);
        return Exit::Good;
    }
    if (subject.starts_with("CW-") || subject.starts_with("cw-")) {
        return complain(subject + ": no code of Causeway's", Exit::Usage);
    }
    const auto remote = find_remote(options.remote);
    if (!remote) {
        return complain(remote.error().what, Exit::Usage);
    }
    const auto answer = ask(*remote, "GET", "/api/v1/why/" + encoded(subject));
    if (!answer) {
        return complain(answer.error().what, Exit::Usage);
    }
    if (answer->status != kGood) {
        std::cerr << "causeway: " << complaint_of(answer->status, answer->body);
        return Exit::Bad;
    }
    const bool is_whole = options.output == WhyOptions::Output::Messages;
    std::cout << (options.output == WhyOptions::Output::Json
                      ? answer->body + "\n"
                      : story_text(answer->body, is_whole ? Messages::Whole : Messages::Lines));
    return Exit::Good;
}

}  // namespace causeway::app
