#include "commands.hpp"

#include "causeway/call/reasons.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace causeway::app {
namespace {

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

}  // namespace

Exit why(const WhyOptions& options) {
    const call::Reason* const reason = call::find_reason(options.subject);
    if (reason == nullptr) {
        std::cerr << "causeway: " << options.subject << ": no code of Causeway's\n";
        return Exit::Usage;
    }
    print_reason(*reason, options.output);
    return Exit::Good;
}

}  // namespace causeway::app
