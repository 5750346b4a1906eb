#include "stage.hpp"

#include "causeway/sip/builder.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>
#include <variant>

namespace causeway::transaction {

namespace {

const Time kStart{std::chrono::hours(100)};

Layer::Options options(Timers timers, std::size_t max_answered) {
    std::vector<Identity> identities;
    for (const auto transport : {sip::Transport::Udp, sip::Transport::Tcp, sip::Transport::Tls}) {
        identities.push_back(
            {InterfaceId{1}, transport,
             transport == sip::Transport::Tls ? "10.0.0.1:5061" : "10.0.0.1:5060"});
    }
    return {.secret = kSecret,
            .identities = std::move(identities),
            .timers = timers,
            .start = kStart,
            .max_answered = max_answered};
}

std::string what_of(std::string_view bytes) {
    const std::string line = start_line(bytes);
    if (line.starts_with("SIP/2.0 ")) {
        const std::string cseq = header(bytes, "CSeq");
        return line.substr(8, 3) + " " + cseq.substr(cseq.find(' ') + 1);
    }
    return line.substr(0, line.find(' '));
}

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace

std::string RequestText::text() const {
    std::string out = method + " " + uri + " SIP/2.0\r\n";
    if (!via.empty()) {
        out += "Via: " + via + "\r\n";
    }
    out += "Max-Forwards: 70\r\nFrom: " + from + "\r\nTo: " + to + "\r\nCall-ID: " + call_id +
           "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n" + extra +
           "Content-Length: 0\r\n\r\n";
    return out;
}

RequestText RequestText::as(std::string_view other) const {
    RequestText copy = *this;
    copy.method = other;
    return copy;
}

RequestText RequestText::with_to_tag(std::string_view tag) const {
    RequestText copy = *this;
    copy.to += ";tag=" + std::string(tag);
    return copy;
}

std::string answer(std::string_view request, int status, std::string_view to_tag) {
    std::string to = header(request, "To");
    if (!to_tag.empty() && to.find(";tag=") == std::string::npos) {
        to += ";tag=" + std::string(to_tag);
    }
    return "SIP/2.0 " + std::to_string(status) + " Answer\r\nVia: " + header(request, "Via") +
           "\r\nFrom: " + header(request, "From") + "\r\nTo: " + to +
           "\r\nCall-ID: " + header(request, "Call-ID") + "\r\nCSeq: " + header(request, "CSeq") +
           "\r\nContent-Length: 0\r\n\r\n";
}

std::string header(std::string_view message, std::string_view name) {
    const std::string wanted = "\r\n" + std::string(name) + ": ";
    const std::size_t at = message.find(wanted);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = at + wanted.size();
    return std::string(message.substr(begin, message.find("\r\n", begin) - begin));
}

std::string start_line(std::string_view message) {
    return std::string(message.substr(0, message.find("\r\n")));
}

std::string branch(std::string_view message) {
    const std::string via = header(message, "Via");
    const std::size_t begin = via.find(";branch=") + 8;
    return via.substr(begin, via.find(';', begin) - begin);
}

sip::Message parsed(std::string_view text) {
    auto message = sip::Message::split(std::as_bytes(std::span(text.data(), text.size())));
    if (!message) {
        throw std::invalid_argument(message.error().what + ": " + std::string(text));
    }
    return std::move(*message);
}

Stage::Stage(sip::Transport transport, Timers timers, std::size_t max_answered)
    : layer(options(timers, max_answered)),
      now(kStart),
      peer{.interface = InterfaceId{1},
           .peer = {IpAddress::v4(192, 0, 2, 9), 5070},
           .transport = transport,
           .connection = ConnectionId{sip::is_reliable(transport) ? 77U : 0U},
           .tls_name = transport == sip::Transport::Tls ? "peer.example.org" : ""},
      source{.interface = peer.interface,
             .peer = peer.peer,
             .transport = transport,
             .connection = peer.connection} {}

Key Stage::request(const RequestText& request) {
    RequestText ours = request;
    ours.via.clear();
    const Key key = layer.request(ours.text(), peer, now);
    drain();
    return key;
}

void Stage::receive(std::string_view text) {
    layer.receive(parsed(text), source, now);
    drain();
}

void Stage::answer_to(std::string_view method, int status, std::string_view to_tag) {
    receive(answer(sent_text(std::string(method) + " "), status, to_tag));
}

Key Stage::accepted(const RequestText& request) {
    const std::size_t before = requests.size();
    receive(request.text());
    if (requests.size() != before + 1) {
        throw std::logic_error("no new request");
    }
    const Key key = requests.back().key;
    layer.accept(key, now);
    drain();
    return key;
}

void Stage::respond(Key key, int status, std::string_view to_tag) {
    const auto request = std::find_if(requests.begin(), requests.end(),
                                      [key](const Request& r) { return r.key == key; });
    layer.respond(
        key,
        sip::Builder::response(request->message, request->from, sip::status(status), to_tag)
            .finish(),
        now);
    drain();
}

void Stage::cancel(Key key, std::string_view headers) {
    layer.cancel(key, headers, now);
    drain();
}

void Stage::undeliverable(Key key, Errc code) {
    layer.undeliverable(key, code, now);
    drain();
}

void Stage::pass(Millis span) {
    const Time end = now + span;
    while (layer.deadline() && *layer.deadline() <= end) {
        now = std::max(now, *layer.deadline());
        layer.advance(now);
        drain();
    }
    now = end;
    layer.advance(now);
    drain();
}

void Stage::drain() {
    while (std::optional<Action> action = layer.poll()) {
        carry_out(std::move(*action));
    }
}

std::vector<std::string> Stage::log() {
    return std::exchange(log_, {});
}

std::string Stage::sent_text(std::string_view start) const {
    const auto found = std::find_if(sent.begin(), sent.end(), [start](const Sent& message) {
        return message.bytes.starts_with(start);
    });
    return found == sent.end() ? std::string{} : found->bytes;
}

std::size_t Stage::count(std::string_view start) const {
    return static_cast<std::size_t>(
        std::count_if(sent.begin(), sent.end(),
                      [start](const Sent& message) { return message.bytes.starts_with(start); }));
}

void Stage::note(std::string_view what) {
    const auto passed = std::chrono::duration_cast<Millis>(now - kStart).count();
    log_.push_back(std::to_string(passed) + " " + std::string(what));
}

void Stage::carry_out(Action action) {
    std::visit(Overloaded{
                   [this](Transmit& a) {
                       note("> " + what_of(a.bytes));
                       sent.push_back({a.key, a.to, std::string(a.bytes)});
                   },
                   [this](Request& a) {
                       note("request " + std::string(a.message.method()));
                       requests.push_back(std::move(a));
                   },
                   [this](Response& a) {
                       note("response " + std::to_string(a.message.status()));
                       responses.push_back(std::move(a));
                   },
                   [this](Ack& a) {
                       note("ack");
                       acks.push_back(std::move(a));
                   },
                   [this](Stray& a) {
                       note("stray " + std::to_string(a.message.status()));
                       strays.push_back(std::move(a));
                   },
                   [this](Cancelled&) { note("cancelled"); },
                   [this](Failed& a) {
                       note(a.code == Errc::Timeout ? "failed timeout" : "failed io");
                       failures.push_back(a);
                   },
               },
               action);
}

}  // namespace causeway::transaction
