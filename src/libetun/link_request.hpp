// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What can be asked of links, as rtnetlink messages; no socket is needed to build one.
#ifndef ETUN_LIBETUN_LINK_REQUEST_HPP
#define ETUN_LIBETUN_LINK_REQUEST_HPP

#include "libetun/link.hpp"
#include "libetun/message.hpp"

#include <string>
#include <string_view>

namespace etun {

/// Makes a pair, both ends as described, in one message: all of it happens or nothing.
Message create_pair(const PairDescription &pair);
/// Makes a bridge called \p name. One that is given an address keeps it; else it is the least of its ports'.
Message create_bridge(const std::string &name, bool up, std::optional<HardwareAddress> address = {});
/// Makes a VLAN device. ENETDOWN when it is to be up while the device below is not.
Message create_vlan(const VlanDescription &vlan);
/// Whether its bridge may send back through the port of \p index what came from it.
Message set_hairpin(unsigned index, bool hairpin);
/// Destroys the link of \p index; with an end goes its peer.
Message delete_link(unsigned index);
/// The same for the link called \p name.
Message delete_link(const std::string &name);
/// Changes the link of \p index. Where etun's own attributes are named, it must be of our kind.
Message change_link(unsigned index, const LinkChange &change);
/// Asks for the link that has the name \p name, if only as another one.
Message get_link(const std::string &name);
/// Asks for all links, or for those of \p kind alone.
Message dump_links(std::string_view kind = {});

} // namespace etun

#endif
