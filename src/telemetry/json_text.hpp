#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::telemetry {

/// Appends one JSON text, member by member, in the order of the calls. A document tree costs 25 µs
/// a CDR, a sixth of what a whole call may; this costs five. Arrays hold objects.
class JsonText {
public:
    JsonText() { out_.reserve(kUsual); }

    /// The next member's name; ours, and therefore not escaped.
    JsonText& key(std::string_view name);

    void text(std::string_view value);
    void number(std::int64_t value);
    void number(std::uint64_t value);
    /// With this many digits after the point; not a number and infinity are 0.
    void number(double value, int digits);
    void flag(bool value) { out_ += value ? "true" : "false"; }

    void open_object() { open('{'); }
    void close_object() { out_ += '}'; }
    void open_array() { open('['); }
    void close_array() { out_ += ']'; }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void open(char bracket);
    void separate();

    static constexpr std::size_t kUsual = 1024;  ///< more than most lines need

    std::string out_;
};

}  // namespace causeway::telemetry
