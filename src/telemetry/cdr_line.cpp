#include "json_text.hpp"
#include "quality.hpp"

#include "causeway/telemetry/telemetry.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace causeway::telemetry {
namespace {

/// Digits of `value` to this base at the end of `to`, `width` of them, leading zeros included.
void append_padded(std::string& to, std::uint64_t value, unsigned base, std::size_t width) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    to.append(width, '0');
    for (std::size_t at = to.size(); width > 0; --width, value /= base) {
        to[--at] = kDigits[value % base];
    }
}

std::string hex(CallId id) {
    std::string text;
    append_padded(text, id.value, 16, 16);
    return text;
}

/// RFC 3339 §5.6, always `Z` and three digits.
std::string timestamp(WallTime wall) {
    using namespace std::chrono;
    const auto day = floor<days>(wall);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss<milliseconds> time{wall - day};
    std::string text;
    text.reserve(sizeof "2026-01-02T03:04:05.006Z");
    const auto put = [&text](auto value, std::size_t width, char after) {
        append_padded(text, static_cast<std::uint64_t>(value), 10, width);
        text += after;
    };
    put(static_cast<int>(date.year()), 4, '-');
    put(static_cast<unsigned>(date.month()), 2, '-');
    put(static_cast<unsigned>(date.day()), 2, 'T');
    put(time.hours().count(), 2, ':');
    put(time.minutes().count(), 2, ':');
    put(time.seconds().count(), 2, '.');
    put(time.subseconds().count(), 3, 'Z');
    return text;
}

void put_text(JsonText& to, std::string_view key, std::string_view value) {
    if (!value.empty()) {
        to.key(key).text(value);
    }
}

void put_time(JsonText& to, std::string_view key, const std::optional<WallTime>& value) {
    if (value) {
        to.key(key).text(timestamp(*value));
    }
}

void put_number(JsonText& to, std::string_view key, const std::optional<std::int64_t>& value) {
    if (value) {
        to.key(key).number(*value);
    }
}

void put_attempts(JsonText& to, const std::vector<port::AttemptRecord>& attempts) {
    to.key("attempts").open_array();
    for (const port::AttemptRecord& attempt : attempts) {
        to.open_object();
        to.key("gateway").text(attempt.gateway);
        to.key("status").number(std::int64_t{attempt.status});
        to.key("reason").text(attempt.reason);
        to.key("ms").number(attempt.ms);
        to.close_object();
    }
    to.close_array();
}

void put_parties(JsonText& to, const port::CallRecord& record) {
    to.key("call_id").text(hex(record.call_id));
    to.key("direction").text(record.direction);
    to.key("tenant").text(record.tenant);
    to.key("carrier").text(record.carrier);
    put_text(to, "gateway", record.gateway);
    to.key("source").text(record.source);
    to.key("from").text(record.from);
    to.key("to").text(record.to);
    to.key("original_to").text(record.original_to);
    to.key("x_to_ip").text(record.x_to_ip);
    to.key("a_call_id").text(record.a_call_id);
    put_text(to, "b_call_id", record.b_call_id);
    put_text(to, "livekit_call_id", record.livekit_call_id);
    put_attempts(to, record.attempts);
}

void put_course(JsonText& to, const port::CallRecord& record) {
    to.key("start").text(timestamp(record.start));
    put_time(to, "ringing", record.ringing);
    put_time(to, "answer", record.answer);
    put_time(to, "end", record.end);
    put_number(to, "setup_ms", record.setup_ms);
    put_number(to, "duration_ms", record.duration_ms);
    if (record.end) {
        to.key("outcome").open_object();
        to.key("cause").text(call::to_string(record.outcome.cause));
        to.key("side").text(call::to_string(record.outcome.side));
        to.key("sip_status").number(std::int64_t{record.outcome.sip_status});
        to.key("reason").text(record.outcome.reason);
        to.close_object();
    }
}

void put_leg(JsonText& to, std::string_view key, const port::MediaRelay::LegStats& stats) {
    to.key(key).open_object();
    to.key("packets").number(stats.packets);
    to.key("bytes").number(stats.bytes);
    to.key("lost").number(stats.lost);
    to.key("jitter_ms").number(stats.jitter_ms, 1);
    if (const std::optional<double> rated = mos(stats.packets, stats.lost, stats.jitter_ms)) {
        to.key("mos").number(*rated, 2);
    }
    to.close_object();
}

void put_media(JsonText& to, const port::CallRecord& record) {
    if (record.media) {
        to.key("media").open_object();
        put_leg(to, "a", record.media->a);
        put_leg(to, "b", record.media->b);
        to.close_object();
    }
    put_text(to, "codec", record.codec);
    to.key("srtp").flag(record.srtp);
    to.key("fast_path").flag(record.fast_path);
}

}  // namespace

std::string to_json(const port::CallRecord& record) {
    JsonText line;
    line.open_object();
    put_parties(line, record);
    put_course(line, record);
    put_media(line, record);
    line.close_object();
    return line.take();
}

}  // namespace causeway::telemetry
