#pragma once

#include "support/ua/ladder.hpp"
#include "support/ua/party.hpp"
#include "support/ua/rtp_stream.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::testing {

/// What LiveKit does with calls to one number.
struct Behaviour {
    enum class Kind : std::uint8_t {
        Answer,  ///< 100, 180 each second, 200 after `after`
        Ring,    ///< 100, 180 each second until `ringing_timeout`, then 486 "Rejected"
        Drop,    ///< nothing matches the number: 100, one 180, silence; CANCEL is not answered
        Refuse,  ///< `status` after `after`; rings before that if `rings`
        Silent,  ///< not even a 100
    };
    Kind kind{Kind::Drop};
    Millis after{20};
    bool rings{false};
    int status{503};
    std::string reason{"Try again later"};
    Millis ringing_timeout{180'000};
    std::optional<Millis> hang_up_after;  ///< BYE this long after the 200
    /// `headers` and `attributes_to_headers` of a trunk: in the 200 and in the BYE.
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Millis> refer_after;  ///< REFER to `refer_to` this long after the 200
    std::string refer_to{"tel:+498912345"};

    static Behaviour answer(Millis after);
    static Behaviour ring(Millis ringing_timeout = Millis{180'000});
    static Behaviour drop();
    static Behaviour silent();
    static Behaviour refuse(int status, std::string reason);  ///< at once, no 180
    static Behaviour busy_after(Millis after);                ///< rings, then 486 "Rejected"
    static Behaviour challenge(std::string user, std::string password);  ///< 407, then answers

    /// Digest on the trunk (Proxy-Authenticate, MD5 without qop); empty: none.
    std::string auth_user, auth_password, auth_realm{"LiveKit"};
};

/// Whether the fake plays and watches RTP. `Ignored` is for scenarios and simulations without
/// media: nothing is sent and its silence ends no call.
enum class Media : std::uint8_t { Ignored, Watched };

/// What the fake knows of one call, live or ended.
struct LivekitCall {
    enum class Phase : std::uint8_t { Ringing, Dropped, Refused, Cancelled, Answered, Ended };
    Phase phase{};
    std::string call_id;  ///< SIP Call-ID
    std::string scl_id;   ///< its own id: the To-tag, `SCL_…`
    std::string called;   ///< To user
    std::string calling;  ///< From user
    std::string invite;   ///< the INVITE's bytes as received
    int final_status{};   ///< 0: none
    bool acked{};
    bool bye_sent{};      ///< it hung up
    bool bye_answered{};  ///< with a 2xx
    bool bye_received{};
    Endpoint remote_rtp;  ///< where it sends to
    std::uint16_t local_rtp{};
};

/// A scripted LiveKit SIP (v1.8.0 as recorded in tests/data/livekit) seen from its wire: the far
/// end of leg b in scenarios, simulations, integration tests and the demo. Its habits, good and
/// bad, are each held against a recorded message by tests/unit/support/fake_livekit_test.cpp.
/// Thread: one owner. Owns: nothing outside itself. Fails: never; ignores what it cannot read, as
/// LiveKit does.
class FakeLivekit : public Party {
public:
    struct Options {
        Endpoint sip;                            ///< its listening address, in Via and Contact
        std::vector<std::uint16_t> rtp_ports{};  ///< free ports, one a call; none: made-up numbers
        Media media{Media::Ignored};
        std::map<std::string, Behaviour, std::less<>> numbers{};  ///< by To user
        Behaviour otherwise{};                                    ///< every other number: Drop
        std::uint64_t seed{1};
        std::vector<std::int16_t> program{};  ///< what its agent says, 8 kHz, in a loop
        std::vector<int> codecs{9, 0, 8};     ///< payload types in its own order of priority
        bool record{false};                   ///< keep a ladder
        std::size_t keep_ended{1000};         ///< ended calls kept for `calls()`
        Millis media_timeout_initial{30'000};
        Millis media_timeout{15'000};
    };

    explicit FakeLivekit(Options options);
    ~FakeLivekit() override;
    FakeLivekit(const FakeLivekit&) = delete;
    FakeLivekit& operator=(const FakeLivekit&) = delete;
    FakeLivekit(FakeLivekit&&) = delete;
    FakeLivekit& operator=(FakeLivekit&&) = delete;

    void on_sip(std::string_view bytes, const Endpoint& from, Time now) override;
    void on_rtp(std::uint16_t local_port, std::string_view bytes, const Endpoint& from,
                Time now) override;
    [[nodiscard]] std::optional<Time> deadline() const override;
    void advance(Time now) override;
    [[nodiscard]] std::optional<Datagram> poll() override;

    /// Changes what happens to later calls of this number.
    void script(std::string number, Behaviour behaviour);
    /// A dead process: takes everything, answers nothing, forgets nothing, its timers stand still.
    void set_dead(bool dead);
    /// RemoveParticipant: BYE for every answered call with this SIP Call-ID. False: none.
    bool hang_up(std::string_view call_id, Time now);

    /// Live calls, oldest first.
    [[nodiscard]] std::vector<LivekitCall> live() const;
    /// Ended calls, oldest first; at most `keep_ended`.
    [[nodiscard]] const std::deque<LivekitCall>& ended() const;
    /// Audio of the newest call with media; nullptr: there was none.
    [[nodiscard]] const RtpStream* audio() const;
    [[nodiscard]] const Ladder& ladder() const;
    /// Answers above 1,300 bytes: never sent and never logged, as sipgo does.
    [[nodiscard]] std::uint64_t oversize() const;
    /// Requests received, by method; retransmissions count.
    [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& requests() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace causeway::testing
