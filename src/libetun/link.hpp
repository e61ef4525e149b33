// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A network device as rtnetlink tells of it, and what can be asked of one.
#ifndef ETUN_LIBETUN_LINK_HPP
#define ETUN_LIBETUN_LINK_HPP

#include "core/delivery.hpp"
#include "core/mtu_policy.hpp"
#include "uapi/etun.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace etun {

/// The kind of our links, as rtnetlink calls it.
inline constexpr std::string_view link_kind = ETUN_KIND;

/// Longest alias in bytes (IFALIASZ - 1).
inline constexpr std::size_t link_alias_max = 255;

/// A hardware address of Ethernet.
using HardwareAddress = std::array<std::uint8_t, 6>;

/// Six pairs of hexadecimal digits with colons between them; nothing for any other text.
std::optional<HardwareAddress> parse_hardware_address(std::string_view text);
/// The same as text.
std::string to_text(const HardwareAddress &address);

/// Counters of a device since it was made (struct rtnl_link_stats64).
struct Traffic {
	std::uint64_t rx_packets = 0, rx_bytes = 0, rx_errors = 0, rx_dropped = 0;
	std::uint64_t tx_packets = 0, tx_bytes = 0, tx_errors = 0, tx_dropped = 0;
};

/// What etun's own attributes say of an end (docs/control.md, rtnetlink). A newer module may know modes and policies
/// that this program does not: is_mode() and is_mtu_policy() are false of those.
struct EndAttributes {
	Mode mode = Mode::backlog;
	unsigned ring = 0;
	bool wire = false; ///< frames arrive as on a wire
	MtuPolicy mtu_policy = MtuPolicy::independent;
	std::uint64_t pair_id = 0;
	// The peer's are missing while the pair is being destroyed.
	std::optional<unsigned> peer_index; ///< in the peer's own namespace
	std::optional<int> peer_netnsid;    ///< as the end's namespace numbers it; -1 when it is the same
	std::optional<Mode> peer_mode;
	std::optional<unsigned> peer_ring;
	std::optional<bool> peer_wire;
};

/// Length of the transmit queue of a device that is new.
inline constexpr unsigned tx_queue_length_default = 1000;

/// What a VLAN device says of itself.
struct VlanTag {
	std::uint16_t id = 0;
	bool customer = true; ///< of 802.1Q; false: a service tag (802.1ad)
};

/// A device.
struct Link {
	unsigned index = 0;
	std::string name;
	std::vector<std::string> alt_names; ///< other names of it (`ip link property add dev NAME altname OTHER`)
	std::string kind;		    ///< empty for what is no virtual link
	std::string alias;		    ///< what somebody has called it, for people
	std::optional<HardwareAddress> address;
	unsigned mtu = 0;
	unsigned max_mtu = 0;	 ///< largest that it takes now, 0 for no limit
	bool up = false;	 ///< administratively
	bool carrier = false;	 ///< the carrier is on
	bool proto_down = false; ///< held down by a protocol
	unsigned tx_queues = 0;
	unsigned rx_queues = 0;
	unsigned master = 0;  ///< index of the bridge that it is a port of, or 0
	bool hairpin = false; ///< its bridge sends back through it what came from it
	unsigned group = 0;
	unsigned tx_queue_length = 0;	  ///< in frames; what a qdisc that is made then begins with
	unsigned lower = 0;		  ///< index of the device that it lies upon or belongs to, or 0
	bool lower_elsewhere = false;	  ///< that one is in another namespace, whose indexes mean nothing here
	bool xdp = false;		  ///< an XDP program is attached
	std::optional<VlanTag> vlan = {}; ///< of a VLAN device

	/// The namespace that the link leads into, as its own numbers it; -1 for one that is being destroyed. Missing
	/// where it leads into no other one.
	std::optional<int> link_netnsid;
	Traffic traffic;
	std::optional<EndAttributes> end; ///< of a link of our kind
};

/// True when \p name is one of its names.
bool is_called(const Link &link, std::string_view name);

/// One end of a pair that is to be made. What is not given is as the driver has it.
struct EndDescription {
	std::string name = {};
	int netns = -1; ///< descriptor of the namespace to make it in; -1: where the request is sent
	std::optional<HardwareAddress> address = {};
	std::optional<unsigned> mtu = {};
	std::optional<unsigned> queues = {}; ///< to transmit as well as to receive
	std::optional<Mode> mode = {};
	std::optional<unsigned> ring = {};
	std::optional<bool> wire = {};
	bool up = false;
};

/// A pair that is to be made.
struct PairDescription {
	EndDescription one;
	EndDescription other;		     ///< its mode, ring and wire are those of the first unless given
	std::optional<unsigned> master = {}; ///< index of a bridge where the request is sent, for the first end
	std::optional<MtuPolicy> mtu_policy = {};
};

/// A VLAN device of 802.1Q that is to be made.
struct VlanDescription {
	std::string name;
	unsigned lower = 0; ///< index of the device that it lies upon
	std::uint16_t id = 0;
	std::optional<unsigned> mtu = {}; ///< that of the device below unless given
	bool up = false;
};

/// What is to change at a link; the rest stays.
struct LinkChange {
	std::optional<std::string> name = {};
	std::optional<int> netns = {};	       ///< descriptor of the namespace to move it into, where it is down then
	std::optional<std::string> alias = {}; ///< at most link_alias_max bytes
	std::optional<HardwareAddress> address = {};
	std::optional<unsigned> mtu = {};
	std::optional<bool> up = {};
	std::optional<bool> carrier = {};    ///< false: the cable is cut at this end
	std::optional<unsigned> master = {}; ///< index of a bridge; 0: of none
	std::optional<unsigned> group = {};
	std::optional<unsigned> tx_queue_length = {}; ///< in frames
	std::optional<Mode> mode = {};
	std::optional<Mode> peer_mode = {};
	std::optional<unsigned> ring = {};
	std::optional<unsigned> peer_ring = {};
	std::optional<bool> wire = {};
	std::optional<bool> peer_wire = {};
	std::optional<MtuPolicy> mtu_policy = {};

	bool operator==(const LinkChange &) const = default;
};

} // namespace etun

#endif
