// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Interrupts that are noticed by who asks for them, so that what was begun can be put in order first.
#ifndef ETUN_ETUNCTL_INTERRUPT_HPP
#define ETUN_ETUNCTL_INTERRUPT_HPP

namespace etun {

/// From now on SIGINT, SIGTERM and SIGHUP don't end the process.
void notice_interrupts();
/// True once one of them has come.
bool interrupted();

} // namespace etun

#endif
