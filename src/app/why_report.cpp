#include "why_report.hpp"

#include "causeway/call/reasons.hpp"
#include "causeway/telemetry/telemetry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <initializer_list>

namespace causeway::app {
namespace {

using Json = nlohmann::ordered_json;
using b2bua::Story;
using b2bua::Way;

constexpr std::string_view kUs = "causeway";

std::string_view name_of(Story::Kind kind) {
    constexpr auto kNames =
        std::to_array<std::string_view>({"call", "live", "refusal", "stranger"});
    return kNames.at(static_cast<std::size_t>(kind));
}

/// Of a call its record; of others what of it was ever known.
Json record_json(const Story& story) {
    const Json all = Json::parse(telemetry::to_json(story.record), nullptr, false);
    if (story.kind == Story::Kind::Call || story.kind == Story::Kind::Live) {
        return all;
    }
    Json some = Json::object();
    for (const char* key : {"source", "from", "to", "a_call_id", "start", "end"}) {
        if (all.contains(key)) {
            some[key] = all[key];
        }
    }
    return some;
}

Json messages_json(const Story& story) {
    Json list = Json::array();
    for (const Story::Message& message : story.messages) {
        const bool is_ours = message.way == Way::ToA || message.way == Way::ToB;
        const bool is_a = message.way == Way::FromA || message.way == Way::ToA;
        Json one{{"ms", message.at.count()},
                 {"leg", is_a ? "a" : "b"},
                 {"from", is_ours ? kUs : std::string_view(message.peer)},
                 {"to", is_ours ? std::string_view(message.peer) : kUs},
                 {"line", message.line}};
        if (!message.text.empty()) {
            one["text"] = message.text;
        }
        list.push_back(std::move(one));
    }
    return list;
}

// ── for people ──────────────────────────────────────────────────────────────────────────────────

std::string text_in(const Json& object, const char* key) {
    return object.is_object() && object.contains(key) && object[key].is_string()
               ? object[key].get<std::string>()
               : std::string();
}

/// Peers choose what stands in messages: no control character of theirs reaches the terminal.
std::string printable(std::string text) {
    std::ranges::replace_if(
        text,
        [](char c) {
            const auto code = static_cast<unsigned char>(c);
            return code < 0x20 || code == 0x7f;
        },
        '.');
    return text;
}

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padded(std::string text, std::size_t width) {
    text.append(width - std::min(width, width_of(text)), ' ');
    return text;
}

std::string seconds(std::int64_t ms) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%+9.3f", static_cast<double>(ms) / 1000.0);
    return text.data();
}

/// `+0.012  primary ──▶ causeway                    INVITE …`
class Ladder {
public:
    explicit Ladder(const Json& messages) : messages_(messages) {
        for (const Json& message : messages_) {
            std::size_t& width = is_a(message) ? a_ : b_;
            width = std::max(width, width_of(peer_of(message)));
        }
    }

    void print(std::string& out, Messages messages) const {
        for (const Json& message : messages_) {
            const bool is_ours = text_in(message, "from") == kUs;
            const std::string peer = printable(peer_of(message));
            std::string left = padded(is_a(message) ? peer : "", a_);
            left += !is_a(message) ? "     " : is_ours ? " ◀── " : " ──▶ ";
            left.append(kUs);
            left += is_a(message) ? "     " : is_ours ? " ──▶ " : " ◀── ";
            left += padded(is_a(message) ? "" : peer, b_);
            out.append(seconds(message.value("ms", std::int64_t{}))).append("  ").append(left);
            out.append("  ").append(printable(text_in(message, "line"))).append("\n");
            if (messages == Messages::Whole) {
                whole(out, text_in(message, "text"));
            }
        }
    }

private:
    static bool is_a(const Json& message) { return text_in(message, "leg") == "a"; }
    static std::string peer_of(const Json& message) {
        const std::string from = text_in(message, "from");
        return from == kUs ? text_in(message, "to") : from;
    }

    static void whole(std::string& out, std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            line.remove_suffix(line.ends_with('\r') ? 1 : 0);
            out.append("      | ").append(printable(std::string(line))).append("\n");
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    const Json& messages_;
    std::size_t a_{};
    std::size_t b_{};
};

/// What it is about: `call 829807643534e031, from …`.
std::string heading(const Json& all) {
    const Json& record = all.contains("call") ? all["call"] : all;
    std::string text;
    const std::string id = text_in(record, "call_id");
    text.append(id.empty() ? text_in(all, "kind") : "call " + id);
    for (const auto& [word, key] : std::initializer_list<std::pair<const char*, const char*>>{
             {", ", "start"}, {", from ", "from"}, {" to ", "to"}, {", source ", "source"}}) {
        const std::string value = text_in(record, key);
        text.append(value.empty() ? "" : word + value);
    }
    return printable(text);
}

}  // namespace

std::string story_json(const Story& story) {
    Json all{{"kind", name_of(story.kind)}};
    if (const call::Reason* const reason = call::find_reason(story.reason)) {
        all["code"] = reason->code;
        all["reason"] = reason->token;
        all["stage"] = reason->stage;
    }
    all["sentence"] = story.sentence;
    all["fix"] = story.fix;
    all["interface"] = story.interface;
    all["transport"] = sip::uri_name(story.transport);
    if (story.kind == Story::Kind::Stranger) {
        all["times"] = story.times;
    }
    all["call"] = record_json(story);
    all["messages"] = messages_json(story);
    all["left_out"] = story.left_out;
    return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string story_text(std::string_view json, Messages messages) {
    const Json all = Json::parse(json, nullptr, false);
    if (!all.is_object() || !all.contains("sentence")) {
        return {};
    }
    const std::string code = text_in(all, "code");
    std::string out = code.empty() ? std::string() : code + "  ";
    out.append(printable(text_in(all, "sentence"))).append("\n");
    if (const std::string fix = text_in(all, "fix"); !fix.empty()) {
        out.append("What to change: ").append(printable(fix)).append("\n");
    }
    out.append("\n").append(heading(all)).append("\n");
    if (all.contains("messages") && all["messages"].is_array()) {
        Ladder(all["messages"]).print(out, messages);
    }
    if (const auto left_out = all.value("left_out", std::uint64_t{}); left_out > 0) {
        out.append("(").append(std::to_string(left_out)).append(" messages left out)\n");
    }
    return out;
}

}  // namespace causeway::app
