// SPDX-License-Identifier: GPL-2.0-only
// A proof of RTNL is made out of nothing.
// REFUSED: protected constructor
#include "kernel/context.hpp"

namespace etun {

void needs_rtnl(const Rtnl &held);
void call_it();
void call_it()
{
#ifdef GOOD
	const RtnlHeld rtnl;
#else
	const Rtnl rtnl;
#endif
	needs_rtnl(rtnl);
}

} // namespace etun
