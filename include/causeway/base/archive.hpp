#pragma once

#include "causeway/base/time.hpp"

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Values to bytes and back, for what one process hands to the next. A type takes part by
///
///     template <class Archive, Of<Type> T>
///     void fields(Archive& archive, T& value) { archive(value.a, value.b); }
///
/// in its own namespace: one list of fields for both directions. Numbers are LEB128 (signed ones
/// zigzag), texts and lists begin with their length, monotonic times stand as wall-clock
/// milliseconds. Versions are their owner's affair.
namespace causeway {

template <class T, class Type>
concept Of = std::same_as<std::remove_const_t<T>, Type>;

/// An enumeration with its last enumerator: what lies beyond is refused.
template <class E>
struct Choice {
    using IsChoice = void;
    E& value;
    std::remove_const_t<E> last;
};
template <class E>
Choice<E> choice(E& value, std::remove_const_t<E> last) {
    return {value, last};
}

/// Writes. Thread: its owner's.
class Writer {
public:
    explicit Writer(const Anchor& anchor) : anchor_(anchor) {}

    template <class... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }
    [[nodiscard]] std::string take() && { return std::move(bytes_); }

private:
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) {
            bytes_.push_back(static_cast<char>(value | 0x80U));
        }
        bytes_.push_back(static_cast<char>(value));
    }
    template <std::unsigned_integral T>
    void put(T value) {
        number(value);
    }
    template <std::signed_integral T>
    void put(T value) {
        // NOLINTNEXTLINE(bugprone-signed-char-misuse): a number, whatever its width
        const auto wide = static_cast<std::int64_t>(value);
        const auto sign = static_cast<std::uint64_t>(wide < 0 ? -1 : 0);
        number((static_cast<std::uint64_t>(wide) << 1U) ^ sign);
    }
    template <class E>
    void put(const Choice<E>& choice) {
        number(static_cast<std::uint64_t>(choice.value));
    }
    void put(const std::string& text) {
        number(text.size());
        bytes_.append(text);
    }
    void put(Millis duration) { put(static_cast<std::int64_t>(duration.count())); }
    void put(Time time) { put(anchor_.on_wall(time)); }
    template <class T>
    void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value) {
            put(*value);
        }
    }
    template <class T>
    void put(const std::vector<T>& list) {
        number(list.size());
        for (const T& element : list) {
            put(element);
        }
    }
    template <class T, std::size_t N>
    void put(const std::array<T, N>& list) {
        for (const T& element : list) {
            put(element);
        }
    }
    template <class T>
    requires std::is_class_v<T>
    void put(const T& value) { fields(*this, value); }

    Anchor anchor_;
    std::string bytes_;
};

/// Reads what a Writer wrote, from whomever the bytes really come: never past the end, never more
/// elements than bytes, every number within its type. After the first fault everything is as
/// default. Thread: its owner's.
class Reader {
public:
    static constexpr std::int64_t kFar = 1LL << 40U;  ///< ms, 34 years: no time lies further away

    Reader(std::string_view bytes, const Anchor& anchor) : rest_(bytes), anchor_(anchor) {}

    template <class... T>
    void operator()(T&&... values) {
        (get(values), ...);
    }
    /// True if all was well and nothing is left.
    [[nodiscard]] bool is_done() const { return good_ && rest_.empty(); }
    [[nodiscard]] bool is_good() const { return good_; }
    /// The owner found something wrong with a value.
    void spoil() {
        good_ = false;
        rest_ = {};
    }

private:
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
            const auto octet = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            const std::uint64_t part = octet & 0x7fU;
            if (shift == 63 && part > 1) {
                break;
            }
            value |= part << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        spoil();
        return 0;
    }
    template <std::unsigned_integral T>
    void get(T& value) {
        const std::uint64_t wide = number();
        if (wide > std::numeric_limits<T>::max()) {
            spoil();
            return;
        }
        value = static_cast<T>(wide);
    }
    template <std::signed_integral T>
    void get(T& value) {
        const std::uint64_t raw = number();
        const auto wide =
            static_cast<std::int64_t>(raw >> 1U) ^ -static_cast<std::int64_t>(raw & 1U);
        if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) {
            spoil();
            return;
        }
        value = static_cast<T>(wide);
    }
    template <class E>
    void get(const Choice<E>& choice) {
        const std::uint64_t wide = number();
        if (wide > static_cast<std::uint64_t>(choice.last)) {
            spoil();
            return;
        }
        choice.value = static_cast<E>(wide);
    }
    void get(std::string& text) {
        const std::uint64_t size = number();
        if (size > rest_.size()) {
            spoil();
            return;
        }
        text.assign(rest_.substr(0, size));
        rest_.remove_prefix(size);
    }
    void get(Millis& duration) {
        std::int64_t count{};
        get(count);
        if (count < -kFar || count > 2 * kFar) {
            spoil();
            return;
        }
        duration = Millis{count};
    }
    void get(Time& time) {
        Millis wall{};
        get(wall);
        const Millis away = wall - anchor_.wall;
        if (away > Millis{kFar} || away < Millis{-kFar}) {
            spoil();
            return;
        }
        time = anchor_.on_clock(wall);
    }
    template <class T>
    void get(std::optional<T>& value) {
        bool present{};
        get(present);
        value.reset();
        if (present && good_) {
            get(value.emplace());
        }
    }
    template <class T>
    void get(std::vector<T>& list) {
        const std::uint64_t size = number();
        if (size > rest_.size()) {
            spoil();
        }
        list.clear();
        for (std::uint64_t i = 0; i < size && good_; ++i) {
            get(list.emplace_back());
        }
    }
    template <class T, std::size_t N>
    void get(std::array<T, N>& list) {
        for (T& element : list) {
            get(element);
        }
    }
    template <class T>
    requires(std::is_class_v<T> && !requires { typename T::IsChoice; }) void get(T& value) {
        fields(*this, value);
    }

    std::string_view rest_;
    Anchor anchor_;
    bool good_{true};
};

}  // namespace causeway
