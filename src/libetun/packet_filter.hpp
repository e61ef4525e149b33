// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Whether a network namespace filters packets.
#ifndef ETUN_LIBETUN_PACKET_FILTER_HPP
#define ETUN_LIBETUN_PACKET_FILTER_HPP

#include "libetun/net_namespace.hpp"

namespace etun {

/// True when there are tables of nftables or iptables. It loads no module; what may not be seen is not there.
bool has_packet_filter(const NetNamespace &where);

} // namespace etun

#endif
