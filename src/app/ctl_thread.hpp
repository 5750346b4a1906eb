#pragma once

#include "causeway/base/result.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <thread>

namespace causeway::app {

/// The `ctl` thread and its loop: CDRs, the control listener. Whatever lives on it is made before
/// `start` and destroyed after `stop`. Thread: main. Owns: the thread and the io_context.
class CtlThread {
public:
    CtlThread() : io_(1), work_(boost::asio::make_work_guard(io_)) {}
    ~CtlThread() { stop(); }
    CtlThread(const CtlThread&) = delete;
    CtlThread& operator=(const CtlThread&) = delete;
    CtlThread(CtlThread&&) = delete;
    CtlThread& operator=(CtlThread&&) = delete;

    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    /// Io: no thread can be had.
    [[nodiscard]] Result<void> start();
    /// Waits for what it is doing. Idempotent.
    void stop();

private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

}  // namespace causeway::app
