#include "causeway/call/outcome.hpp"

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

}  // namespace causeway::call
