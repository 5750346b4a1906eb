#include "reader.hpp"

#include "text.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace causeway::store {
namespace {

/// Looking for what was meant costs far more than reading: not for a file that is none of ours.
constexpr std::size_t kMostHints = 50;

/// An index of the table: the keys of each map, by the map's path.
using Families = std::unordered_map<std::string_view, std::vector<const Key*>>;

Families families() {
    Families all;
    for (const Key& key : keys()) {
        all[key.parent()].push_back(&key);
    }
    return all;
}

std::string_view name_of(Node::Kind kind) {
    switch (kind) {
        case Node::Kind::Null:
            return "nothing";
        case Node::Kind::Scalar:
            return "a single value";
        case Node::Kind::List:
            return "a list";
        case Node::Kind::Map:
            return "a map";
    }
    return "nothing";
}

/// Where in the file a value is written, and on which line its key stands.
struct Place {
    const Node& node;
    int key_line;
};

/// False for what means the same as its absence.
bool asks_for_something(const Value& value) {
    if (!value.given) {
        return false;
    }
    if (value.key->shape == Shape::Scalar) {
        const auto* text = value.get<std::string>();
        const auto* number = value.get<std::int64_t>();
        const auto* yes = value.get<bool>();
        const std::string_view fallback = value.key->fallback;
        const bool is_default_choice =
            value.key->form == Form::Choice && text != nullptr && *text == fallback;
        const bool is_usual_number =
            number != nullptr &&
            std::to_string(*number) == (fallback.empty() ? std::string_view("0") : fallback);
        const bool is_usual_switch = yes != nullptr && *yes == (fallback == "true");
        return !is_default_choice && (text == nullptr || !text->empty()) && !is_usual_number &&
               !is_usual_switch;
    }
    const bool is_map = value.key->shape == Shape::Map;
    return is_map ? std::any_of(value.children.begin(), value.children.end(), asks_for_something)
                  : !value.children.empty();
}

class Reader {
public:
    Reader(const Document& document, Problems& problems)
        : document_(document), problems_(problems), families_(families()) {}

    Value root() {
        const Node& root = document_.root();
        Value file;
        file.line = 1;
        if (root.kind == Node::Kind::Null) {
            problems_.error(0, "the file is empty");
            return file;
        }
        if (root.kind != Node::Kind::Map) {
            problems_.error(root.line,
                            "a map of keys is expected, not " + std::string(name_of(root.kind)));
            return file;
        }
        file.given = true;
        read_map(root, "", file);
        return file;
    }

private:
    void read_map(const Node& node, const std::string& path, Value& into) {
        const auto& family = families_.at(path);
        std::unordered_map<std::string_view, Place> found;
        std::unordered_set<std::string_view> seen;
        for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
            const Node& name = document_.at(node.children[i]);
            if (name.kind != Node::Kind::Scalar) {
                problems_.error(name.line, "a key must be a plain word, not " +
                                               std::string(name_of(name.kind)));
                continue;
            }
            if (!seen.insert(name.text).second) {
                problems_.error(name.line, full(path, name.text) + ": repeated in the same map");
            } else if (is_known(family, name, path)) {
                found.emplace(name.text, Place{document_.at(node.children[i + 1]), name.line});
            }
        }
        for (const Key* key : family) {
            const auto place = found.find(key->name());
            into.children.push_back(place == found.end() ? absent(*key, into.line)
                                                         : read(*key, place->second));
        }
    }

    bool is_known(const std::vector<const Key*>& family, const Node& name,
                  const std::string& path) {
        const bool is_extension = path.empty() && name.text.starts_with("x-");
        std::vector<std::string_view> names;
        for (const Key* key : family) {
            if (key->name() == name.text) {
                return true;
            }
            names.push_back(key->name());
        }
        if (is_extension) {
            return false;
        }
        const std::string_view near =
            ++unknown_ > kMostHints ? std::string_view{} : closest(name.text, names);
        const std::string hint =
            near.empty() ? std::string{} : " (did you mean " + std::string(near) + "?)";
        problems_.error(name.line, full(path, name.text) + ": not known in this version" + hint);
        return false;
    }

    Value read(const Key& key, const Place& place) {
        const bool is_idle = key.effect != Effect::Full;
        idle_ += is_idle ? 1 : 0;
        Value value = read_shape(key, place);
        idle_ -= is_idle ? 1 : 0;
        if (is_idle && idle_ == 0 && asks_for_something(value)) {
            key.effect == Effect::Unsafe ? problems_.unsafe(value.line, std::string(key.path))
                                         : problems_.ignored(value.line, std::string(key.path));
        }
        return value;
    }

