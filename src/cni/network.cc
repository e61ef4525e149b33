// SPDX-License-Identifier: GPL-2.0-only
#include "cni/network.hpp"

#include "cni/cni_error.hpp"
#include "core/frame.hpp"
#include "core/setting_words.hpp"
#include "libetun/device_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace etun::cni {
namespace {

using Json = nlohmann::json;

/// Members of every network's configuration, and those of ours.
constexpr std::array<std::string_view, 26> known_fields{"cniVersion",
							"cniVersions",
							"name",
							"type",
							"args",
							"capabilities",
							"runtimeConfig",
							"prevResult",
							"ipam",
							"dns",
							"ipMasq",
							"bridge",
							"isGateway",
							"isDefaultGateway",
							"mtu",
							"mac",
							"hairpinMode",
							"queues",
							"mode",
							"hostMode",
							"ring",
							"hostRing",
							"disableCheck",
							"disableGC",
							"loadOnlyInlinedPlugins",
							"plugins"};

bool is_known(std::string_view field)
{
	return field.starts_with("cni.dev/") ||
	       std::find(known_fields.begin(), known_fields.end(), field) != known_fields.end();
}

/// What \p read makes of the configuration; what it complains about is a mistake in that.
template <typename Read> auto or_invalid(const Read &read)
{
	try {
		return read();
	} catch (const Complaint &complaint) {
		throw error_from(ErrorCode::invalid_configuration, complaint);
	}
}

bool is_network_name(std::string_view name)
{
	constexpr std::string_view also = "_.-";
	return !name.empty() && is_ascii_alnum(name.front()) && std::all_of(name.begin(), name.end(), [also](char c) {
		return is_ascii_alnum(c) || also.find(c) != also.npos;
	});
}

Json parse(const std::string &document)
{
	try {
		return without_nulls(Json::parse(document));
	} catch (const Json::exception &error) {
		throw CniError{ErrorCode::undecodable, "the network configuration is no JSON", error.what()};
	}
}

std::string text_of(const JsonPlace &place, const char *name)
{
	const auto member = place.member(name);
	return member ? member->text() : "";
}

bool truth_of(const JsonPlace &place, const char *name)
{
	const auto member = place.member(name);
	return member && member->truth();
}

/// 0 stands for what is not given, as with the plugins that people know.
std::optional<unsigned> number_of(const JsonPlace &place, const char *name, unsigned least, unsigned most)
{
	const auto member = place.member(name);
	if (!member || member->number(0, std::numeric_limits<unsigned>::max()) == 0)
		return {};
	return member->number(least, most);
}

std::optional<Mode> mode_of(const JsonPlace &place, const char *name)
{
	const auto member = place.member(name);
	if (!member)
		return {};
	const Mode mode = mode_called(member->text());
	if (mode == Mode::count_)
		member->refuse(fmt::format("'{}' is none of the words here", member->text()),
			       fmt::format("there are: {}", fmt::join(mode_words, ", ")));
	return mode;
}

/// What people ask for of a plugin that they replace by this one must not be dropped silently.
void refuse_unsupported(const Json &json)
{
	for (const auto &[name, value] : json.items())
		if (!is_known(name))
			throw CniError{ErrorCode::unsupported_field,
				       fmt::format("there is no field {}, which is {}", name, value.dump()),
				       "take it out; docs/cni.md has the fields"};
	if (const auto masquerade = json.find("ipMasq"); masquerade != json.end() && *masquerade != false)
		throw CniError{
			ErrorCode::unsupported_field,
			fmt::format("ipMasq is {}, and this plugin does not masquerade", masquerade->dump()),
			"set it to false, and let a rule of nftables masquerade the network: docs/cni.md has one"};
}

/// The container's hardware address: what the runtime was asked for comes before what the network has.
std::optional<HardwareAddress> mac_of(const JsonPlace &document, const Call &call)
{
	std::string text;
	if (const auto runtime = document.member("runtimeConfig"))
		text = text_of(*runtime, "mac");
	if (const auto args = document.member("args"); text.empty() && args)
		if (const auto ours = args->member("cni"))
			text = text_of(*ours, "mac");
	if (const auto arg = call.args.find("MAC"); text.empty() && arg != call.args.end())
		text = arg->second;
	if (text.empty())
		text = text_of(document, "mac");
	if (text.empty())
		return {};
	const auto mac = parse_hardware_address(text);
	if (!mac || (mac->front() & 1) != 0 || *mac == HardwareAddress{})
		document.refuse(fmt::format("the mac '{}' is no address of a device", text),
				"write it as 02:00:00:00:00:01; the first byte is even, and not all are zero");
	return mac;
}

std::optional<BridgeSettings> bridge_of(const JsonPlace &document)
{
	BridgeSettings bridge{.name = text_of(document, "bridge"),
			      .is_gateway = truth_of(document, "isGateway"),
			      .is_default_gateway = truth_of(document, "isDefaultGateway"),
			      .hairpin = truth_of(document, "hairpinMode")};
	if (bridge.name.empty() && (bridge.is_gateway || bridge.is_default_gateway || bridge.hairpin))
		document.refuse("isGateway, isDefaultGateway and hairpinMode are about a bridge, and there is none",
				"name one (\"bridge\": \"cni0\"), or take them out: without a bridge the host's end is "
				"the gateway");
	if (bridge.name.empty())
		return {};
	if (!is_device_name(bridge.name))
		document.refuse(
			fmt::format("'{}' is no name of a bridge", bridge.name),
			fmt::format("it has at most {} characters, none of them a blank, / : or %", name_length_max));
	bridge.is_gateway |= bridge.is_default_gateway;
	return bridge;
}

} // namespace

