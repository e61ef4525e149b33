// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The result of an attachment, as plugins hand it on to one another and to the runtime.
#ifndef ETUN_CNI_RESULT_HPP
#define ETUN_CNI_RESULT_HPP

#include "cni/version.hpp"
#include "libetun/ip_address.hpp"
#include "libetun/json_place.hpp"
#include "libetun/link.hpp"
#include "libetun/route_message.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace etun::cni {

struct Interface {
	std::string name;
	std::string mac = {}; ///< as whoever made it wrote it
	std::optional<unsigned> mtu = {};
	std::string sandbox = {}; ///< path of its network namespace; empty on the host

	bool operator==(const Interface &) const = default;
};

struct AssignedIp {
	IpAddress address;
	std::optional<IpAddress> gateway = {};
	std::optional<unsigned> interface = {}; ///< index into the interfaces

	bool operator==(const AssignedIp &) const = default;
};

/// The routes' devices are not given.
struct AddResult {
	std::vector<Interface> interfaces = {};
	std::vector<AssignedIp> ips = {};
	std::vector<Route> routes = {};
	nlohmann::json dns = nlohmann::json::object(); ///< passed on as it came

	bool operator==(const AddResult &) const = default;
};

/// \p json without the members that are null: some runtimes write what is empty so.
nlohmann::json without_nulls(nlohmann::json json);

/// Reads a result of any version that we speak, that of an IPAM plugin too. Throws a Complaint when it makes no sense.
AddResult read_result(const JsonPlace &place);
/// The result in \p version: what that does not know is left out.
nlohmann::json to_json(const AddResult &result, Version version);

/// \p earlier, which came from a plugin before us, with what is ours behind it.
AddResult joined(AddResult earlier, const AddResult &ours);

} // namespace etun::cni

#endif
