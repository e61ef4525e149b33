// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "topology.hpp"

namespace bench {

/// A flood of frames of 60 bytes from a device at home.
struct Flood {
	std::string device;
	Mac mac{};
	Address to = 0;
	std::uint16_t port = 9;
	unsigned frames = 0;
};

/// Runs it on pktgen's first thread, and returns the nanoseconds per frame, with all that the frame set off on the
/// sending processor.
double pktgen(const Flood &plan);

} // namespace bench
