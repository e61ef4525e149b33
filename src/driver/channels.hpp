// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How many queues an end uses.
#ifndef ETUN_DRIVER_CHANNELS_HPP
#define ETUN_DRIVER_CHANNELS_HPP

#include "kernel/context.hpp"
#include "kernel/net_device.hpp"

namespace etun {

/// Gives \p dev, which is not registered yet, one queue in use each way but where \p attributes, which may be none, say
/// how many there are to be. Under RTNL.
void queues_unless_given(const Rtnl &held, net_device *dev, nlattr **attributes);

/// Tells what \p dev can do with XDP, which hangs on its queues and its peer's. Under RTNL.
void update_xdp_features(const Rtnl &held, net_device *dev);

} // namespace etun

#endif
