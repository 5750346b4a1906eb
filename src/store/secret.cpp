#include "secret.hpp"

#include "document.hpp"

#include <algorithm>
#include <cstdlib>

namespace causeway::store {
namespace {

using Kind = SecretSource::Kind;

constexpr std::string_view kFile = "file:";

bool is_variable_name(std::string_view name) {
    const auto is_fit = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
           std::all_of(name.begin(), name.end(), is_fit);
}

tl::unexpected<std::string> wrong(std::string what) {
    return tl::unexpected<std::string>(std::move(what));
}

}  // namespace

Result<SecretSource, std::string> parse_secret(std::string_view text) {
    if (text.starts_with("${") && text.ends_with('}')) {
        const std::string_view name = text.substr(2, text.size() - 3);
        if (!is_variable_name(name)) {
            return wrong("no name of an environment variable between ${ and }");
        }
        return SecretSource{Kind::Environment, std::string(name)};
    }
    if (text.starts_with(kFile)) {
        const std::string_view path = text.substr(kFile.size());
        if (!path.starts_with('/')) {
            return wrong("file: wants a path that begins with /");
        }
        return SecretSource{Kind::File, std::string(path)};
    }
    std::string literal;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '$' && (++i == text.size() || text[i] != '$')) {
            return wrong("a $ that stands alone: write $$ for it, or ${NAME} for all of the value");
        }
        literal.push_back(text[i]);
    }
    return SecretSource{Kind::Literal, std::move(literal)};
}

Result<std::string, std::string> fetch_secret(const SecretSource& source) {
    if (source.kind == Kind::Literal) {
        return source.text;
    }
    if (source.kind == Kind::Environment) {
        const char* value = std::getenv(source.text.c_str());  // NOLINT(concurrency-mt-unsafe)
        if (value == nullptr || *value == '\0') {
            return wrong("the environment has no " + source.text);
        }
        return std::string(value);
    }
    auto text = read_file(source.text);
    if (!text) {
        return wrong(source.text + " " + text.error().what);
    }
    while (text->ends_with('\n') || text->ends_with('\r')) {
        text->pop_back();
    }
    if (text->empty()) {
        return wrong(source.text + " is empty");
    }
    return *std::move(text);
}

}  // namespace causeway::store
