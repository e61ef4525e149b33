// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/interrupt.hpp"

#include <array>
#include <csignal>

namespace etun {
namespace {

volatile std::sig_atomic_t noticed = 0;

} // namespace

void notice_interrupts()
{
	// signal() has interrupted system calls begun anew, so that no answer of the kernel is lost; poll() never is.
	for (const int number : std::array{SIGINT, SIGTERM, SIGHUP})
		std::signal(number, [](int) { noticed = 1; });
}

bool interrupted()
{
	return noticed != 0;
}

} // namespace etun
