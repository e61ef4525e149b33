// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How an end receives: its settings, and the rings that they ask for.
#ifndef ETUN_DRIVER_RECEIVE_HPP
#define ETUN_DRIVER_RECEIVE_HPP

#include "core/delivery.hpp"
#include "kernel/context.hpp"

namespace etun {

/// Gives \p dev the settings \p next, with rings and NAPI instances as they ask for. Frames that lie in a ring that is
/// replaced arrive before those of the new one; when the end is down they are dropped. On failure everything is as
/// before. Under RTNL; sleeps. Returns 0 or a negative errno (ENOMEM, or what the kernel's registration says); what
/// needs no new ring does not fail.
[[nodiscard]] int apply_receive(const Rtnl &held, net_device *dev, const ReceiveSettings &next);

/// Says to the peer of \p dev whether it may deliver in its own context: \p dev wants that, and its namespace belongs
/// to the user namespace of the peer's, or to one that this lies in. After each change of either. Under RTNL.
void update_direct(const Rtnl &held, net_device *dev);

} // namespace etun

#endif
