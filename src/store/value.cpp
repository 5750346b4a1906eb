#include "value.hpp"

#include <algorithm>

namespace causeway::store {

const Value& Value::operator[](std::string_view field) const {
    static const Value absent;
    const auto hit = std::find_if(children.begin(), children.end(), [&](const Value& child) {
        return child.key != nullptr && child.key->name() == field;
    });
    return hit == children.end() ? absent : *hit;
}

std::string Value::text() const {
    const auto* text = get<std::string>();
    return text != nullptr ? *text : std::string{};
}

std::vector<std::string> Value::texts() const {
    std::vector<std::string> all;
    for (const Value& child : children) {
        if (const auto* text = child.get<std::string>()) {
            all.push_back(*text);
        }
    }
    return all;
}

}  // namespace causeway::store
