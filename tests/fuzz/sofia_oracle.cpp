#include "sofia_oracle.hpp"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_alloc.h>

#include <algorithm>
#include <memory>

namespace causeway::fuzz {
namespace {

struct Destroy {
    void operator()(msg_t* message) const { msg_destroy(message); }
};

std::string text_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

/// The name of a header line as it came. (`er_name` is not always set.)
std::string name_of(const msg_common_t& header) {
    const std::string_view line(static_cast<const char*>(header.h_data), header.h_len);
    return std::string(line.substr(0, line.find_first_of(": \t\r\n")));
}

void read_addressing(const sip_t& sip, SecondReading& reading) {
    reading.from_tag = text_of(sip.sip_from->a_tag);
    reading.to_tag = text_of(sip.sip_to->a_tag);
    reading.via_host = text_of(sip.sip_via->v_host);
    reading.branch = text_of(sip.sip_via->v_branch);
}

SecondReading read(const sip_t& sip) {
    SecondReading reading;
    if (sip.sip_request != nullptr) {
        reading.method = text_of(sip.sip_request->rq_method_name);
        reading.request_host = text_of(sip.sip_request->rq_url->url_host);
    } else {
        reading.status = sip.sip_status->st_status;
        reading.method = text_of(sip.sip_cseq->cs_method_name);
    }
    reading.call_id = text_of(sip.sip_call_id->i_id);
    reading.cseq = sip.sip_cseq->cs_seq;
    read_addressing(sip, reading);
    if (sip.sip_max_forwards != nullptr) {
        reading.max_forwards = static_cast<std::uint32_t>(sip.sip_max_forwards->mf_count);
    }
    if (sip.sip_payload != nullptr) {
        reading.body.assign(sip.sip_payload->pl_data, sip.sip_payload->pl_len);
    }
    return reading;
}

}  // namespace

SecondOpinion ask_sofia(std::string_view text) {
    constexpr isize_t kHome = 4096;
    const std::unique_ptr<msg_t, Destroy> message(
        msg_create(sip_default_mclass(), MSG_DO_EXTRACT_COPY));
    su_home_preload(msg_home(message.get()), 1, kHome);
    SecondOpinion opinion;
    const auto size = static_cast<usize_t>(text.size());
    msg_iovec_t vector[8] = {};
    const ssize_t pieces = msg_recv_iovec(message.get(), vector, 8, size, 1);
    if (pieces <= 0) {
        return opinion;
    }
    std::string_view rest = text;
    for (ssize_t i = 0; i < pieces; ++i) {
        const std::size_t part = std::min(rest.size(), static_cast<std::size_t>(vector[i].mv_len));
        std::copy_n(rest.data(), part, static_cast<char*>(static_cast<void*>(vector[i].mv_base)));
        rest.remove_prefix(part);
    }
    msg_recv_commit(message.get(), size, 1);
    const int extracted = msg_extract(message.get());
    const sip_t* const sip = sip_object(message.get());
    if (sip == nullptr) {
        return opinion;
    }
    for (const msg_error_t* error = sip->sip_error; error != nullptr; error = error->er_next) {
        opinion.bad.push_back(name_of(*error->er_common));
    }
    const bool is_whole = extracted > 0 && opinion.bad.empty() &&
                          (sip->sip_flags & MSG_FLG_ERROR) == 0 &&
                          (sip->sip_request != nullptr || sip->sip_status != nullptr);
    if (is_whole && sip->sip_from != nullptr && sip->sip_to != nullptr && sip->sip_via != nullptr &&
        sip->sip_call_id != nullptr && sip->sip_cseq != nullptr) {
        opinion.reading = read(*sip);
    }
    return opinion;
}

}  // namespace causeway::fuzz
