#include "causeway/fastpath/null_fast_path.hpp"

#include "bpf/abi.h"

namespace causeway::fastpath {
namespace {

class NullFastPath final : public port::FastPath {
public:
    bool offload(FlowId, const causeway_flow&) noexcept override { return false; }
    bool read(FlowId, causeway_flow&) noexcept override { return false; }
    void evict(FlowId, causeway_flow&) noexcept override {}
};

}  // namespace

std::unique_ptr<port::FastPath> make_null_fast_path() {
    return std::make_unique<NullFastPath>();
}

}  // namespace causeway::fastpath
