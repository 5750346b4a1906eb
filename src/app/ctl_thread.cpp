#include "ctl_thread.hpp"

#include <pthread.h>

#include <csignal>
#include <string>
#include <system_error>

namespace causeway::app {

Result<void> CtlThread::start() {
    // Signals are the main thread's; SIGXFSZ and SIGPIPE here would end the daemon for a file or a
    // client that has gone.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    Result<void> started;
    try {
        thread_ = std::thread([this] { io_.run(); });
        pthread_setname_np(thread_.native_handle(), "ctl");
    } catch (const std::system_error& error) {
        started = fail(Errc::Io, std::string("the ctl thread does not start: ") + error.what());
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

void CtlThread::stop() {
    io_.stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

}  // namespace causeway::app
