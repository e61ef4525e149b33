// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "topology.hpp"

#include <vector>

namespace bench {

/// A flood of frames of 60 bytes from devices at home.
struct Flood {
	/// One for each of pktgen's threads, of which there is one a processor. "a0@1" is a0, sent through by several.
	std::vector<std::string> devices;
	Mac mac{};
	Address to = 0;
	std::uint16_t port = 9;
	/// For each device.
	unsigned frames = 0;
};

/// Runs it, and returns the nanoseconds per frame, with all that the frame set off on the sending processor. With
/// several threads these are those of all together: the time divided by the frames of all.
double pktgen(const Flood &plan);

} // namespace bench