    Value read_shape(const Key& key, const Place& place) {
        Value value;
        value.key = &key;
        value.line = place.key_line;
        if (++steps_ > kMostNodes) {
            if (steps_ == kMostNodes + 1) {
                problems_.error(place.key_line,
                                "aliases make more than " + std::to_string(kMostNodes) + " values");
            }
            return value;
        }
        switch (key.shape) {
            case Shape::Scalar:
                read_scalar(key, place, value);
                break;
            case Shape::List:
            case Shape::OneOrList:
            case Shape::Maps:
            case Shape::ShortMaps:
                read_list(key, place, value);
                break;
            case Shape::Map:
                if (place.node.kind == Node::Kind::Null) {
                    return absent(key, place.key_line);
                }
                read_fields(place, std::string(key.path), value);
                break;
        }
        return value;
    }

    bool expect(std::string_view path, const Place& place, Node::Kind kind, std::string_view what) {
        if (place.node.kind == kind) {
            return true;
        }
        problems_.error(place.key_line, std::string(path) + ": " + std::string(what) +
                                            " is expected, not " +
                                            std::string(name_of(place.node.kind)));
        return false;
    }

    void read_scalar(const Key& key, const Place& place, Value& value) {
        value.given = true;
        if (!expect(key.path, place, Node::Kind::Scalar, "a single value")) {
            return;
        }
        value.line = place.node.line;
        auto scalar = parse_scalar(key, place.node.text);
        if (scalar) {
            value.scalar = *std::move(scalar);
        } else {
            problems_.error(value.line, std::string(key.path) + ": " + scalar.error());
        }
    }

    void read_fields(const Place& place, const std::string& path, Value& value) {
        value.given = true;
        if (expect(path, place, Node::Kind::Map, "a map")) {
            read_map(place.node, path, value);
        }
    }

    void read_list(const Key& key, const Place& place, Value& value) {
        value.given = true;
        if (key.shape == Shape::OneOrList && place.node.kind == Node::Kind::Scalar) {
            value.children.push_back(read_element(key, place.node));
            return;
        }
        if (!expect(key.path, place, Node::Kind::List, "a list")) {
            return;
        }
        if (place.node.children.empty() && key.presence == Presence::Required) {
            problems_.error(place.key_line, std::string(key.path) + ": the list is empty");
        }
        for (const std::uint32_t index : place.node.children) {
            if (++steps_ > kMostNodes) {
                break;
            }
            value.children.push_back(read_element(key, document_.at(index)));
        }
    }

    Value read_element(const Key& key, const Node& element) {
        Value value;
        value.key = &key;
        value.line = element.line;
        const Place at{element, element.line};
        if (key.shape == Shape::ShortMaps && element.kind == Node::Kind::Scalar) {
            read_short(key, at, value);
        } else if (key.shape == Shape::Maps || key.shape == Shape::ShortMaps) {
            read_fields(at, std::string(key.path) + "[]", value);
        } else {
            read_scalar(key, at, value);
        }
        return value;
    }

    /// A scalar in place of a map that holds it as its first key.
    void read_short(const Key& key, const Place& at, Value& value) {
        value.given = true;
        for (const Key* field : families_.at(std::string(key.path) + "[]")) {
            value.children.push_back(value.children.empty() ? read(*field, at)
                                                            : absent(*field, at.key_line));
        }
    }

    /// What a key means that the file does not have: its default, or a complaint.
    Value absent(const Key& key, int line) {
        Value value;
        value.key = &key;
        value.line = line;
        if (key.presence == Presence::Required) {
            if (!in_absent_map_) {
                problems_.error(line, std::string(key.path) + ": missing");
            }
            return value;
        }
        if (key.shape == Shape::Map) {
            const bool was_in_absent_map = std::exchange(in_absent_map_, true);
            for (const Key* child : families_.at(key.path)) {
                value.children.push_back(absent(*child, line));
            }
            in_absent_map_ = was_in_absent_map;
        } else if (key.shape == Shape::List || key.shape == Shape::OneOrList) {
            for (const std::string_view element : split(key.fallback, ", ")) {
                value.children.push_back(fallback(key, line, element));
            }
        } else if (!key.fallback.empty()) {
            value = fallback(key, line, key.fallback);
        }
        return value;
    }

    static Value fallback(const Key& key, int line, std::string_view text) {
        Value value;
        value.key = &key;
        value.line = line;
        value.scalar = parse_scalar(key, text).value_or(Scalar{});
        return value;
    }

    static std::string full(const std::string& path, const std::string& name) {
        return path.empty() ? name : path + "." + name;
    }

    const Document& document_;
    Problems& problems_;
    Families families_;
    int idle_{};            ///< keys without effect that are being read
    bool in_absent_map_{};  ///< what a map needs is not missed where the map is not there
    std::size_t steps_{};
    std::size_t unknown_{};
};

}  // namespace

Value read_values(const Document& document, Problems& problems) {
    return Reader(document, problems).root();
}

}  // namespace causeway::store
