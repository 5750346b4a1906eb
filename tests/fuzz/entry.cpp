#include "target.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    causeway::fuzz::run({data, size});
    if (::testing::Test::HasFailure()) {
        std::abort();  // the fuzzer keeps the input
    }
    return 0;
}
