#include "draft.hpp"

namespace causeway::store {

void Names::take(const std::string& name, int line, Problems& problems) {
    const auto [entry, is_new] = lines_.emplace(name, line);
    if (!is_new) {
        problems.error(line, path_ + ": " + name + " stands on line " +
                                 std::to_string(entry->second) + " already");
    }
}

void complain(Draft& draft, const Value& value, const std::string& message) {
    draft.problems.error(value.line, std::string(value.key->path) + ": " + message);
}

}  // namespace causeway::store
