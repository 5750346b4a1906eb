#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/types.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace causeway::sip {

struct Addresses;

/// The header fields that some rule of ours looks at; compact forms (RFC 3261 §7.3.3 and IANA) are
/// mapped to their long name.
enum class Field : std::uint8_t {
    Other,
    Accept,
    Allow,
    Authorization,
    CallId,
    Contact,
    ContentEncoding,
    ContentLength,
    ContentType,
    CSeq,
    From,
    MaxForwards,
    MinSe,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyRequire,
    Reason,
    RecordRoute,
    Require,
    RetryAfter,
    Route,
    SessionExpires,
    Supported,
    To,
    Unsupported,
    Via,
    WwwAuthenticate,
};

/// One header field line, unfolded; `name` keeps the sender's spelling.
struct Line {
    Field field{};
    std::string_view name;
    std::string_view value;  ///< without surrounding white space
};

/// Limits of one message; what exceeds them is refused before any grammar is applied.
struct Limits {
    std::size_t bytes{65535};  ///< the whole message
    std::size_t head{16384};   ///< start line and header fields
    std::size_t lines{128};    ///< header fields
    std::size_t value{2048};   ///< a value that is handed to sofia-sip's grammar
    std::size_t elements{20};  ///< elements of a comma list handed to it
};
inline constexpr Limits kLimits{};

/// A SIP message: owns its bytes, all else views them. Move-only and never edited: what we send is
/// built new (`Builder`). Splitting is one pass, linear in the size, without sofia-sip.
/// Thread: one owner. Fails: `split` says in words what is wrong; nothing is ever read past the
/// end.
class Message {
public:
    /// Splits a datagram or a framed message (RFC 3261 §7). Refused: over a limit, no end of the
    /// head, a bare CR, LF or NUL in the head, a broken start line, a header line without colon, a
    /// missing or repeated Call-ID, CSeq, From or To, no Via, a CSeq number above 2^31−1 or with
    /// another method than the start line's (RFC 3261 §8.1.1.5), a Content-Length beyond the bytes
    /// at hand. Bytes after Content-Length are cut off. Line ends may be CRLF only. Fails:
    /// Unsupported for a request of another SIP version, else Malformed.
    [[nodiscard]] static Result<Message> split(std::span<const std::byte> bytes,
                                               const Limits& limits = kLimits);

    Message(Message&&) noexcept;
    Message& operator=(Message&&) noexcept;
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;
    ~Message();

    [[nodiscard]] bool is_request() const { return status_ == 0; }
    [[nodiscard]] int status() const { return status_; }  ///< 0: a request
    [[nodiscard]] std::string_view reason() const { return reason_; }
    /// The request's method; of a response the method of its CSeq.
    [[nodiscard]] std::string_view method() const { return method_; }
    [[nodiscard]] std::string_view request_uri() const { return request_uri_; }
    [[nodiscard]] std::string_view call_id() const { return call_id_; }
    [[nodiscard]] std::uint32_t cseq() const { return cseq_; }
    [[nodiscard]] std::string_view body() const { return body_; }
    [[nodiscard]] std::span<const Line> lines() const { return lines_; }
    /// The whole message as received (unfolding replaces line breaks by spaces).
    [[nodiscard]] std::string_view bytes() const { return {bytes_.get(), size_}; }

    /// Value of the first line of this field, or nothing.
    [[nodiscard]] std::optional<std::string_view> first(Field field) const;
    /// Likewise by name (any case), for fields of `Field::Other`.
    [[nodiscard]] std::optional<std::string_view> first(std::string_view name) const;

private:
    friend class Splitter;
    friend class Salvager;
    friend Addresses& addresses_of(const Message& message);
    Message();

    std::unique_ptr<char[]> bytes_;
    std::size_t size_{};
    std::vector<Line> lines_;
    int status_{};
    std::uint32_t cseq_{};
    std::string_view method_;
    std::string_view request_uri_;
    std::string_view reason_;
    std::string_view call_id_;
    std::string_view body_;
    /// What the grammar has made of From, To, Contact and the Request-URI: several stages ask.
    mutable std::unique_ptr<Addresses> addresses_;
};

/// What a stranger's bytes are allowed to tell us (PRODUCT §4.2): read by a bounded scan of at most
/// `Limits::head` bytes, without allocation and without grammar.
struct Glimpse {
    bool is_response{};
    std::string_view method;  ///< of a request
    std::string_view branch;  ///< of the top Via
    std::string_view call_id;
    std::string_view from_tag;
    std::string_view to_tag;  ///< empty: none
};

/// Reads a glimpse; nothing if the bytes are not even that much of a SIP message.
std::optional<Glimpse> glimpse(std::span<const std::byte> bytes);

/// Of a request that cannot be taken, of whatever SIP version, what an answer to it copies (RFC
/// 3261 §8.2.6.2): every Via and the first From, To, Call-ID and CSeq as they stand, by a scan of
/// at most `Limits::head` bytes. Nothing without a Via that names a host and a CSeq that names a
/// method, by which the sender finds its request (§17.1.3), and of a response or an ACK, which
/// nobody answers. The result is good for `Builder::response` and `response_target` alone: any
/// other field may be missing or nonsense.
std::optional<Message> salvage(std::span<const std::byte> bytes);

}  // namespace causeway::sip
