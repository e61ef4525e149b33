// SPDX-License-Identifier: GPL-2.0-only
// A function that asks for RTNL is called without a proof of it.
// REFUSED: no matching function for call to 'needs_rtnl'
#include "kernel/context.hpp"

namespace etun {

void needs_rtnl(const Rtnl &held);
void call_it();
void call_it()
{
#ifdef GOOD
	const RtnlGuard rtnl;
	needs_rtnl(rtnl);
#else
	needs_rtnl();
#endif
}

} // namespace etun
