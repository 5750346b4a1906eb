#pragma once

#include "service.hpp"

#include "causeway/base/time.hpp"
#include "causeway/config/config.hpp"
#include "causeway/port/clock.hpp"
#include "causeway/store/builder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace causeway::app {

/// Reloads as the sip thread sees them: asked for by SIGHUP or an operator, built elsewhere, put in
/// force between two messages. Thread: sip. The builder outlives it.
class Reloads {
public:
    /// The version now in force, or every error of the file; then nothing has changed.
    using Reloaded = Result<std::uint64_t, std::vector<config::Problem>>;
    using Answer = std::function<void(const Reloaded&)>;

    /// Puts it in force and returns the snapshot that was.
    using Apply = std::function<std::shared_ptr<const config::Snapshot>(config::Configuration)>;

    /// What has come of them, for metrics and conditions.
    struct Facts {
        std::uint64_t version{};  ///< in force
        std::uint64_t applied{};
        std::uint64_t refused{};
        /// The errors of the last reload, and since when reloads are refused; empty: the file in
        /// force is the last that was read.
        std::vector<config::Problem> problems;
        std::optional<WallTime> refused_since;
    };

    /// `version`: of the snapshot that the daemon started with.
    Reloads(boost::asio::io_context& io, store::Builder& builder, Service& service,
            const port::Clock& clock, std::uint64_t version);
    ~Reloads();
    Reloads(const Reloads&) = delete;
    Reloads& operator=(const Reloads&) = delete;
    Reloads(Reloads&&) = delete;
    Reloads& operator=(Reloads&&) = delete;

    /// Before the first request.
    void start(Apply apply);
    /// Reads the file as it is now, or as it is later; of many requests the last file counts.
    /// `answer`, if any, is called once, later.
    void request(Answer answer);
    [[nodiscard]] const Facts& facts() const { return facts_; }

private:
    struct Waiting {
        std::uint64_t reading{};
        Answer answer;
    };

    void await();
    void on_built(store::Builder::Built built);
    void answer(std::uint64_t reading, const Reloaded& reloaded);

    boost::asio::posix::stream_descriptor bell_;
    store::Builder& builder_;
    Service& service_;
    const port::Clock& clock_;
    Apply apply_;
    std::vector<Waiting> waiting_;
    std::uint64_t wanted_{};  ///< the newest reading that was asked for
    Facts facts_;
};

}  // namespace causeway::app
