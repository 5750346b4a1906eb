#pragma once

#include "patience.hpp"
#include "stream_queue.hpp"

#include "causeway/base/result.hpp"
#include "causeway/port/wire.hpp"
#include "causeway/sip/framer.hpp"
#include "causeway/sip/types.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::transport {

/// One TCP connection: frames what it reads, queues what is sent until `flush`.
/// Thread: sip. Owns: the socket, its queue, an unfinished message.
/// Fails: tells its owner `on_gone`, once; afterwards it does nothing.
class StreamConn {
public:
    /// Whose connection it is. It may close the connection in any of these, but not destroy it.
    class Owner {
    public:
        virtual ~Owner() = default;
        /// A message, a ping, or the end of what can be framed.
        virtual void on_frame(StreamConn& conn, const sip::Frame& frame) = 0;
        /// All frames of one wake-up have been handed over.
        virtual void on_frames_end() = 0;
        /// It has failed (`code`), or has been closed by its peer or by its deadline. `lost` are
        /// the keys of what did not arrive or whose answer cannot come any more.
        virtual void on_gone(StreamConn& conn, Errc code, std::vector<transaction::Key> lost) = 0;
    };
    struct Options {
        sip::Source source;  ///< `is_dialled`: it is being opened
        port::Wire::Standing standing{};
        std::size_t most_queued{};
        QueueBudget* budget{};
        std::span<std::byte> room;  ///< to read into; the owner's, shared by its connections
    };

    StreamConn(boost::asio::posix::stream_descriptor socket, const Options& options,
               const Deadlines& deadlines, Owner& owner);
    ~StreamConn() = default;
    StreamConn(const StreamConn&) = delete;
    StreamConn& operator=(const StreamConn&) = delete;
    StreamConn(StreamConn&&) = delete;
    StreamConn& operator=(StreamConn&&) = delete;

    [[nodiscard]] const sip::Source& source() const { return options_.source; }
    [[nodiscard]] port::Wire::Standing standing() const { return options_.standing; }
    [[nodiscard]] bool is_open() const { return socket_.is_open(); }
    /// It takes nothing more to send: it is about to be closed.
    [[nodiscard]] bool is_finishing() const { return finishing_; }

    /// False: the queue is full. What is taken leaves with `flush`.
    [[nodiscard]] bool send(transaction::Key key, std::string_view bytes);
    void flush();
    /// Its owner's mark that there is something to flush; returns the one before.
    bool mark(bool is_marked) { return std::exchange(marked_, is_marked); }

    /// Closes if the peer has done so and the loop has not come to it yet: what is sent now would
    /// be lost.
    void notice_end();

    /// Its message was taken.
    void welcome();
    /// Reads nothing more, lets what is queued leave, says so (FIN), and closes when the peer does.
    void finish();
    /// Closes if a deadline has passed.
    void check(Time now);
    /// Closes it as failed: all keys are lost.
    void fail(Errc code) { end(code, queue_.all()); }
    /// Hands over what is queued, once, and closes without a word to the owner.
    void close();

private:
    void wait_readable();
    void wait_writable();
    void on_readable();
    void on_writable();
    [[nodiscard]] bool take(std::size_t count);
    void on_end(bool is_orderly);
    [[nodiscard]] std::vector<transaction::Key> lost(bool is_orderly) const;
    void shut();
    void end(Errc code, std::vector<transaction::Key> lost);

    boost::asio::posix::stream_descriptor socket_;
    Options options_;
    Owner& owner_;
    Patience patience_;
    sip::Framer framer_;
    StreamQueue queue_;
    bool connected_;
    bool finishing_{};
    bool shut_{};  ///< FIN is out
    bool marked_{};
    bool reading_{};
    bool blocked_{};  ///< waits for room in the kernel
    /// Handlers hold it weakly: one that has already been queued may run after we are gone.
    std::shared_ptr<const bool> alive_{std::make_shared<const bool>(true)};
};

}  // namespace causeway::transport
