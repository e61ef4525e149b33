// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The configuration of a network, as it comes to the plugin on standard input; docs/cni.md documents it.
#ifndef ETUN_CNI_NETWORK_HPP
#define ETUN_CNI_NETWORK_HPP

#include "cni/call.hpp"
#include "cni/result.hpp"
#include "cni/version.hpp"
#include "core/delivery.hpp"
#include "libetun/link.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace etun::cni {

/// A bridge that the host's ends are ports of.
struct BridgeSettings {
	std::string name;
	bool is_gateway = false;	 ///< it has the gateway's address
	bool is_default_gateway = false; ///< and the containers' default route leads there
	bool hairpin = false;
};

/// How containers are attached.
struct AttachmentSettings {
	std::optional<BridgeSettings> bridge; ///< without one the host's end is all that the container sees
	std::optional<unsigned> mtu;
	std::optional<HardwareAddress> mac; ///< of the container's end
	std::optional<unsigned> queues;
	std::optional<Mode> mode, host_mode;
	std::optional<unsigned> ring, host_ring;
};

/// What all commands but VERSION need.
struct Network {
	Version version = newest;
	std::string name;
	std::string ipam;     ///< name of the plugin for IP addresses; empty: there are none
	nlohmann::json json;  ///< all of it
	std::string document; ///< the same as it came, for plugins that are called by us
};

/// Reads what is common to all commands. Throws a CniError.
Network read_network(std::string document);
/// Reads how \p call's container is attached, and refuses what we don't know or can't do. Throws a CniError.
AttachmentSettings read_attachment(const Network &network, const Call &call);
/// The result that ADD gave, or a plugin in front of us. Throws a CniError.
std::optional<AddResult> read_previous_result(const Network &network);
/// The attachments that GC has to leave. Throws a CniError.
std::vector<AttachmentName> read_valid_attachments(const Network &network);

} // namespace etun::cni

#endif
