#include "draft.hpp"
#include "secret.hpp"

namespace causeway::store {
namespace {

void read_duration(const Value& value, Millis& into) {
    if (const auto* duration = value.get<Millis>()) {
        into = *duration;
    }
}

void read_timers(const Value& call, Draft& draft) {
    config::CallTimers& timers = draft.snapshot.call;
    read_duration(call["no_response"], timers.no_response);
    read_duration(call["attempt_timeout"], timers.attempt_timeout);
    read_duration(call["livekit_silence"], timers.livekit_silence);
    read_duration(call["ring_timeout"], timers.ring_timeout);
    read_duration(call["setup_timeout"], timers.setup_timeout);
    read_duration(call["max_duration"], timers.max_duration);
    read_duration(call["media_timeout"], timers.media_timeout);
    const Value& setup = call["setup_timeout"];
    const Value& ring = call["ring_timeout"];
    if (setup.get<Millis>() != nullptr && ring.get<Millis>() != nullptr &&
        timers.setup_timeout <= timers.ring_timeout) {
        complain(draft, setup.given ? setup : ring,
                 "setup_timeout (" + std::to_string(timers.setup_timeout.count()) +
                     "ms) must be longer than ring_timeout (" +
                     std::to_string(timers.ring_timeout.count()) + "ms)");
    }
}

log::Level level_of(const std::string& text) {
    if (text == "debug") {
        return log::Level::Debug;
    }
    if (text == "warn") {
        return log::Level::Warn;
    }
    if (text == "error") {
        return log::Level::Error;
    }
    return text == "off" ? log::Level::Off : log::Level::Info;
}

void read_log(const Value& value, Draft& draft) {
    log::Options& options = draft.settings.log;
    options.level = level_of(value["level"].text());
    options.format = value["format"].text() == "json" ? log::Format::Json : log::Format::Text;
    options.numbers = value["numbers"].text() == "full" ? log::Numbers::Full : log::Numbers::Masked;
    options.node = draft.startup.node;
}

void read_metrics(const Value& value, config::Metrics& metrics) {
    if (const auto* listen = value["listen"].get<Endpoint>()) {
        metrics.listen = *listen;
    }
    if (const auto* most = value["max_tenants"].get<std::int64_t>()) {
        metrics.max_tenants = static_cast<std::size_t>(*most);
    }
}

}  // namespace

void read_settings(const Value& file, Draft& draft) {
    draft.startup.node = file["node"].text();
    read_timers(file["call"], draft);
    read_log(file["log"], draft);
    draft.settings.cdr_file = file["cdr"]["file"].text();
    if (const auto* threads = file["media"]["threads"].get<std::int64_t>()) {
        draft.startup.media_threads = static_cast<unsigned>(*threads);
    }
    if (const auto* dscp = file["media"]["dscp"].get<std::int64_t>()) {
        draft.settings.dscp = static_cast<std::uint8_t>(*dscp);
    }
    read_metrics(file["metrics"], draft.startup.metrics);
    read_duration(file["drain"]["deadline"], draft.settings.drain_deadline);
    if (file["security"]["unknown_source"].text() == "reject") {
        draft.snapshot.admission.unknown_source = admission::UnknownSource::Reject;
    }
    draft.snapshot.normalize.emergency = file["security"]["emergency_numbers"].texts();
}

config::Control control_of(const Value& control, Layer layer) {
    config::Control result;
    if (const auto* listen = control["listen"].get<Endpoint>()) {
        result.listen = *listen;
    }
    for (const Value& token : control["tokens"].children) {
        result.tokens.push_back({token["name"].text(), {}});
        const auto source = parse_secret(token["token"].text());
        auto secret = source && layer == Layer::FileAndHost ? fetch_secret(*source)
                                                            : Result<std::string, std::string>{};
        if (secret) {
            result.tokens.back().secret = *std::move(secret);
        }
    }
    return result;
}

}  // namespace causeway::store
