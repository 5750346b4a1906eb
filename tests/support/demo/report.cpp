#include "support/demo/report.hpp"

#include "support/ua/sip_text.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <set>

namespace causeway::testing {
namespace {

constexpr std::size_t kColumn = 34;  // between two parties

template <class... Values>
std::string formatted(const char* format, Values... values) {
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

/// `INVITE 091874350352`, `180 Ringing`.
std::string label_of(const SipText& message) {
    if (!message.is_request()) {
        const std::string method = message.method();
        const std::string tail = method == "INVITE" ? "" : " (" + method + ")";
        return std::to_string(message.status()) + " " + message.reason() + tail;
    }
    const std::string user = user_of(message.request_uri());
    return message.method() + (message.method() == "INVITE" ? " " + user : "");
}

/// An arrow of one column with the label in it.
std::string arrow(const std::string& label, bool is_rightward) {
    const std::size_t room = kColumn - 4;
    const std::string shown = label.substr(0, room - 4);
    const std::size_t lines = room - shown.size() - 2;
    const std::string body =
        repeated("─", lines / 2) + " " + shown + " " + repeated("─", lines - lines / 2);
    return is_rightward ? " " + body + "▶ " : " ◀" + body + " ";
}

struct Event {
    Time at;
    bool is_carrier{};
    bool is_rightward{};
    std::string label;
    bool is_again{};
};

/// The call's own messages of one party: OPTIONS and its answers are left out.
void collect(const Ladder& ladder, bool is_carrier, std::vector<Event>& events) {
    std::set<std::pair<Way, std::string>> seen;
    for (const Step& step : ladder.steps()) {
        const auto message = SipText::parse(step.bytes);
        if (!message || message->method() == "OPTIONS") {
            continue;
        }
        const bool is_again = !seen.emplace(step.way, step.bytes).second;
        events.push_back({.at = step.at,
                          .is_carrier = is_carrier,
                          .is_rightward = is_carrier == (step.way == Way::Out),
                          .label = label_of(*message),
                          .is_again = is_again});
    }
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields session_of(const SipText& message) {
    Fields fields;
    const std::string& body = message.body;
    std::size_t start = 0;
    while (start < body.size()) {
        const std::size_t end = std::min(body.find("\r\n", start), body.size());
        const std::string text = body.substr(start, end - start);
        fields.emplace_back(text.substr(0, 2), text.substr(std::min<std::size_t>(2, text.size())));
        start = end + 2;
    }
    return fields;
}

Fields head_of(const SipText& message) {
    Fields fields{{"Request-URI", message.request_uri()}};
    fields.insert(fields.end(), message.headers.begin(), message.headers.end());
    return fields;
}

/// Takes the first field of this name that is left, one of the same value if there is one.
std::optional<std::string> take(Fields& fields, const std::string& name, const std::string& value) {
    const auto by_name = [&](const auto& field) { return equal_nocase(field.first, name); };
    auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
        return by_name(field) && field.second == value;
    });
    // An attribute line is its value: one a= line is no successor of another.
    if (found == fields.end() && name != "a=") {
        found = std::find_if(fields.begin(), fields.end(), by_name);
    }
    if (found == fields.end()) {
        return std::nullopt;
    }
    std::string taken = found->second;
    fields.erase(found);
    return taken;
}

void compare(std::ostream& out, const Palette& colour, const Fields& before, Fields after) {
    const auto row = [&](std::string_view tint, char mark, const std::string& name,
                         const std::string& value) {
        out << tint << "  " << mark << ' ' << padded(name, 22) << value << colour.plain << '\n';
    };
    for (const auto& [name, value] : before) {
        const auto now = take(after, name, value);
        if (now == value) {
            row(colour.dim, '=', name, value);
            continue;
        }
        row(colour.red, '-', name, value);
        if (now) {
            row(colour.green, '+', name, *now);
        }
    }
    for (const auto& [name, value] : after) {
        row(colour.green, '+', name, value);
    }
}

std::string level(double dbfs) {
    return dbfs <= -119.0 ? "silence" : formatted("%.2f dBFS", dbfs);
}

}  // namespace

Palette Palette::for_descriptor(int descriptor) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the demo has one thread
    const bool is_unwanted = std::getenv("NO_COLOR") != nullptr;
    if (isatty(descriptor) == 0 || is_unwanted) {
        return {};
    }
    return {.bold = "\033[1m",
            .dim = "\033[2m",
            .green = "\033[32m",
            .red = "\033[31m",
            .cyan = "\033[36m",
            .plain = "\033[0m"};
}

