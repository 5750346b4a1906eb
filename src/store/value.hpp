#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/store/keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace causeway::store {

struct PortRange {
    std::uint16_t first{};
    std::uint16_t last{};
    bool operator==(const PortRange&) const = default;
};

struct ListenerText {
    sip::Transport transport{};
    std::uint16_t port{};
    bool operator==(const ListenerText&) const = default;
};

using Scalar = std::variant<std::monostate, std::string, std::int64_t, bool, Millis, IpAddress,
                            Cidr, PortRange, ListenerText, Endpoint>;

/// Reads one scalar as its key's form wants it; the failing side says what is wrong with it.
[[nodiscard]] Result<Scalar, std::string> parse_scalar(const Key& key, std::string_view text);

/// A value of the file, typed and checked by the table of keys. A map has one child for each key of
/// the table, in its order, with the default where the file says nothing; a list has its elements.
class Value {
public:
    const Key* key{};
    int line{};     ///< where it is, or where it is missing
    bool given{};   ///< stands in the file
    Scalar scalar;  ///< monostate: absent without default, or wrong (and then reported)
    std::vector<Value> children;

    /// The field of a map. The name must be in the table.
    const Value& operator[](std::string_view field) const;
    /// The scalar if it is there and right, else null.
    template <class T>
    [[nodiscard]] const T* get() const {
        return std::get_if<T>(&scalar);
    }
    /// Text of a scalar, or empty.
    [[nodiscard]] std::string text() const;
    /// The texts of a list's right elements.
    [[nodiscard]] std::vector<std::string> texts() const;
};

}  // namespace causeway::store
