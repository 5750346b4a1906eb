#include "stream_queue.hpp"

namespace causeway::transport {
namespace {

constexpr std::size_t kRemembered = 4096;
constexpr std::size_t kKeptCapacity = 4096;  ///< bytes whose memory outlives a burst

}  // namespace

bool StreamQueue::push(transaction::Key key, std::string_view bytes) {
    if (waiting().size() + bytes.size() > most_ || budget_.used + bytes.size() > budget_.most) {
        return false;
    }
    budget_.used += bytes.size();
    bytes_.append(bytes);
    if (key) {
        marks_.push_back({key, bytes_.size()});
    }
    return true;
}

void StreamQueue::took(std::size_t count) {
    at_ += count;
    budget_.used -= count;
    while (!marks_.empty() && marks_.front().end <= at_) {
        remember(marks_.front().key);
        marks_.pop_front();
    }
    if (empty()) {
        bytes_.clear();
        at_ = 0;
        if (bytes_.capacity() > kKeptCapacity) {
            bytes_.shrink_to_fit();
        }
    } else if (at_ > most_) {
        bytes_.erase(0, at_);
        for (Mark& mark : marks_) {
            mark.end -= at_;
        }
        at_ = 0;
    }
}

void StreamQueue::remember(transaction::Key key) {
    if (sent_.size() < kRemembered) {
        sent_.push_back(key);
        return;
    }
    sent_[oldest_] = key;
    oldest_ = (oldest_ + 1) % kRemembered;
}

std::vector<transaction::Key> StreamQueue::unsent() const {
    std::vector<transaction::Key> keys;
    keys.reserve(marks_.size());
    for (const Mark& mark : marks_) {
        keys.push_back(mark.key);
    }
    return keys;
}

std::vector<transaction::Key> StreamQueue::all() const {
    std::vector<transaction::Key> keys = unsent();
    keys.insert(keys.end(), sent_.begin(), sent_.end());
    return keys;
}

}  // namespace causeway::transport
