#pragma once

#include <cstdint>
#include <optional>

namespace causeway::telemetry {

/// What a leg's audio would have been rated, 1 to 4.5, from what was lost and how unevenly the
/// rest came; nothing if no packet came.
///
/// The E-model of ITU-T G.107 with its default values and everything that a relay cannot see left
/// out: R = 93.2 − Id − Ie,eff. Id is the usual linear reading of the model's delay curve,
/// 0.024·d + 0.11·(d − 177.3 above 177.3 ms), where d holds what we can vouch for: one 20 ms frame
/// and a jitter buffer of twice the measured jitter. Ie,eff = Ie + (95 − Ie)·Ppl / (Ppl + Bpl) with
/// G.711's values under loss concealment (ITU-T G.113 appendix I: Ie 0, Bpl 25.1) whatever the
/// codec, so that legs and carriers can be compared. R to MOS as in G.107 annex B.
std::optional<double> mos(std::uint64_t packets, std::uint64_t lost, double jitter_ms);

}  // namespace causeway::telemetry
