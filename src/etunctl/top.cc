// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/top.hpp"

#include "etunctl/flow.hpp"
#include "etunctl/interrupt.hpp"
#include "etunctl/screen.hpp"

#include <fmt/core.h>

#include <thread>

namespace etun {
namespace {

using std::chrono::milliseconds;

/// How long it is until the next look.
milliseconds left_of(const Sample &sample)
{
	const auto passed = std::chrono::steady_clock::now() - sample.taken;
	return std::max(milliseconds(0), rate_interval - std::chrono::duration_cast<milliseconds>(passed));
}

/// Waits until the next look is due; false when it is to end.
bool wait_for_next(const Sample &sample)
{
	for (;;) {
		const milliseconds left = left_of(sample);
		const char key = Screen::wait(left);
		if (key == 'q' || key == 'Q' || interrupted())
			return false;
		if (left_of(sample) == milliseconds(0))
			return true;
	}
}

} // namespace

void print_flows(unsigned count)
{
	Sample sample = take_sample();
	for (unsigned i = 0; i < count; i++) {
		std::this_thread::sleep_for(left_of(sample));
		Sample next = take_sample();
		fmt::print("{}{}", i == 0 ? "" : "\n", flows_text(flows_between(sample, next)));
		std::fflush(stdout);
		sample = std::move(next);
	}
}

void watch_flows()
{
	Sample sample = take_sample();
	notice_interrupts();
	const Screen screen;
	screen.draw("etunctl top: counting for a second; q ends it\n");
	while (wait_for_next(sample)) {
		Sample next = take_sample();
		screen.draw(fmt::format("etunctl top: {} pairs; q ends it\n\n{}", next.census.pairs.size(),
					flows_text(flows_between(sample, next))));
		sample = std::move(next);
	}
}

} // namespace etun
