#include "checks.hpp"
#include "samples.hpp"

#include "causeway/sip/grammar.hpp"

#include <gtest/gtest.h>

#include <random>

namespace causeway::sip {
namespace {

constexpr int kRounds = 20000;

/// Damages a text as a bad peer would: bytes changed, cut out, doubled, and pieces of the grammar
/// put where they do not belong.
class Mutator {
public:
    explicit Mutator(unsigned seed) : random_(seed) {}

    std::string damage(std::string text) {
        for (std::size_t n = 1 + below(4); n > 0; --n) {
            const std::size_t at = below(text.size() + 1);
            const std::size_t count = std::min(below(12), text.size() - at);
            switch (below(5)) {
                case 0:
                    text.erase(at, count);
                    break;
                case 1:
                    text.insert(at, text.substr(at, count));
                    break;
                case 2:
                    text.insert(at, kPieces[below(std::size(kPieces))]);
                    break;
                case 3:
                    text.resize(at);
                    break;
                default:
                    if (at < text.size()) {
                        text[at] = static_cast<char>(below(256));
                    }
            }
        }
        return text;
    }
    std::size_t below(std::size_t bound) { return random_() % bound; }

private:
    static constexpr std::string_view kPieces[] = {
        "\r\n",  "\r", "\n", "\r\n ", "\"",    "\\",      "<",    ">",  ";", ",",       ":",
        "%",     "%0", "[",  "]",     "tag=",  ";tag=x",  "sip:", "@",  "*", "\t",      "\xc3",
        "Via: ", "v:", "l:", "To: ",  "rport", ";branch", "0",    "99", "=", "SIP/2.0", "\x7f"};
    std::mt19937 random_;  // damage for a test: no peer guesses it
};

const std::string kBases[] = {
    an_invite().text(),
    a_response().line("Record-Route: <sip:r;lr>, <sip:s;lr>").text(),
    an_invite()
        .via("v: SIP / 2.0 / UDP\r\n [2001:db8::1] : 5062 ; rport ;\r\n branch = b, SIP/2.0/TCP g")
        .from("f: \"a \\\"b\\\"\" <sip:a:pw@[::1]:5060;x=y?h=v>;tag=1;q=\"z\"")
        .to("t: sip:b@h;tag=2")
        .line("m: \"x\" <sip:c@d;transport=tcp>;expires=5, *")
        .line("Route: <sip:r;lr>,<sip:s>")
        .line("k: a, b")
        .line("Max-Forwards: 70")
        .line("Retry-After: 5 (c);d=1")
        .line("c: application/sdp")
        .line("l: 5")
        .body("v=0\r\n and more")
        .text(),
};

TEST(Mutation, NothingReadFromDamagedMessagesIsOutsideThemOrBreaksOurs) {
    int accepted = 0;
    for (int round = 0; round < kRounds; ++round) {
        Mutator mutator(static_cast<unsigned>(round));
        const std::string text = mutator.damage(kBases[mutator.below(std::size(kBases))]);
        SCOPED_TRACE("seed " + std::to_string(round));
        static_cast<void>(glimpse(bytes_of(text)));
        const Result<Message> message = split(text);
        if (!message) {
            continue;
        }
        ++accepted;
        expect_views_inside(*message);
        expect_glimpse_agrees(*message, text);
        expect_clean_answer(*message);
        expect_written_again(from(*message));
        expect_written_again(to(*message));
        expect_written_again(contact(*message));
        if (const auto found = routes(*message, Field::Route)) {
            for (const NameAddr& route : *found) {
                expect_written_again(route);
            }
        }
        static_cast<void>(top_via(*message));
        static_cast<void>(parse_uri(message->request_uri()));
        static_cast<void>(tokens(*message, Field::Supported));
        ASSERT_FALSE(HasFatalFailure()) << text;
    }
    EXPECT_GT(accepted, kRounds / 10);
    EXPECT_LT(accepted, kRounds);
}

TEST(Mutation, DamagedValuesAreReadOrRefused) {
    constexpr std::string_view kValues[] = {
        "\"A \\\"b\\\" C\" <sip:a:pw@[2001:db8::1]:5060;transport=udp;lr>;tag=x;y=\"z\"",
        "Joe <tel:+1-2;phone-context=x>;tag=y", "sips:a%20b@h.example:1;p=q"};
    for (int round = 0; round < kRounds; ++round) {
        Mutator mutator(static_cast<unsigned>(round));
        const std::string text =
            mutator.damage(std::string(kValues[mutator.below(std::size(kValues))]));
        SCOPED_TRACE("seed " + std::to_string(round));
        expect_written_again(parse_name_addr(text));
        if (const Result<Uri> uri = parse_uri(text)) {
            ASSERT_EQ(parse_uri(uri->to_string()), *uri);
        }
        ASSERT_FALSE(HasFatalFailure()) << text;
    }
}

}  // namespace
}  // namespace causeway::sip
