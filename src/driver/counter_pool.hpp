// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Memory of the ends' counters. The kernel's allocator of per-CPU memory looks through all that it has given away, so
/// a piece for each end would make every further pair dearer; several ends share one.
#ifndef ETUN_DRIVER_COUNTER_POOL_HPP
#define ETUN_DRIVER_COUNTER_POOL_HPP

#include "core/drop.hpp"
#include "kernel/context.hpp"
#include "kernel/percpu.hpp"

namespace etun {

/// Numbers of an end's counters; before these come those of the causes of drops (Drop).
namespace counter {
inline constexpr unsigned xdp_xmit = drop_count;
inline constexpr unsigned xdp_xmit_errors = drop_count + 1;
inline constexpr unsigned direct = drop_count + 2;	   ///< delivered at once
inline constexpr unsigned direct_later = drop_count + 3;   ///< delivered by the outermost delivery
inline constexpr unsigned direct_backlog = drop_count + 4; ///< the context did not allow it
inline constexpr unsigned count = drop_count + 5;
} // namespace counter

using EndCounters = PerCpuCounters<counter::count>;

struct CounterChunk;

/// Where the memory of an end's counters is. It owns nothing by itself: take() and give_back() go with a device's life.
class CounterPlace {
public:
	/// Gives \p counters memory, all 0; false when that is short. Under RTNL; sleeps.
	[[nodiscard]] bool take(const Rtnl &held, EndCounters &counters);

	/// Takes it away; harmless when there is none. Task; nobody counts any more.
	void give_back(EndCounters &counters);

private:
	CounterChunk *chunk_ = nullptr;
	unsigned slot_ = 0;
};

/// Once, when the module is loaded, before there are ends.
void prepare_counter_pool();

} // namespace etun

#endif
