#include "support/ua/ladder.hpp"

namespace causeway::testing {

std::string_view Step::start_line() const {
    return std::string_view(bytes).substr(0, bytes.find_first_of("\r\n"));
}

void Ladder::add(Time at, Way way, const Endpoint& peer, std::string_view bytes) {
    steps_.push_back({.at = at, .way = way, .peer = peer, .bytes = std::string(bytes)});
}

std::size_t Ladder::count(Way way, std::string_view prefix) const {
    std::size_t total = 0;
    for (const auto& step : steps_) {
        total += step.way == way && step.start_line().starts_with(prefix) ? 1U : 0U;
    }
    return total;
}

const Step* Ladder::find(Way way, std::string_view prefix) const {
    for (const auto& step : steps_) {
        if (step.way == way && step.start_line().starts_with(prefix)) {
            return &step;
        }
    }
    return nullptr;
}

const Step* Ladder::find_last(Way way, std::string_view prefix) const {
    const Step* last = nullptr;
    for (const auto& step : steps_) {
        if (step.way == way && step.start_line().starts_with(prefix)) {
            last = &step;
        }
    }
    return last;
}

}  // namespace causeway::testing
