// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Carrier: brings both ends of a pair into the state that core/link.hpp says.
#ifndef ETUN_DRIVER_LINK_STATE_HPP
#define ETUN_DRIVER_LINK_STATE_HPP

#include "kernel/context.hpp"

namespace etun {

/// Sets carrier and receiver of \p dev and of its peer from what both contribute. Under RTNL; may be called at
/// any time, as it derives everything anew.
void update_link(const Rtnl &held, net_device *dev);

} // namespace etun

#endif
