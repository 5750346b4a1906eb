#pragma once

#include "call_book.hpp"

#include "causeway/port/event_sink.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/verdict.hpp"

/// Call records: what the CDR says (PRODUCT §7).
namespace causeway::b2bua {

/// Of a call that went through the machine. `now` and `wall` are the same instant on two clocks.
port::CallRecord record_of(const Call& call, Time now, WallTime wall);

/// Of an INVITE that a stage after admission refused; it has neither legs nor media.
port::CallRecord record_of(const sip::Message& invite, const sip::Source& from,
                           const Rejection& rejection, WallTime wall);

}  // namespace causeway::b2bua
