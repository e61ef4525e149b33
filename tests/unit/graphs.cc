// SPDX-License-Identifier: GPL-2.0-only
// The picture of namespaces, pairs and bridges, in graphviz's language.
#include "etunctl/graph.hpp"

#include <gtest/gtest.h>

using namespace etun;

namespace {

/// Puts a device into a namespace.
Device &add(Inventory &inventory, std::size_t netns, unsigned index, const char *name, const char *kind)
{
	Device &device = inventory.devices[netns].emplace_back();
	device.link.index = index;
	device.link.name = name;
	device.link.kind = kind;
	device.link.up = true;
	if (device.link.kind == "etun")
		device.link.end.emplace();
	return device;
}

/// This namespace with br0, whose port is a0, and a device of no interest; and blue with b0, the other end of a0.
Inventory one_pair()
{
	Inventory inventory;
	inventory.census.namespaces.emplace_back().current = true;
	inventory.census.namespaces.emplace_back().name = "blue";
	inventory.devices.resize(2);
	add(inventory, 0, 2, "eth0", "");
	add(inventory, 0, 3, "br0", "bridge");
	add(inventory, 0, 4, "docker0", "bridge");
	add(inventory, 0, 5, "a0", "etun").link.master = 3;
	add(inventory, 1, 2, "b0", "etun").addresses = {*parse_ip_address("192.0.2.1/24")};
	inventory.devices[1][0].link.end->mode = Mode::napi;
	Pair &pair = inventory.census.pairs.emplace_back();
	pair = {7, {inventory.devices[0][3].link, 0}, PlacedEnd{inventory.devices[1][0].link, 1}};
	return inventory;
}

bool has(const std::string &text, const std::string &part)
{
	return text.find(part) != std::string::npos;
}

} // namespace

TEST(Graph, NamespacesAreClustersAndBridgesNodes)
{
	const std::string dot = graph_dot(one_pair());
	EXPECT_TRUE(has(dot, "\tsubgraph cluster_0 {\n"
			     "\t\tlabel=\"(here)\";\n"
			     "\t\tn0_3 [label=\"br0\", shape=hexagon, style=solid];\n"
			     "\t\tn0_5 [label=\"a0\"];\n"
			     "\t\tn0_3 -- n0_5 [style=bold];\n"
			     "\t}\n"))
		<< dot;
	EXPECT_TRUE(has(dot, "\t\tlabel=\"blue\";\n\t\tn1_2 [label=\"b0\\n192.0.2.1/24\"];\n")) << dot;
	EXPECT_FALSE(has(dot, "eth0"));
	EXPECT_FALSE(has(dot, "docker0"));
}

TEST(Graph, PairsAreEdgesWithModeAndState)
{
	Inventory inventory = one_pair();
	EXPECT_TRUE(has(graph_dot(inventory),
			"n0_5 -- n1_2 [label=\"pair 7\\nbacklog / napi\\ncut\", color=gray50, style=dashed];"));
	Pair &pair = inventory.census.pairs[0];
	pair.one.link.carrier = true;
	pair.one.link.end->mode = Mode::napi;
	EXPECT_TRUE(has(graph_dot(inventory), "[label=\"pair 7\\nnapi\\ncarrier on\", color=darkgreen];"));
	pair.other.reset();
	EXPECT_TRUE(has(graph_dot(inventory), "n0_5 -- unseen7"));
}

// So that a bridge and what is behind its ports lie on two sides of them.
TEST(Graph, APortComesBeforeItsPeer)
{
	Inventory inventory = one_pair();
	Pair &pair = inventory.census.pairs[0];
	std::swap(pair.one, *pair.other);
	EXPECT_TRUE(has(graph_dot(inventory), "n0_5 -- n1_2 ["));
	pair.one.link.master = 9;
	EXPECT_TRUE(has(graph_dot(inventory), "n1_2 -- n0_5 ["));
}

TEST(Graph, WhatIsDownIsGray)
{
	Inventory inventory = one_pair();
	inventory.devices[1][0].link.up = false;
	EXPECT_TRUE(has(graph_dot(inventory), "n1_2 [label=\"b0\\n192.0.2.1/24\", color=gray50, fontcolor=gray50];"));
}

// A device's name may have any character but a blank, a slash and a colon.
TEST(Graph, NamesAreQuoted)
{
	Inventory inventory = one_pair();
	inventory.devices[1][0].link.name = "b\"\\n";
	EXPECT_TRUE(has(graph_dot(inventory), "[label=\"b\\\"\\\\n\\n192.0.2.1/24\"]"));
}

TEST(Graph, NothingToDrawIsAGraphToo)
{
	Inventory inventory;
	EXPECT_TRUE(graph_dot(inventory).ends_with("fontsize=9];\n}\n"));
}
