#include "draft.hpp"

#include <algorithm>
#include <string>
#include <variant>

/// What a reload may not change.
namespace causeway::store {
namespace {

bool is_restart(const Value& value) {
    return value.key != nullptr && value.key->applies == Applies::Restart;
}

/// An empty text is as good as none.
bool is_nothing(const Scalar& scalar) {
    const auto* text = std::get_if<std::string>(&scalar);
    return std::holds_alternative<std::monostate>(scalar) || (text != nullptr && text->empty());
}

bool is_equal(const Value& one, const Value& other) {
    return (one.scalar == other.scalar || (is_nothing(one.scalar) && is_nothing(other.scalar))) &&
           std::equal(one.children.begin(), one.children.end(), other.children.begin(),
                      other.children.end(), is_equal);
}

/// It was reported and came out as if it were absent.
bool is_wrong(const Value& value) {
    return value.given && value.key->shape == Shape::Scalar &&
           std::holds_alternative<std::monostate>(value.scalar);
}

/// Names the smallest thing that differs; a list of plain values is one thing.
void compare(const Value& was, const Value& is, Problems& problems) {
    if (is_wrong(is)) {
        return;
    }
    const bool is_plain_list = is.key->shape == Shape::List || is.key->shape == Shape::OneOrList;
    if (is_plain_list || was.children.size() != is.children.size() || is.children.empty()) {
        if (!is_equal(was, is)) {
            problems.error(is.line, std::string(is.key->path) + ": needs a restart");
        }
        return;
    }
    for (std::size_t i = 0; i < is.children.size(); ++i) {
        compare(was.children[i], is.children[i], problems);
    }
}

}  // namespace

Value startup_part(const Value& file) {
    Value part;
    part.key = file.key;
    for (const Value& child : file.children) {
        if (is_restart(child)) {
            part.children.push_back(child);
        } else if (child.key->shape == Shape::Map) {
            part.children.push_back(startup_part(child));
        }
    }
    return part;
}

void check_restart(const Value& started, const Value& file, Problems& problems) {
    for (const Value& was : started.children) {
        const auto is = std::find_if(file.children.begin(), file.children.end(),
                                     [&](const Value& value) { return value.key == was.key; });
        if (is == file.children.end()) {
            continue;  // what should hold it is no map: said already
        }
        is_restart(was) ? compare(was, *is, problems) : check_restart(was, *is, problems);
    }
}

}  // namespace causeway::store
