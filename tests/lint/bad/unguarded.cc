// SPDX-License-Identifier: GPL-2.0-only
// A variable that RTNL guards is written without it.
// REFUSED: writing variable 'guarded' requires holding RTNL 'rtnl_mutex'
#include "kernel/context.hpp"

namespace etun {

constinit int guarded ETUN_GUARDED_BY(rtnl_mutex) = 0;

void write_guarded();
void write_guarded()
{
#ifdef GOOD
	const RtnlGuard rtnl;
#endif
	guarded = 1;
}

} // namespace etun
