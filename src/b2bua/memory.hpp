#pragma once

#include "per_second.hpp"
#include "trail.hpp"

#include "causeway/base/id.hpp"
#include "causeway/base/time.hpp"
#include "causeway/port/event_sink.hpp"
#include "causeway/sip/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::b2bua {

/// The last calls and refusals, for `causeway why`. Of calls that failed the whole messages are
/// kept, of good ones the start lines.
/// Thread: sip. Owns: the memory of what has ended. Its bound: `whole` bytes of whole messages,
/// those of calls in set-up included (the oldest give way to newer ones, then set-ups keep lines
/// only), a few spare buffers, 4 kB a refusal, `Trail::kLines` and a record a call.
class Memory {
public:
    struct Bounds {
        std::size_t calls{1000};
        std::size_t refusals{256};
        unsigned refusals_per_second{50};  ///< beyond it they are not worth their time
        std::size_t whole{std::size_t{32} * 1024 * 1024};
    };
    explicit Memory(const Bounds& bounds)
        : bounds_(bounds), kept_refusals_(bounds.refusals_per_second) {}
    Memory() : Memory(Bounds{}) {}

    /// Something that has ended.
    struct Past {
        std::uint64_t order{};  ///< among everything that has ended
        port::CallRecord record;
        sip::Source source;
        std::string detail;  ///< what only its moment knew, in words
        Trail trail;
    };

    /// A message of a live call.
    void note(Trail& trail, Way way, std::uint32_t attempt, Time now, std::string_view message);
    /// The call is good: start lines are enough.
    void shorten(Trail& trail);
    /// It has ended.
    void keep(const port::CallRecord& record, const sip::Source& source, std::string detail,
              Trail trail);
    /// True if this second's refusals may still be kept.
    [[nodiscard]] bool may_keep_refusal(Time now) { return kept_refusals_.take(now); }
    /// A request that became no call.
    void keep_refusal(port::CallRecord record, const sip::Source& source, Time now,
                      std::string_view message);
    /// The next number among what has ended.
    std::uint64_t next_order() { return ++order_; }

    [[nodiscard]] const Past* last() const;
    [[nodiscard]] const Past* by_id(CallId id) const;
    /// By the Call-ID of either leg, or LiveKit's own id; the newest.
    [[nodiscard]] const Past* by_call_id(std::string_view call_id) const;
    /// The newest from or to this number in any spelling: the last four digits are enough.
    [[nodiscard]] const Past* by_number(std::string_view number) const;
    [[nodiscard]] const Past* by_source(const IpAddress& ip) const;

    [[nodiscard]] std::size_t calls() const { return calls_.list.size(); }
    [[nodiscard]] std::size_t refusals() const { return refusals_.list.size(); }
    /// Bytes set aside for whole messages.
    [[nodiscard]] std::size_t whole() const { return whole_; }

private:
    /// The last N: a place is used again when its turn comes.
    struct Ring {
        std::vector<Past> list;
        std::uint64_t count{};  ///< ever kept
        Past& next(std::size_t most);
    };
    bool take(std::size_t bytes);
    void give_back(const Trail& trail) { whole_ -= trail.held(); }
    void recycle(Trail::Buffer buffer);
    template <class Predicate>
    const Past* newest(Predicate predicate) const;

    Bounds bounds_;
    Ring calls_;
    Ring refusals_;
    std::uint64_t oldest_whole_{};  ///< calls kept before this one hold start lines only
    std::size_t whole_{};
    std::uint64_t order_{};
    std::vector<Trail::Buffer> spare_;  ///< emptied ones for the next calls, a few
    PerSecond kept_refusals_;
};

/// True if both may be one telephone number, whatever their spelling: `030 12345`, `+493012345`,
/// `0049-30-12345`, or the last four digits of it.
[[nodiscard]] bool is_same_number(std::string_view number, std::string_view asked);

}  // namespace causeway::b2bua
