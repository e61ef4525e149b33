// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How the end that stays on the host is called. Its name says whose it is, as the name is all of what tells that can
/// stand in the message which makes it; nothing has to be kept in a file.
#ifndef ETUN_CNI_HOST_END_HPP
#define ETUN_CNI_HOST_END_HPP

#include "cni/call.hpp"
#include "libetun/link.hpp"

#include <string>

namespace etun::cni {

/// Name of the host's end of an attachment: `ec`, five characters for the network, eight for the attachment.
std::string host_end_name(const std::string &network, const AttachmentName &attachment);

/// What the host's end is called for people, and to tell apart what has one name by chance: the network, the container
/// and the interface. Empty when it would be too long.
std::string host_end_alias(const std::string &network, const AttachmentName &attachment);

/// True when \p link is the host's end of this attachment.
bool is_host_end(const Link &link, const std::string &network, const AttachmentName &attachment);
/// True when it is that of any attachment of the network.
bool is_host_end_of(const Link &link, const std::string &network);

} // namespace etun::cni

#endif
