#include "causeway/call/reasons.hpp"

#include "support/reference/reference.hpp"

namespace causeway::test {

std::string reasons_reference() {
    std::string text =
        "# Reasons\n\n"
        "Why a call was refused or has ended. The token stands in CDRs (`outcome.reason`), metrics "
        "and\n"
        "`X-Causeway-Reason`; the code is the same for people: in log lines (`code`), in `causeway "
        "explain`,\n"
        "and `causeway why CODE` prints its row. Neither is ever given another meaning.\n\n"
        "This page is made from `src/call/reasons.cpp` by `cmake --build DIR --target "
        "reference`.\n";
    std::string_view stage;
    for (const call::Reason& reason : call::reasons()) {
        if (reason.stage != stage) {
            stage = reason.stage;
            text.append("\n## ").append(stage).append("\n\n");
            text.append("| code | token | answer | meaning | what to change |\n");
            text.append("|---|---|---|---|---|\n");
        }
        text.append("| `").append(reason.code).append("` | `").append(reason.token).append("` | ");
        text.append(reason.status).append(" | ").append(reason.meaning);
        if (reason.since == call::Since::Later) {
            text.append(" *Not in this version.*");
        }
        text.append(" | ").append(reason.remedy).append(" |\n");
    }
    return text;
}

}  // namespace causeway::test
