#pragma once

/* One established flow as user space and the kernel program both see it: the relay thread fills it,
 * the program reads it per packet and counts in it. This is the only copy of the layout; it
 * compiles as C (clang -target bpf included) and as C++, and both hold the sizes below.
 *
 * Addresses and ports are in network order, IPv4 as ::ffff:a.b.c.d. All else is in host order. */

#include <linux/types.h>

#ifdef __cplusplus
#define CAUSEWAY_HOLDS(condition) static_assert(condition, #condition)
#else
#define CAUSEWAY_HOLDS(condition) _Static_assert(condition, #condition)
#endif

#define CAUSEWAY_ABI_VERSION 1

/* causeway_end.flags */
#define CAUSEWAY_END_IPV4 1u    /* the addresses of this end are IPv4 */
#define CAUSEWAY_END_TRACKED 2u /* the program's: max_sequence and transit are valid */

// NOLINTBEGIN(readability-identifier-naming): C names, shared with the kernel program

struct causeway_address {
    __u8 ip[16];
    __be16 port;
    __u16 zero;
};

/* One end: where its packets arrive and whence, and what may pass from it. A packet of end 0 leaves
 * from end 1's `local` to end 1's `peer`, and the other way round. The program takes a packet only
 * if its source is `source`, its payload type is in `payload_types` and its SSRC is `ssrc`; one
 * from another source it drops and counts; every other one goes up to the socket, but its sequence
 * number is tracked all the same, so that telephone-events do not look like losses. */
struct causeway_end {
    struct causeway_address local;  /* our port of this end */
    struct causeway_address source; /* the locked source of its packets */
    struct causeway_address peer;   /* where packets for this end go */
    __u32 ssrc;
    __u32 flags;
    __u32 payload_type_bits[4]; /* bit n of word n/32: payload type n is negotiated */
    __u32 reserved;

    /* Counted since the offload, zero at its start; only the program writes them. */
    __u64 packets;      /* forwarded */
    __u64 bytes;        /* of these, RTP header and payload */
    __u64 strangers;    /* dropped: wrong source */
    __u64 lost;         /* RFC 3550 A.3, of what passed the program; never below zero */
    __u64 last_seen_ns; /* CLOCK_MONOTONIC of the last packet; 0: none yet */
    __u32 max_sequence; /* highest sequence number, cycles in the upper half */
    __u32 transit;      /* RFC 3550 A.8, timestamp units */
    __u32 jitter_x16;   /* RFC 3550 A.8, sixteenths of a timestamp unit */
    __u32 zero;
};

struct causeway_flow {
    __u32 version; /* CAUSEWAY_ABI_VERSION */
    __u32 flags;   /* none yet: 0 */
    __u64 id;      /* the FlowId's value */
    struct causeway_end ends[2];
};

// NOLINTEND(readability-identifier-naming)

CAUSEWAY_HOLDS(sizeof(struct causeway_address) == 20);
CAUSEWAY_HOLDS(sizeof(struct causeway_end) == 144);
CAUSEWAY_HOLDS(sizeof(struct causeway_flow) == 304);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_address, port) == 16);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_end, source) == 20);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_end, peer) == 40);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_end, ssrc) == 60);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_end, payload_type_bits) == 68);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_end, packets) == 88);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_end, max_sequence) == 128);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_flow, id) == 8);
CAUSEWAY_HOLDS(__builtin_offsetof(struct causeway_flow, ends) == 16);

#undef CAUSEWAY_HOLDS
