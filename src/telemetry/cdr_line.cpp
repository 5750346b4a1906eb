#include "quality.hpp"

#include "causeway/telemetry/telemetry.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace causeway::telemetry {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(CallId id) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(id.value));
    return text.data();
}

/// RFC 3339 §5.6, always `Z` and three digits.
std::string timestamp(WallTime wall) {
    using namespace std::chrono;
    const auto day = floor<days>(wall);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss<milliseconds> time{wall - day};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()),
                  static_cast<int>(time.subseconds().count()));
    return text.data();
}

void put_text(Json& to, const char* key, const std::string& value) {
    if (!value.empty()) {
        to[key] = value;
    }
}

void put_time(Json& to, const char* key, const std::optional<WallTime>& value) {
    if (value) {
        to[key] = timestamp(*value);
    }
}

void put_number(Json& to, const char* key, const std::optional<std::int64_t>& value) {
    if (value) {
        to[key] = *value;
    }
}

Json attempts(const std::vector<port::AttemptRecord>& records) {
    Json list = Json::array();
    for (const port::AttemptRecord& record : records) {
        Json item = Json::object();
        item["gateway"] = record.gateway;
        item["status"] = record.status;
        item["reason"] = record.reason;
        item["ms"] = record.ms;
        list.push_back(std::move(item));
    }
    return list;
}

Json leg(const port::MediaRelay::LegStats& stats) {
    Json item = Json::object();
    item["packets"] = stats.packets;
    item["bytes"] = stats.bytes;
    item["lost"] = stats.lost;
    item["jitter_ms"] = std::round(stats.jitter_ms * 10.0) / 10.0;
    if (const std::optional<double> rated = mos(stats.packets, stats.lost, stats.jitter_ms)) {
        item["mos"] = *rated;
    }
    return item;
}

void put_parties(Json& to, const port::CallRecord& record) {
    to["call_id"] = hex(record.call_id);
    to["direction"] = record.direction;
    to["tenant"] = record.tenant;
    to["carrier"] = record.carrier;
    put_text(to, "gateway", record.gateway);
    to["source"] = record.source;
    to["from"] = record.from;
    to["to"] = record.to;
    to["original_to"] = record.original_to;
    to["x_to_ip"] = record.x_to_ip;
    to["a_call_id"] = record.a_call_id;
    put_text(to, "b_call_id", record.b_call_id);
    put_text(to, "livekit_call_id", record.livekit_call_id);
    to["attempts"] = attempts(record.attempts);
}

void put_course(Json& to, const port::CallRecord& record) {
    to["start"] = timestamp(record.start);
    put_time(to, "ringing", record.ringing);
    put_time(to, "answer", record.answer);
    put_time(to, "end", record.end);
    put_number(to, "setup_ms", record.setup_ms);
    put_number(to, "duration_ms", record.duration_ms);
    Json outcome = Json::object();
    outcome["cause"] = call::to_string(record.outcome.cause);
    outcome["side"] = call::to_string(record.outcome.side);
    outcome["sip_status"] = record.outcome.sip_status;
    outcome["reason"] = record.outcome.reason;
    to["outcome"] = std::move(outcome);
}

void put_media(Json& to, const port::CallRecord& record) {
    if (record.media) {
        Json media = Json::object();
        media["a"] = leg(record.media->a);
        media["b"] = leg(record.media->b);
        to["media"] = std::move(media);
    }
    put_text(to, "codec", record.codec);
    to["srtp"] = record.srtp;
    to["fast_path"] = record.fast_path;
}

}  // namespace

std::string to_json(const port::CallRecord& record) {
    Json line = Json::object();
    put_parties(line, record);
    put_course(line, record);
    put_media(line, record);
    // A peer chooses some of these bytes: what is not UTF-8 becomes U+FFFD instead of an exception.
    return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace causeway::telemetry
