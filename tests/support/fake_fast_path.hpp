#pragma once

#include "bpf/abi.h"

#include "causeway/port/fast_path.hpp"

#include <map>
#include <string>
#include <vector>

namespace causeway::test {

/// A fast path that remembers what it was asked and forwards nothing. Tests put the counters that a
/// kernel would have counted into `active`.
class FakeFastPath final : public port::FastPath {
public:
    bool offload(FlowId flow, const causeway_flow& state) noexcept override {
        calls.push_back("offload");
        if (accepts) {
            active[flow] = state;
        }
        return accepts;
    }
    bool read(FlowId flow, causeway_flow& state) noexcept override {
        const auto found = active.find(flow);
        if (found == active.end()) {
            return false;
        }
        state = found->second;
        return true;
    }
    void evict(FlowId flow, causeway_flow& state) noexcept override {
        calls.push_back("evict");
        const auto found = active.find(flow);
        if (found != active.end()) {
            state = found->second;
            active.erase(found);
        }
    }

    bool accepts{true};
    std::vector<std::string> calls;
    std::map<FlowId, causeway_flow> active;
};

}  // namespace causeway::test
