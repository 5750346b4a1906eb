#include "causeway/sip/verdict.hpp"

namespace causeway {

std::string_view to_string(Stage stage) {
    switch (stage) {
        case Stage::Admission:
            return "admission";
        case Stage::Normalize:
            return "normalize";
        case Stage::Tenant:
            return "tenant";
        case Stage::Routing:
            return "routing";
        case Stage::Call:
            return "call";
    }
    return "call";
}

}  // namespace causeway
