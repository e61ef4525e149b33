// SPDX-License-Identifier: GPL-2.0-only
// A frame gets a second owner, who would free it again.
// REFUSED: deleted
#include "kernel/sk_buff.hpp"

#include <utility>

namespace etun {

void keep(Skb frame);
void give(Skb frame);
void give(Skb frame)
{
#ifdef GOOD
	keep(std::move(frame));
#else
	keep(frame);
#endif
}

} // namespace etun
