#include "causeway/call/outcome.hpp"

#include "causeway/call/reasons.hpp"

#include <algorithm>

namespace causeway::call {

std::string_view to_string(Cause cause) {
    switch (cause) {
        case Cause::Success:
            return "success";
        case Cause::Client:
            return "client";
        case Cause::Upstream:
            return "upstream";
        case Cause::Server:
            return "server";
        case Cause::Indeterminate:
            return "indeterminate";
    }
    return "server";
}

std::string_view to_string(By by) {
    switch (by) {
        case By::A:
            return "a";
        case By::B:
            return "b";
        case By::Causeway:
            return "causeway";
    }
    return "causeway";
}

std::string_view reason_token(std::string_view text) {
    const auto rows = reasons();
    const auto row = std::ranges::find(rows, text, &Reason::token);
    const bool is_end = row != rows.end() && (row->stage == "call" || row->stage == "end");
    return is_end ? row->token : std::string_view();
}

}  // namespace causeway::call
