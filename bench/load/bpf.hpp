// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "sockets.hpp"

#include <string>

namespace bench {

/// Loads the XDP program of that name from xdp.bpf.o, which lies beside this program. Where it redirects, it does so to
/// `target`.
Descriptor load_xdp(const std::string &name, int target = 0);

} // namespace bench
