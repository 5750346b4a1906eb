#include "memory.hpp"

#include <algorithm>
#include <utility>

namespace causeway::b2bua {
namespace {

constexpr std::size_t kRefusal = 4096;  ///< of a refusal's request
constexpr std::size_t kSpare = 64;      ///< buffers

}  // namespace

Memory::Past& Memory::Ring::next(std::size_t most) {
    const auto place = static_cast<std::size_t>(count++ % most);
    if (place == list.size()) {
        list.emplace_back();
    }
    return list[place];
}

// ── in ──────────────────────────────────────────────────────────────────────────────────────────

/// Older calls give their whole messages for newer ones.
bool Memory::take(std::size_t bytes) {
    oldest_whole_ = std::max(oldest_whole_, calls_.count - calls_.list.size());
    while (whole_ + bytes > bounds_.whole && oldest_whole_ < calls_.count) {
        Trail& trail = calls_.list[oldest_whole_++ % bounds_.calls].trail;
        give_back(trail);
        recycle(trail.shorten());
    }
    if (whole_ + bytes > bounds_.whole) {
        return false;
    }
    whole_ += bytes;
    return true;
}

void Memory::note(Trail& trail, Way way, std::uint32_t attempt, Time now,
                  std::string_view message) {
    if (const std::size_t more = trail.wants(message); more > 0) {
        if (take(more)) {
            Trail::Buffer buffer;
            if (trail.is_empty() && !spare_.empty()) {
                buffer = std::move(spare_.back());
                spare_.pop_back();
            }
            trail.reserve(more, std::move(buffer));
        } else {
            trail.only_lines();
        }
    }
    trail.add(way, attempt, now, message);
}

void Memory::shorten(Trail& trail) {
    give_back(trail);
    recycle(trail.shorten());
}

/// Large allocations cost more than what they hold.
void Memory::recycle(Trail::Buffer buffer) {
    const bool is_usual = buffer.capacity() >= Trail::kFirst && buffer.capacity() <= Trail::kWhole;
    if (is_usual && spare_.size() < kSpare) {
        spare_.push_back(std::move(buffer));
    }
}

void Memory::keep(const port::CallRecord& record, const sip::Source& source, std::string detail,
                  Trail trail) {
    give_back(trail);
    recycle(trail.seal());
    if (!take(trail.held())) {
        trail.shorten();
    }
    Past& past = calls_.next(bounds_.calls);
    give_back(past.trail);
    past.order = next_order();
    past.record = record;
    past.source = source;
    past.detail = std::move(detail);
    past.trail = std::move(trail);
}

void Memory::keep_refusal(port::CallRecord record, const sip::Source& source, Time now,
                          std::string_view message) {
    Past& past = refusals_.next(bounds_.refusals);
    past.order = next_order();
    past.record = std::move(record);
    past.source = source;
    past.trail = Trail();
    if (message.size() <= kRefusal) {
        past.trail.reserve(past.trail.wants(message));
    }
    past.trail.add(Way::FromA, 0, now, message);
    past.trail.seal();
}

// ── out ─────────────────────────────────────────────────────────────────────────────────────────

template <class Predicate>
const Memory::Past* Memory::newest(Predicate predicate) const {
    const Past* found = nullptr;
    for (const Ring* ring : {&calls_, &refusals_}) {
        for (const Past& past : ring->list) {
            if ((found == nullptr || past.order > found->order) && predicate(past)) {
                found = &past;
            }
        }
    }
    return found;
}

const Memory::Past* Memory::last() const {
    return newest([](const Past&) { return true; });
}

const Memory::Past* Memory::by_id(CallId id) const {
    return newest([&](const Past& past) { return id && past.record.call_id == id; });
}

const Memory::Past* Memory::by_call_id(std::string_view call_id) const {
    return newest([&](const Past& past) {
        const port::CallRecord& record = past.record;
        return !call_id.empty() && (record.a_call_id == call_id || record.b_call_id == call_id ||
                                    record.livekit_call_id == call_id);
    });
}

const Memory::Past* Memory::by_number(std::string_view number) const {
    return newest([&](const Past& past) {
        const port::CallRecord& record = past.record;
        return is_same_number(record.from, number) || is_same_number(record.to, number) ||
               is_same_number(record.original_to, number);
    });
}

const Memory::Past* Memory::by_source(const IpAddress& ip) const {
    return newest([&](const Past& past) { return past.source.peer.ip == ip; });
}

// ── numbers ─────────────────────────────────────────────────────────────────────────────────────

namespace {

std::string digits_of(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 3) ==
            "(0)") {  // +49 (0)30: the national prefix, not dialled from abroad
            i += 2;
        } else if (text[i] >= '0' && text[i] <= '9') {
            digits.push_back(text[i]);
        }
    }
    return digits;
}

std::string_view without_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

}  // namespace

bool is_same_number(std::string_view number, std::string_view asked) {
    constexpr std::size_t kTail = 4;      // what the log shows of a number
    constexpr std::size_t kNational = 6;  // the shortest that is taken for the end of a longer one
    const std::string mine = digits_of(number);
    const std::string theirs = digits_of(asked);
    if (theirs.empty() || mine.empty()) {
        return !asked.empty() && number == asked;  // a name
    }
    if (mine == theirs || (theirs.size() >= kTail && mine.ends_with(theirs))) {
        return true;
    }
    const std::string_view a = without_zeros(mine);
    const std::string_view b = without_zeros(theirs);
    return (b.size() >= kNational && a.ends_with(b)) || (a.size() >= kNational && b.ends_with(a));
}

}  // namespace causeway::b2bua
