#include "causeway/transaction/layer.hpp"

#include "branch.hpp"
#include "client.hpp"
#include "core.hpp"
#include "server.hpp"

#include <utility>

namespace causeway::transaction {

namespace {

bool is_client(Kind kind) {
    return kind == Kind::InviteClient || kind == Kind::NonInviteClient;
}

}  // namespace

struct Layer::Impl {
    explicit Impl(Options options) : core(std::move(options)) {}

    Core core;
    Client client{core};
    Server server{core};
};

Layer::Layer(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Layer::~Layer() = default;

bool Layer::receive(sip::Message message, const sip::Source& from, Time now) {
    impl_->core.outbox.begin();
    impl_->server.withdraw();
    if (message.is_request()) {
        return impl_->server.receive(std::move(message), from, now);
    }
    impl_->client.receive(std::move(message), from, now);
    return true;
}

void Layer::accept(Key key, Time now) {
    impl_->core.outbox.begin();
    if (const std::uint32_t n = impl_->core.slots.find(key); n != kNoSlot) {
        impl_->server.accept(n, now);
    }
}

void Layer::refuse(Key key, std::string_view response) {
    impl_->core.outbox.begin();
    if (const std::uint32_t n = impl_->core.slots.find(key); n != kNoSlot) {
        impl_->server.refuse(n, response);
    }
}

void Layer::respond(Key key, std::string_view response, Time now) {
    impl_->core.outbox.begin();
    if (const std::uint32_t n = impl_->core.slots.find(key); n != kNoSlot) {
        impl_->server.respond(n, response, now);
    }
}

Key Layer::request(std::string_view message, const sip::Target& to, Time now) {
    impl_->core.outbox.begin();
    return impl_->client.request(message, to, now);
}

void Layer::cancel(Key invite, std::string_view headers, Time now) {
    impl_->core.outbox.begin();
    if (const std::uint32_t n = impl_->core.slots.find(invite); n != kNoSlot) {
        impl_->client.cancel(n, headers, now);
    }
}

void Layer::send(std::string_view message, const sip::Target& to) {
    impl_->core.outbox.begin();
    impl_->client.send(message, to);
}

void Layer::undeliverable(Key key, Errc code, Time /*now*/) {
    impl_->core.outbox.begin();
    const std::uint32_t n = impl_->core.slots.find(key);
    // A server transaction stays as it is (RFC 6026 §8.8): it must go on absorbing the request.
    if (n != kNoSlot && is_client(impl_->core.slots[n].kind)) {
        impl_->client.undeliverable(n, code);
    }
}

bool Layer::owns_branch(std::string_view branch) const {
    const std::optional<Branch> read = Branch::parse(branch);
    return read && impl_->client.find(*read) != kNoSlot;
}

std::optional<Time> Layer::deadline() const {
    return impl_->core.wheel.next();
}

void Layer::advance(Time now) {
    impl_->core.outbox.begin();
    while (const std::optional<TimerWheel::Node> n = impl_->core.wheel.expire(now)) {
        if (is_client(impl_->core.slots[*n].kind)) {
            impl_->client.fire(*n, now);
        } else {
            impl_->server.fire(*n, now);
        }
    }
}

std::optional<Action> Layer::poll() {
    return impl_->core.outbox.poll();
}

std::size_t Layer::size() const {
    return impl_->core.slots.size() - impl_->server.offered();
}

}  // namespace causeway::transaction
