#include "support/sim/simulation.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

/// causeway_simulate FIRST COUNT [trace]
/// Runs COUNT seeds from FIRST on. A seed that fails is printed with the command that replays it;
/// `trace` prints every datagram.
namespace {

using causeway::testing::sim::Report;
using causeway::testing::sim::Simulation;

struct Sum {
    std::uint64_t calls{};
    std::uint64_t answered{};
    std::uint64_t datagrams{};
    std::uint64_t restored{};
    std::uint64_t failed{};
};

void add(Sum& sum, const Report& report) {
    sum.calls += report.calls;
    sum.answered += report.answered;
    sum.datagrams += report.datagrams;
    sum.restored += report.restored;
    if (!report.violations.empty()) {
        ++sum.failed;
        std::cout << "seed " << report.seed
                  << " FAILED, replay it with: make simulate SEED=" << report.seed << " TRACE=1\n";
        for (const std::string& violation : report.violations) {
            std::cout << "  " << violation << "\n";
        }
        std::cout << std::flush;
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::cerr << "usage: causeway_simulate FIRST COUNT [trace]\n";
        return 2;
    }
    const std::uint64_t first = std::strtoull(arguments[1], nullptr, 10);
    const std::uint64_t seeds = std::strtoull(arguments[2], nullptr, 10);
    Simulation::Trace trace;
    if (count > 3 && std::string(arguments[3]) == "trace") {
        trace = [](const std::string& line) { std::cout << line; };
    }
    const auto start = std::chrono::steady_clock::now();
    Sum sum;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const Report report = Simulation(seed, trace).run();
        add(sum, report);
        if (seeds == 1) {
            std::cout << "hash " << std::hex << report.hash << std::dec << "\n";
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::cout << seeds << " seeds, " << sum.failed << " failed; " << sum.calls << " calls, "
              << sum.answered << " answered, " << sum.restored << " taken up from snapshots, "
              << sum.datagrams << " datagrams; " << took.count() << " s, "
              << took.count() * 1000 / static_cast<double>(seeds) << " ms a seed, "
              << static_cast<double>(sum.calls) / took.count() << " calls/s\n";
    return sum.failed == 0 ? 0 : 1;
}
