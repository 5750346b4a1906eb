#include "reloads.hpp"

#include "causeway/base/log.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace causeway::app {
namespace {

std::string describe(const Reloads::Facts& facts) {
    const std::string version = "configuration " + std::to_string(facts.version);
    return facts.problems.empty()
               ? version
               : version + "; the last reload was refused: " + facts.problems.front().to_string();
}

}  // namespace

Reloads::Reloads(boost::asio::io_context& io, store::Builder& builder, Service& service,
                 const port::Clock& clock, std::uint64_t version)
    : bell_(io, builder.fd()), builder_(builder), service_(service), clock_(clock) {
    facts_.version = version;
}

Reloads::~Reloads() {
    bell_.release();  // the builder owns it
}

void Reloads::start(Apply apply) {
    apply_ = std::move(apply);
    await();
}

void Reloads::await() {
    bell_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [this](const boost::system::error_code& error) {
                         if (!error) {
                             while (auto built = builder_.take()) {
                                 on_built(std::move(*built));
                             }
                             await();
                         }
                     });
}

void Reloads::request(Answer answer) {
    service_.reloading();
    wanted_ = builder_.request();
    if (answer) {
        waiting_.push_back({wanted_, std::move(answer)});
    }
}

void Reloads::on_built(store::Builder::Built built) {
    Reloaded reloaded;
    if (built.loaded) {
        facts_.version = built.loaded->snapshot->version;
        ++facts_.applied;
        facts_.problems.clear();
        facts_.refused_since.reset();
        builder_.retire(apply_(std::move(*built.loaded)));
        reloaded = facts_.version;
        log::info("reload.applied", {{"version", facts_.version}});
    } else {
        ++facts_.refused;
        facts_.problems = std::move(built.loaded).error();
        if (!facts_.refused_since) {
            facts_.refused_since = clock_.wall();
        }
        reloaded = tl::make_unexpected(facts_.problems);
        log::error("reload.refused",
                   {{"problems", facts_.problems.size()}, {"in_force", facts_.version}});
    }
    if (built.reading == wanted_) {
        service_.reloaded(describe(facts_));
    }
    answer(built.reading, reloaded);
}

void Reloads::answer(std::uint64_t reading, const Reloaded& reloaded) {
    const auto first =
        std::stable_partition(waiting_.begin(), waiting_.end(),
                              [reading](const Waiting& one) { return one.reading > reading; });
    const std::vector<Waiting> due(std::make_move_iterator(first),
                                   std::make_move_iterator(waiting_.end()));
    waiting_.erase(first, waiting_.end());
    for (const Waiting& one : due) {
        one.answer(reloaded);
    }
}

}  // namespace causeway::app
