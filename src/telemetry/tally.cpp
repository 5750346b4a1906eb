#include "causeway/telemetry/tally.hpp"

namespace causeway::telemetry {
namespace {

constexpr std::size_t kMostNames = 1000;
constexpr const char* kOther = "other";

void count(port::CallTally& tally, const port::CallRecord& record) {
    ++tally.total;
    if (record.answer) {
        ++tally.answered;
        tally.talked += Millis{record.duration_ms.value_or(0)};
    }
}

void count(std::map<std::string, port::CallTally, std::less<>>& by, const std::string& name,
           const port::CallRecord& record) {
    if (name.empty()) {
        return;
    }
    const bool fits = by.size() < kMostNames || by.find(name) != by.end();
    count(by[fits ? name : kOther], record);
}

}  // namespace

void Tally::add(const port::CallRecord& record) {
    count(statistics_.all, record);
    count(statistics_.by_tenant, record.tenant, record);
    count(statistics_.by_gateway, record.gateway, record);
    ++statistics_.by_code[record.outcome.sip_status];
}

}  // namespace causeway::telemetry
