#include "support/dice.hpp"
#include "target.hpp"

#include "causeway/sip/framer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace causeway::fuzz {
namespace {

struct Cut {
    std::vector<std::pair<sip::Frame::Kind, std::string>> frames;
    bool is_broken{};
    bool is_in_message{};
    bool operator==(const Cut&) const = default;
};

void drain(sip::Framer& framer, Cut& cut) {
    while (const auto frame = framer.poll()) {
        const auto* const data = reinterpret_cast<const char*>(frame->bytes.data());
        cut.frames.emplace_back(frame->kind, std::string(data, frame->bytes.size()));
        EXPECT_FALSE(cut.is_broken) << "a frame behind the break";
        cut.is_broken = frame->kind == sip::Frame::Kind::Broken;
    }
    EXPECT_EQ(framer.is_broken(), cut.is_broken);
    cut.is_in_message = framer.is_in_message();
}

Cut at_once(std::string_view stream) {
    sip::Framer framer;
    Cut cut;
    framer.push(std::as_bytes(std::span(stream)));
    drain(framer, cut);
    return cut;
}

/// Each piece in memory of its own size, gone when the framer has read it.
Cut in_pieces(std::string_view stream, testing::Dice dice) {
    sip::Framer framer;
    Cut cut;
    while (!stream.empty() && !framer.is_broken()) {
        const std::size_t most = dice.below(2) == 0 ? 3 : 600;
        const std::size_t size = std::min<std::size_t>(stream.size(), 1 + dice.below(most));
        const std::vector<char> piece(stream.begin(), stream.begin() + size);
        framer.push(std::as_bytes(std::span(piece)));
        drain(framer, cut);
        stream.remove_prefix(size);
    }
    return cut;
}

}  // namespace

/// Choices, NUL, a byte stream: however it is dealt out, the same frames come of it, and `split`
/// finds no message shorter than it says.
void run(Input input) {
    const Input choices = until_nul(input);
    const std::string_view stream = text_of(input);
    const Cut whole = at_once(stream);
    const Cut pieces = in_pieces(stream, testing::Dice(choices));
    ASSERT_EQ(whole.frames.size(), pieces.frames.size());
    for (std::size_t i = 0; i < whole.frames.size(); ++i) {
        const auto& [kind, bytes] = whole.frames[i];
        EXPECT_EQ(kind, pieces.frames[i].first);
        if (kind != sip::Frame::Kind::Broken) {
            EXPECT_EQ(bytes, pieces.frames[i].second);
        }
        if (kind == sip::Frame::Kind::Message) {
            const auto message = sip::Message::split(std::as_bytes(std::span(bytes)));
            EXPECT_TRUE(message || message.error().what != "Content-Length beyond the message");
            EXPECT_TRUE(message || message.error().what != "no end of the head");
        }
    }
    EXPECT_EQ(whole.is_broken, pieces.is_broken);
    EXPECT_TRUE(whole.is_broken || whole.is_in_message == pieces.is_in_message);
}

}  // namespace causeway::fuzz
