// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What the kernel answers about links. Nothing in a message is believed before its length is checked.
#ifndef ETUN_LIBETUN_LINK_ANSWER_HPP
#define ETUN_LIBETUN_LINK_ANSWER_HPP

#include "libetun/error.hpp"
#include "libetun/link.hpp"

#include <linux/netlink.h>

#include <optional>

namespace etun {

/// Reads an RTM_NEWLINK of nlmsg_len bytes. EBADMSG when it is cut off, or an attribute has the wrong length.
Outcome<Link> read_link(const nlmsghdr *message);

/// What an NLMSG_ERROR says: nothing for success, else its errno with the kernel's sentence. EBADMSG when the message
/// is cut off or of another type.
std::optional<Error> read_answer(const nlmsghdr *message);

} // namespace etun

#endif
