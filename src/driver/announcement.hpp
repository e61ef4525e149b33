// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Telling whoever listens to rtnetlink that what a dump of an end shows has changed, where the core does not: a dump
/// shows things of the peer, which the core does not know of.
#ifndef ETUN_DRIVER_ANNOUNCEMENT_HPP
#define ETUN_DRIVER_ANNOUNCEMENT_HPP

#include "core/delivery.hpp"
#include "core/mtu_policy.hpp"
#include "kernel/context.hpp"

namespace etun {

/// Announces \p dev, up or down; nothing while it is not registered. Under RTNL.
void announce(const Rtnl &held, net_device *dev);

/// For as long as a request changes a pair: announces both ends at its end if what a dump of either shows of both is
/// not what it was. \p peer may be none.
class [[nodiscard]] ChangeAnnounced {
public:
	ChangeAnnounced(const Rtnl &held, net_device *dev, net_device *peer);
	ChangeAnnounced(const ChangeAnnounced &) = delete;
	ChangeAnnounced &operator=(const ChangeAnnounced &) = delete;
	~ChangeAnnounced();

private:
	/// What a dump shows of one end, and of the pair.
	struct Shown {
		Mode mode;
		unsigned slots;
		MtuPolicy policy;
		bool wire;

		bool operator==(const Shown &) const = default;
	};
	static Shown shown(const Rtnl &held, net_device *dev);

	const Rtnl &rtnl_;
	net_device *dev_;
	net_device *peer_;
	Shown before_;
	Shown peers_before_;
};

} // namespace etun

#endif