Network read_network(std::string document)
{
	Network network{.name = {}, .ipam = {}, .json = parse(document), .document = {}};
	network.document = std::move(document);
	const JsonPlace place(network.json, "");
	or_invalid([&] {
		static_cast<void>(place.object());
		network.version = parse_version(text_of(place, "cniVersion"));
		network.name = place.need_member("name").text();
		if (!is_network_name(network.name))
			place.refuse(fmt::format("'{}' is no name of a network", network.name),
				     "it begins with a letter or a digit and has letters, digits, _ . and -");
		if (const auto ipam = place.member("ipam"))
			network.ipam = text_of(*ipam, "type");
		if (network.ipam.find('/') != std::string::npos)
			place.refuse(fmt::format("'{}' is no name of a plugin", network.ipam), "it has no slash");
		return 0;
	});
	return network;
}

AttachmentSettings read_attachment(const Network &network, const Call &call)
{
	refuse_unsupported(network.json);
	return or_invalid([&]() -> AttachmentSettings {
		const JsonPlace place(network.json, "");
		constexpr unsigned queues_max = std::numeric_limits<unsigned short>::max();
		return {.bridge = bridge_of(place),
			.mtu = number_of(place, "mtu", mtu_min, mtu_max),
			.mac = mac_of(place, call),
			.queues = number_of(place, "queues", 1, queues_max),
			.mode = mode_of(place, "mode"),
			.host_mode = mode_of(place, "hostMode"),
			.ring = number_of(place, "ring", ring_slots_min, ring_slots_max),
			.host_ring = number_of(place, "hostRing", ring_slots_min, ring_slots_max)};
	});
}

std::optional<AddResult> read_previous_result(const Network &network)
{
	return or_invalid([&]() -> std::optional<AddResult> {
		const auto previous = JsonPlace(network.json, "").member("prevResult");
		return previous ? std::optional(read_result(*previous)) : std::nullopt;
	});
}

std::vector<AttachmentName> read_valid_attachments(const Network &network)
{
	constexpr const char *key = "cni.dev/valid-attachments";
	// Null stands for none, which libcni sends; what is not there at all must not cost every container its network.
	if (!Json::parse(network.document).contains(key))
		throw CniError{ErrorCode::invalid_configuration, fmt::format("'{}' is missing", key),
			       "GC needs the list of attachments that stay; an empty one stands for none"};
	return or_invalid([&] {
		std::vector<AttachmentName> names;
		for (const JsonPlace &attachment : JsonPlace(network.json, "").elements_of(key))
			names.push_back({attachment.need_member("containerID").text(),
					 attachment.need_member("ifname").text()});
		return names;
	});
}

} // namespace etun::cni
