// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/graph.hpp"

#include "etunctl/end_lookup.hpp"
#include "etunctl/setting_text.hpp"

#include <fmt/core.h>

namespace etun {
namespace {

/// A text in double quotes; `\n` in it is a line break to graphviz, all else is as it stands.
std::string quoted(std::string_view text)
{
	std::string result = "\"";
	for (const char c : text) {
		if (c == '"' || c == '\\')
			result += '\\';
		if (c == '\n')
			result += "\\n";
		else
			result += c;
	}
	return result + '"';
}

/// The node of a device: unique in all namespaces.
std::string node(std::size_t netns, unsigned index)
{
	return fmt::format("n{}_{}", netns, index);
}

std::string device_label(const Device &device)
{
	std::string text = device.link.name;
	for (const IpAddress &address : device.addresses)
		text += '\n' + to_text(address);
	return text;
}

bool has_end_as_port(const Inventory &inventory, std::size_t netns, const Device &bridge)
{
	for (const Device &device : inventory.devices[netns])
		if (device.link.end && device.link.master == bridge.link.index)
			return true;
	return false;
}

/// Ends and bridges of a namespace, and which end is a port of which bridge. graphviz draws what comes first in an edge
/// on the left: a bridge, then its port, and then, by edge(), the port's peer.
std::string cluster_content(const Inventory &inventory, std::size_t netns)
{
	std::string text;
	for (const Device &device : inventory.devices[netns]) {
		const Link &link = device.link;
		const std::string own = node(netns, link.index);
		if (link.end) {
			text += fmt::format("\t\t{} [label={}{}];\n", own, quoted(device_label(device)),
					    link.up ? "" : ", color=gray50, fontcolor=gray50");
			const Device *master = link.master ? find_device(inventory, netns, link.master) : nullptr;
			if (master && master->link.kind == "bridge")
				text += fmt::format("\t\t{} -- {} [style=bold];\n", node(netns, link.master), own);
		} else if (link.kind == "bridge" && has_end_as_port(inventory, netns, device)) {
			text += fmt::format("\t\t{} [label={}, shape=hexagon, style=solid{}];\n", own,
					    quoted(device_label(device)),
					    link.up ? "" : ", color=gray50, fontcolor=gray50");
		}
	}
	return text;
}

std::string mode_label(const Pair &pair)
{
	const std::string one = to_text(pair.one.link.end->mode);
	const std::string other = pair.other ? to_text(pair.other->link.end->mode) : one;
	return one == other ? one : one + " / " + other;
}

std::string edge(const Pair &pair)
{
	const bool carries = pair.one.link.carrier;
	const std::string one = node(pair.one.netns, pair.one.link.index);
	const std::string look = fmt::format("label={}, {}",
					     quoted(fmt::format("pair {}\n{}\n{}", pair.id, mode_label(pair),
								carries	       ? "carrier on"
								: is_cut(pair) ? "cut"
									       : "carrier off")),
					     carries ? "color=darkgreen" : "color=gray50, style=dashed");
	if (pair.other) {
		const std::string other = node(pair.other->netns, pair.other->link.index);
		const bool turned = pair.other->link.master && !pair.one.link.master;
		return fmt::format("\t{} -- {} [{}];\n", turned ? other : one, turned ? one : other, look);
	}
	return fmt::format("\tunseen{} [label=\"(not seen)\", style=dotted];\n\t{} -- unseen{} [{}];\n", pair.id, one,
			   pair.id, look);
}

} // namespace

std::string graph_dot(const Inventory &inventory)
{
	std::string text = "graph etun {\n"
			   "\tgraph [rankdir=LR, ranksep=1, fontname=\"sans-serif\"];\n"
			   "\tnode [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n"
			   "\tedge [fontname=\"sans-serif\", fontsize=9];\n";
	for (std::size_t netns = 0; netns < inventory.devices.size(); netns++) {
		const std::string content = cluster_content(inventory, netns);
		if (!content.empty())
			text += fmt::format("\tsubgraph cluster_{} {{\n\t\tlabel={};\n{}\t}}\n", netns,
					    quoted(label(inventory.census.namespaces[netns])), content);
	}
	for (const Pair &pair : inventory.census.pairs)
		text += edge(pair);
	return text + "}\n";
}

} // namespace etun
