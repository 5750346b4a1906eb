#include "support/reference/reference.hpp"

#include "causeway/store/keys.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <string>
#include <vector>

namespace causeway::test {
namespace {

using Json = nlohmann::ordered_json;
using store::Form;
using store::Key;
using store::Shape;

Json pattern(std::string_view expression) {
    return {{"type", "string"}, {"pattern", expression}};
}

Json words(std::string_view values) {
    Json all = Json::array();
    while (!values.empty()) {
        const std::size_t end = std::min(values.find('|'), values.size());
        all.push_back(values.substr(0, end));
        values.remove_prefix(std::min(end + 1, values.size()));
    }
    return all;
}

/// `LEAST..MOST`, or `WORD|LEAST..MOST`.
Json integer(std::string_view values) {
    const std::size_t bar = values.find('|');
    const std::string_view range = bar == std::string_view::npos ? values : values.substr(bar + 1);
    const auto number = [](std::string_view text) {
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    const std::size_t dots = range.find("..");
    Json one{{"type", "integer"},
             {"minimum", number(range.substr(0, dots))},
             {"maximum", number(range.substr(dots + 2))}};
    if (bar == std::string_view::npos) {
        return one;
    }
    return {{"oneOf", Json::array({Json{{"const", values.substr(0, bar)}}, std::move(one)})}};
}

/// A word that YAML 1.1 reads as a number or a truth value is allowed as that too.
Json choice(std::string_view values) {
    Json all = words(values);
    const Json given = all;
    for (const Json& word : given) {
        if (word == "off") {
            all.push_back(false);
        } else if (word.get<std::string>().find_first_not_of("0123456789.") == std::string::npos) {
            all.push_back(std::stod(word.get<std::string>()));
        }
    }
    return {{"enum", std::move(all)}};
}

Json number_text(std::string_view expression) {
    return {{"type", Json::array({"string", "integer"})}, {"pattern", expression}};
}

Json form_of(const Key& key) {
    switch (key.form) {
        case Form::Name:
            return pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
        case Form::TenantId:
            return pattern("^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$");
        case Form::Block:
            return pattern("^[0-9a-fA-F.:]+(/[0-9]{1,3})?$");
        case Form::Address:
            return pattern("^[0-9a-fA-F.:]+$");
        case Form::Listener:
            return pattern("^(udp|tcp|tls):[0-9]{1,5}$");
        case Form::Socket:
            return pattern("^(([0-9.]+|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5})?$");
        case Form::PortRange:
            return pattern("^[0-9]{4,5}-[0-9]{4,5}$");
        case Form::Integer:
            return integer(key.values);
        case Form::Switch:
            return {{"type", "boolean"}};
        case Form::Choice:
            return choice(key.values);
        case Form::Duration:
            return key.values == "0"
                       ? Json{{"anyOf",
                               Json::array({pattern("^[0-9]+(ms|s|m|h|d)$"), Json{{"const", 0}}})}}
                       : pattern("^[0-9]+(ms|s|m|h|d)$");
        case Form::Header:
            return pattern("^[A-Za-z0-9.!%*_+`'~-]+$");
        case Form::Uri:
            return pattern("^(sip|sips):.+$");
        case Form::Url:
            return pattern("^((" + std::string(key.values) + ")://.+)?$");
        case Form::Did:
            return number_text("^.+$");
        case Form::Prefix:
            return number_text("^\\+?[1-9][0-9]*$");
        case Form::CallerId:
            return number_text("^.+$");
        case Form::Digits:
            return number_text("^[0-9]+$");
        case Form::Text:
            return {{"type", Json::array({"string", "number"})}};
        case Form::Host:
        case Form::Path:
        case Form::Secret:
        case Form::None:
            break;
    }
    return {{"type", "string"}};
}

Json map_of(std::string_view path);

Json shape_of(const Key& key) {
    const std::string element = std::string(key.path) + "[]";
    switch (key.shape) {
        case Shape::Scalar:
            return form_of(key);
        case Shape::List:
            return {{"type", "array"}, {"items", form_of(key)}};
        case Shape::OneOrList:
            return {{"oneOf", Json::array({form_of(key),
                                           Json{{"type", "array"}, {"items", form_of(key)}}})}};
        case Shape::Map:
            return map_of(key.path);
        case Shape::Maps:
            return {{"type", "array"}, {"items", map_of(element)}};
        case Shape::ShortMaps: {
            Json map = map_of(element);
            Json first = map["properties"].begin().value();
            first.erase("description");
            return {{"type", "array"},
                    {"items", {{"oneOf", Json::array({std::move(first), std::move(map)})}}}};
        }
    }
    return {};
}

Json map_of(std::string_view path) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const Key& key : store::keys()) {
        if (key.parent() != path) {
            continue;
        }
        Json one = shape_of(key);
        std::string text(key.doc);
        if (!key.fallback.empty() && key.presence == store::Presence::Optional) {
            text.append(" Default: ").append(key.fallback).append(".");
        }
        if (key.effect != store::Effect::Full) {
            text.append(" No effect in this version.");
        }
        one["description"] = std::move(text);
        properties[std::string(key.name())] = std::move(one);
        if (key.presence == store::Presence::Required) {
            required.push_back(key.name());
        }
    }
    Json map{{"type", path.empty() || path.ends_with("[]") || !required.empty()
                          ? Json("object")
                          : Json(Json::array({"object", "null"}))},
             {"properties", std::move(properties)},
             {"additionalProperties", false}};
    if (!required.empty()) {
        map["required"] = std::move(required);
    }
    return map;
}

}  // namespace

std::string config_schema() {
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "Causeway's configuration"}};
    schema.update(map_of(""));
    schema["patternProperties"] = {{"^x-", Json::object()}};
    return schema.dump(1) + "\n";
}

}  // namespace causeway::test