void print_ladder(std::ostream& out, const Palette& colour, const Witnesses& call) {
    std::vector<Event> events;
    collect(call.carrier, true, events);
    collect(call.livekit, false, events);
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
    if (events.empty()) {
        return;
    }
    out << colour.bold << padded("       ms", 11) << padded("carrier", kColumn)
        << padded("causeway", kColumn) << "livekit" << colour.plain << '\n'
        << colour.dim << padded("", 11) << padded(call.carrier_name, kColumn)
        << padded(call.causeway_name, kColumn) << call.livekit_name << colour.plain << '\n';
    bool has_audio = false;
    for (const Event& event : events) {
        if (!has_audio && event.label == "BYE") {
            has_audio = true;
            out << padded("", 11) << colour.cyan << "│ ◀═" << repeated("═", 2 * kColumn - 7)
                << "═▶ │  " << call.frames << " RTP packets" << colour.plain << '\n';
        }
        const std::chrono::duration<double, std::milli> since = event.at - events.front().at;
        const std::string line = arrow(event.label, event.is_rightward);
        const std::string_view tint = event.is_again ? colour.dim : colour.plain;
        out << formatted("%9.1f  ", since.count()) << "│" << tint;
        if (event.is_carrier) {
            out << line << colour.plain << "│" << padded("", kColumn - 1) << "│";
        } else {
            out << padded("", kColumn - 1) << colour.plain << "│" << tint << line << colour.plain
                << "│";
        }
        out << (event.is_again ? "  again" : "") << '\n';
    }
}

void print_invites(std::ostream& out, const Palette& colour, std::string_view in,
                   std::string_view sent) {
    const auto first = SipText::parse(in);
    const auto second = SipText::parse(sent);
    if (!first || !second) {
        return;
    }
    compare(out, colour, head_of(*first), head_of(*second));
    out << '\n';
    compare(out, colour, session_of(*first), session_of(*second));
}

double AudioFacts::share() const {
    return sent == 0 ? 0.0 : static_cast<double>(arrived.received) / static_cast<double>(sent);
}

bool AudioFacts::is_good() const {
    return share() >= 0.99 && std::abs(level_heard - level_sent) <= 1.0 && level_sent > -60.0;
}

void print_audio(std::ostream& out, const Palette& colour, const std::vector<AudioFacts>& ways) {
    out << colour.bold
        << formatted("  %-20s %6s %8s %5s %10s %12s %12s %10s", "", "sent", "arrived", "lost",
                     "identical", "tone sent", "tone heard", "delay")
        << colour.plain << '\n';
    for (const AudioFacts& way : ways) {
        const std::string delay =
            way.delay ? formatted("%.2f ms", static_cast<double>(way.delay->count()) / 1000.0)
                      : "–";
        out << (way.is_good() ? colour.green : colour.red) << "  " << way.name
            << formatted(" %6llu %8llu %5llu", static_cast<unsigned long long>(way.sent),
                         static_cast<unsigned long long>(way.arrived.received),
                         static_cast<unsigned long long>(way.arrived.lost))
            << formatted(" %10s %12s %12s %10s",
                         (std::to_string(way.identical) + "/" + std::to_string(way.frames)).c_str(),
                         level(way.level_sent).c_str(), level(way.level_heard).c_str(),
                         delay.c_str())
            << colour.plain << '\n';
    }
}

}  // namespace causeway::testing
