#include "support/reference/reference.hpp"

#include "causeway/store/keys.hpp"

#include <algorithm>

namespace causeway::test {
namespace {

using store::Effect;
using store::Form;
using store::Key;
using store::Shape;

/// `a|b` as code words.
std::string words(std::string_view values) {
    std::string text;
    while (!values.empty()) {
        const std::size_t end = std::min(values.find('|'), values.size());
        text.append(text.empty() ? "`" : ", `").append(values.substr(0, end)).append("`");
        values.remove_prefix(std::min(end + 1, values.size()));
    }
    return text;
}

std::string integer(std::string_view values) {
    const std::size_t bar = values.find('|');
    std::string text;
    if (bar != std::string_view::npos) {
        text.append("`").append(values.substr(0, bar)).append("` or ");
        values.remove_prefix(bar + 1);
    }
    const std::size_t dots = values.find("..");
    return text.append("number, ")
        .append(values.substr(0, dots))
        .append(" to ")
        .append(values.substr(dots + 2));
}

std::string form_of(const Key& key) {
    switch (key.form) {
        case Form::Name:
            return "name";
        case Form::TenantId:
            return "tenant id";
        case Form::Host:
            return "host";
        case Form::Address:
            return "address";
        case Form::Block:
            return "block";
        case Form::Listener:
            return "listener";
        case Form::Socket:
            return "address:port";
        case Form::PortRange:
            return "port range";
        case Form::Integer:
            return integer(key.values);
        case Form::Switch:
            return "`true` or `false`";
        case Form::Choice:
            return words(key.values);
        case Form::Duration:
            return "duration";
        case Form::Header:
            return "header name";
        case Form::Uri:
            return "SIP URI";
        case Form::Url:
            return "URL";
        case Form::Path:
            return "path";
        case Form::Secret:
            return "secret";
        case Form::Did:
            return "number or prefix";
        case Form::Prefix:
            return "prefix";
        case Form::CallerId:
            return "`own`, `any` or number";
        case Form::Digits:
            return "digits";
        case Form::Text:
        case Form::None:
            break;
    }
    return "text";
}

std::string value_of(const Key& key) {
    switch (key.shape) {
        case Shape::Scalar:
            return form_of(key);
        case Shape::List:
            return "list of: " + form_of(key);
        case Shape::OneOrList:
            return form_of(key) + ", or a list of them";
        case Shape::Map:
            return "map";
        case Shape::Maps:
            return "list of maps";
        case Shape::ShortMaps:
            return "list of maps or values";
    }
    return {};
}

std::string default_of(const Key& key) {
    if (key.presence == store::Presence::Required) {
        return "required";
    }
    return key.fallback.empty() ? "–" : "`" + std::string(key.fallback) + "`";
}

/// The key itself, or in something around it.
bool is_within(const Key& key, const Key& around) {
    return key.path.starts_with(around.path) &&
           (key.path.size() == around.path.size() || key.path[around.path.size()] == '.' ||
            key.path[around.path.size()] == '[');
}

/// The effect of the key, or of what it stands in.
Effect effect_of(const Key& key) {
    for (const Key& around : store::keys()) {
        if (is_within(key, around) && around.effect != Effect::Full) {
            return around.effect;
        }
    }
    return Effect::Full;
}

bool needs_restart(const Key& key) {
    return std::any_of(store::keys().begin(), store::keys().end(), [&](const Key& around) {
        return is_within(key, around) && around.applies == store::Applies::Restart;
    });
}

std::string_view mark_of(Effect effect) {
    switch (effect) {
        case Effect::Full:
            break;
        case Effect::Later:
            return " *No effect yet.*";
        case Effect::Unsafe:
            return " *Not yet: an error.*";
    }
    return "";
}

std::string table_of(std::string_view section) {
    std::string text = "| key | value | default | |\n|---|---|---|---|\n";
    for (const Key& key : store::keys()) {
        if (key.path.substr(0, key.path.find_first_of(".[")) == section) {
            text.append("| `").append(key.path).append("` | ").append(value_of(key));
            text.append(" | ").append(default_of(key)).append(" | ").append(key.doc);
            text.append(needs_restart(key) ? " *Restart.*" : "");
            text.append(mark_of(effect_of(key))).append(" |\n");
        }
    }
    return text;
}

}  // namespace

std::string config_reference(std::string_view text) {
    constexpr std::string_view kEnd = "<!-- end -->";
    std::string result(text);
    for (const Key& key : store::keys()) {
        if (!key.parent().empty()) {
            continue;
        }
        const std::string begin = "<!-- keys: " + std::string(key.path) + " -->\n";
        std::size_t at = result.find(begin);
        if (at == std::string::npos) {
            result.append("\n## `").append(key.path).append("`\n\n");
            at = result.size();
            result.append(begin).append(kEnd).append("\n");
        }
        at += begin.size();
        const std::size_t end = std::min(result.find(kEnd, at), result.size());
        result.replace(at, end - at, table_of(key.path));
    }
    return result;
}

}  // namespace causeway::test
