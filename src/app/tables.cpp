#include "tables.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace causeway::app {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

/// Columns as wide as their widest cell, two blanks between them.
std::string aligned(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line.append(row[i]).append(widths[i] - row[i].size() + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text.append(line).append("\n");
    }
    return text;
}

/// A value as people write it; an absent one is a dash. Control characters never reach a terminal.
std::string plain(const Json& value) {
    std::string text = value.is_string() ? value.get<std::string>()
                       : value.is_null() ? std::string("-")
                                         : value.dump();
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
    return text.empty() ? "-" : text;
}

std::string field(const Json& object, std::string_view name) {
    const auto entry = object.find(std::string(name));
    return entry == object.end() ? "-" : plain(*entry);
}

/// Shows an object by `show`, and anything else as it came.
template <class Show>
std::string read(const std::string& text, Show show) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return text;
    }
    try {
        return show(json);
    } catch (const Json::exception&) {
        return text;
    }
}

std::string seconds(std::int64_t value) {
    const auto two = [](std::int64_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return std::to_string(value / 3600) + ":" + two(value / 60 % 60) + ":" + two(value % 60);
}

/// `a.b` of nested objects, one a row.
void flatten(const Json& value, const std::string& name, std::vector<Row>& rows) {
    if (!value.is_structured() || value.empty()) {
        rows.push_back({name, plain(value)});
        return;
    }
    for (const auto& [key, child] : value.items()) {
        flatten(child, name.empty() ? key : name + "." + key, rows);
    }
}

void add_tallies(const Json& names, std::string_view what, std::vector<Row>& rows) {
    for (const auto& [name, tally] : names.items()) {
        rows.push_back({std::string(what), plain(name), field(tally, "total"),
                        field(tally, "answered"), field(tally, "asr"), field(tally, "acd_s")});
    }
}

}  // namespace

std::string status_table(const std::string& json) {
    return read(json, [](const Json& all) {
        const Json& ports = all.at("rtp_ports");
        const Json& gateways = all.at("gateways");
        const Json& cdr = all.at("cdr");
        std::vector<Row> rows{
            {"status", field(all, "status")},
            {"node", field(all, "node") + ", version " + field(all, "version") +
                         ", configuration " + field(all, "configuration")},
            {"up", seconds(all.at("uptime_s").get<std::int64_t>())},
            {"calls", field(all, "calls_active") + " of " + field(all, "max_calls") + ", " +
                          field(all, "cps") + " a second"},
            {"ports", field(ports, "used") + " of " + field(ports, "total") + " pairs"},
            {"gateways", field(gateways, "up") + " up, " + field(gateways, "down") + " down"},
            {"cdr", cdr.at("writable").get<bool>()
                        ? "written, " + field(cdr, "lost") + " lost"
                        : "cannot be written, " + field(cdr, "lost") + " lost"}};
        for (const Json& reason : all.at("unready")) {
            rows.push_back({"not ready", plain(reason)});
        }
        for (const Json& condition : all.value("conditions", Json::array())) {
            const std::string subject = field(condition, "subject");
            const std::string detail = field(condition, "detail");
            rows.push_back({field(condition, "severity"),
                            field(condition, "code") + (subject == "-" ? "" : " " + subject) +
                                ", since " + field(condition, "since") +
                                (detail == "-" ? "" : ": " + detail)});
            rows.push_back({"", field(condition, "affects")});
            rows.push_back({"", field(condition, "next")});
        }
        return aligned(rows);
    });
}

std::string calls_table(const std::string& json) {
    return read(json, [](const Json& all) {
        std::vector<Json> calls = all.at("calls").get<std::vector<Json>>();
        std::stable_sort(calls.begin(), calls.end(), [](const Json& one, const Json& other) {
            return one.at("start").get<std::string>() < other.at("start").get<std::string>();
        });
        std::vector<Row> rows{{"ID", "STATE", "START", "TENANT", "FROM", "TO", "GATEWAY"}};
        for (const Json& call : calls) {
            rows.push_back({field(call, "call_id"), field(call, "state"), field(call, "start"),
                            field(call, "tenant"), field(call, "from"), field(call, "to"),
                            field(call, "gateway")});
        }
        std::string text = calls.empty() ? "" : aligned(rows);
        const std::string total = field(all, "total");
        return text + total + (total == "1" ? " call" : " calls") +
               (all.contains("next") ? ", the first " + std::to_string(calls.size()) + " by id\n"
                                     : "\n");
    });
}

std::string call_table(const std::string& json) {
    return read(json, [](const Json& all) {
        std::vector<Row> rows;
        flatten(all, "", rows);
        return aligned(rows);
    });
}

std::string hang_up_table(const std::string& json) {
    return read(json, [](const Json& all) { return field(all, "call_id") + " is ending\n"; });
}

std::string statistics_table(const std::string& json) {
    return read(json, [](const Json& all) {
        std::vector<Row> rows{{"", "", "CALLS", "ANSWERED", "ASR %", "ACD s"},
                              {"all", "", field(all, "total"), field(all, "answered"),
                               field(all, "asr"), field(all, "acd_s")}};
        add_tallies(all.at("by_tenant"), "tenant", rows);
        add_tallies(all.at("by_gateway"), "gateway", rows);
        for (const auto& [code, count] : all.at("by_code").items()) {
            rows.push_back({"answer", code, plain(count)});
        }
        return aligned(rows) + field(all, "active") + " live now\n";
    });
}

std::string reload_table(const std::string& json) {
    return read(json, [](const Json& all) {
        return "version " + field(all, "version") + " is in force\n";
    });
}

std::string drain_table(const std::string& json) {
    return read(json, [](const Json& all) { return field(all, "status") + "\n"; });
}

std::string complaint_of(unsigned status, const std::string& json) {
    const Json all = Json::parse(json, nullptr, false);
    if (!all.is_object() || !all.contains("error")) {
        return "the daemon answers " + std::to_string(status) + "\n";
    }
    std::string text = field(all, "error") + "\n";
    if (all.contains("problems")) {
        for (const Json& problem : all.at("problems")) {
            text.append(plain(problem)).append("\n");
        }
    }
    return text;
}

}  // namespace causeway::app
