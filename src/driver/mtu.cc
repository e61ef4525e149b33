// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// MTU: with the policy `equal` a change at one end is made at both.
#include "core/mtu_policy.hpp"
#include "driver/end.hpp"

namespace etun {
namespace {

/// Both ends while the MTU of one follows the other's: what is announced of them then is this driver's own doing.
class [[nodiscard]] Following {
public:
	Following(const Rtnl &held, End &one, End &other)
		: one_(one.mtu_changing(held)), other_(other.mtu_changing(held))
	{
		one_ = other_ = true;
	}
	Following(const Following &) = delete;
	Following &operator=(const Following &) = delete;
	~Following() { one_ = other_ = false; }

private:
	bool &one_;
	bool &other_;
};

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (NETDEV_CHANGEMTU), also from within itself. An error makes the core take the change back
// and announce that.
//
// When somebody refuses the peer's MTU, the core takes that back and announces it here. That must not change this end,
// which the core takes back next: somebody who refuses all would keep both ends following each other for ever.
int etun_mtu_changed(net_device *dev)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	net_device *peer = end.peer(rtnl);

	if (!peer || end.mtu_changing(rtnl) || !mtu_follows(end.mtu_policy(rtnl), mtu(dev), mtu(peer)))
		return 0;
	const Following both(rtnl, end, End::of(peer));
	return dev_set_mtu(peer, static_cast<int>(mtu(dev)));
}
