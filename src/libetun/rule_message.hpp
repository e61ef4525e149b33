// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Rules of policy routing in rtnetlink messages.
#ifndef ETUN_LIBETUN_RULE_MESSAGE_HPP
#define ETUN_LIBETUN_RULE_MESSAGE_HPP

#include "libetun/message.hpp"

#include <linux/netlink.h>

namespace etun {

/// Asks for the rules of \p family.
Message dump_rules(int family);
/// Whether an RTM_NEWRULE of nlmsg_len bytes is about a rule that somebody made: not the kernel, which makes three of
/// each family. False for what can't be read.
bool is_rule_of_somebody(const nlmsghdr *message);

} // namespace etun

#endif
