// SPDX-License-Identifier: GPL-2.0-only
// The difference between a topology and what is there, as it is told.
#include "topology_machine.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace etun;

TEST(TopologyPlan, WhatIsNotThereIsMade)
{
	Machine machine;
	EXPECT_EQ(machine.plan(R"({"namespaces": ["red", "blue"],
		"pairs": [{"mtu_policy": "equal", "ends": [
			{"name": "a0", "mode": "napi", "up": true, "addresses": ["192.0.2.1/24"]},
			{"name": "b0", "netns": "blue"}]}],
		"bridges": [{"name": "br0", "ports": ["a0"]}, {"name": "br1", "netns": "blue", "up": false}]})"),
		  "+ namespace blue\n"
		  "+ bridge br0\n"
		  "+ bridge blue/br1 (down)\n"
		  "+ pair a0,blue/b0\n"
		  "    mtu-policy equal\n"
		  "    a0: mode napi, up\n"
		  "+ a0: address 192.0.2.1/24\n"
		  "+ a0: port of br0\n");
}

TEST(TopologyPlan, WhatIsAsWantedStays)
{
	Machine machine;
	machine.add_pair();
	EXPECT_EQ(machine.plan(pair_file("")), "");
	// Whichever end comes first, and by whatever name its namespace goes.
	EXPECT_EQ(
		machine.plan(
			R"({"pairs": [{"ends": [{"name": "b0", "netns": "red"}, {"name": "a0", "netns": "home"}]}]})"),
		"");
	EXPECT_EQ(machine.plan(pair_file(R"(, "mtu": 1500, "mode": "backlog", "ring": 256, "queues": 1, "up": false,
					   "mac": "02:00:00:00:00:09")",
					 "", R"("mtu_policy": "independent", )")),
		  "");
	EXPECT_EQ(machine.plan(R"({"namespaces": ["red"]})"), "");
}

TEST(TopologyPlan, WhatDiffersIsChanged)
{
	Machine machine;
	machine.add_pair();
	EXPECT_EQ(machine.plan(pair_file(R"(, "mtu": 9000)")), "~ a0: mtu 1500 -> 9000\n");
	EXPECT_EQ(machine.plan(pair_file("", R"(, "mode": "direct", "ring": 64, "up": true, "mac": "02:00:00:00:00:01",
					      "queues": 2)")),
		  "~ red/b0: queues 1 -> 2\n"
		  "~ red/b0: mode backlog -> direct, ring 256 -> 64, mac 02:00:00:00:00:09 -> 02:00:00:00:00:01, down "
		  "-> up\n");
	machine.device(0, "a0").link.end->mode = static_cast<Mode>(77);
	EXPECT_EQ(machine.plan(pair_file(R"(, "mode": "napi")")), "~ a0: mode 77 -> napi\n");
}

TEST(TopologyPlan, MoreQueuesThanThereIsRoomForAreRefused)
{
	Machine machine;
	machine.add_pair();
	EXPECT_EQ(machine.refusal(pair_file("", R"(, "queues": 5)")),
		  "pairs[0].ends[1].queues: 'red/b0' was made with room for 4 queues");
}

TEST(TopologyPlan, OneMtuForBothWhereThePolicyIsEqual)
{
	Machine machine;
	machine.add_pair();
	// Taking it up gives the peer the MTU of the first end, so what is said of the peer is done at the first.
	machine.device(1, "b0").link.mtu = 9000;
	EXPECT_EQ(machine.plan(pair_file("", R"(, "mtu": 9000)", R"("mtu_policy": "equal", )")),
		  "~ pair a0,red/b0: mtu-policy independent -> equal\n"
		  "~ a0: mtu 1500 -> 9000\n");
	machine.device(0, "a0").link.end->mtu_policy = machine.device(1, "b0").link.end->mtu_policy = MtuPolicy::equal;
	machine.device(1, "b0").link.mtu = 1500;
	EXPECT_EQ(machine.plan(pair_file("", R"(, "mtu": 1400)")), "~ a0: mtu 1500 -> 1400\n");
	EXPECT_EQ(machine.refusal(pair_file(R"(, "mtu": 1500)", R"(, "mtu": 1400)")),
		  "pairs[0]: the MTUs differ, but the MTU policy of this pair is equal");
	EXPECT_EQ(machine.plan(pair_file(R"(, "mtu": 1500)", R"(, "mtu": 1400)", R"("mtu_policy": "independent", )")),
		  "~ pair a0,red/b0: mtu-policy equal -> independent\n"
		  "~ red/b0: mtu 1500 -> 1400\n");
}

TEST(TopologyPlan, PruneTakesAwayWhatTheFileDoesNotName)
{
	Machine machine;
	machine.add_pair();
	machine.add_end(0, "x0", 2);
	machine.add_end(0, "y0", 2);
	machine.add_end(1, "lonely", 3);
	machine.add_device(0, "eth0", "");
	EXPECT_EQ(machine.plan(pair_file("")), "");
	EXPECT_EQ(machine.plan(pair_file(""), true),
		  "- pair x0,y0\n- pair red/lonely with an end that can't be seen\n");
	// What goes is not in the way.
	EXPECT_EQ(machine.plan(R"({"pairs": [{"ends": [{"name": "a0"}, {"name": "x0"}]}]})", true),
		  "- pair a0,red/b0\n- pair x0,y0\n- pair red/lonely with an end that can't be seen\n+ pair a0,x0\n");
}

TEST(TopologyPlan, WhatIsInTheWayIsRefused)
{
	Machine machine;
	machine.add_pair();
	machine.add_device(0, "eth0", "");
	EXPECT_EQ(machine.refusal(R"({"pairs": [{"ends": [{"name": "z0"}, {"name": "a0"}]}]})"),
		  "pairs[0].ends[1].name: 'a0' is there as an end of another pair");
	EXPECT_EQ(machine.refusal(R"({"pairs": [{"ends": [{"name": "eth0"}, {"name": "z0"}]}]})"),
		  "pairs[0].ends[0].name: 'eth0' is there, and is no end of a pair");
	EXPECT_EQ(machine.refusal(R"({"bridges": [{"name": "eth0"}]})"),
		  "bridges[0].name: 'eth0' is there, and is no bridge");
	EXPECT_EQ(machine.refusal(R"({"pairs": [{"ends": [{"name": "z0"}, {"name": "z0", "netns": "blue"}]}]})"),
		  "pairs[0].ends[1].netns: there is no network namespace 'blue'");
	EXPECT_EQ(machine.refusal(R"({"bridges": [{"name": "br0", "netns": "blue"}]})"),
		  "bridges[0].netns: there is no network namespace 'blue'");
}

TEST(TopologyPlan, NamespacesThatMayNotBeEntered)
{
	Machine machine;
	machine.close(1);
	EXPECT_EQ(machine.plan(R"({"bridges": [{"name": "br0"}]})"), "+ bridge br0\n");
	EXPECT_EQ(complaint_of([&] { machine.plan(pair_file("")); }).status, ExitStatus::not_permitted);
}

TEST(TopologyPlan, AddressesAreAdded)
{
	Machine machine;
	machine.add_pair();
	Device &a0 = machine.device(0, "a0");
	a0.link.up = true;
	a0.addresses = {*parse_ip_address("192.0.2.1/24"), *parse_ip_address("2001:db8::1/64")};
	EXPECT_EQ(machine.plan(pair_file(R"(, "addresses": ["2001:db8::1/64", "192.0.2.1/24"])")), "");
	EXPECT_EQ(machine.plan(pair_file(R"(, "addresses": ["192.0.2.1/16", "2001:db8::1/48"])")),
		  "+ a0: address 192.0.2.1/16\n"
		  "- a0: address 2001:db8::1/64\n"
		  "+ a0: address 2001:db8::1/48\n");
	// Those of IPv6 don't outlive going down.
	EXPECT_EQ(machine.plan(pair_file(R"(, "up": false, "addresses": ["192.0.2.1/24", "2001:db8::1/64"])")),
		  "~ a0: up -> down\n+ a0: address 2001:db8::1/64\n");
}

TEST(TopologyPlan, BridgesAndPorts)
{
	Machine machine;
	machine.add_pair();
	Device &bridge = machine.add_device(0, "br0", "bridge");
	bridge.link.up = true;
	const unsigned index = bridge.link.index;
	const std::string file = R"({"pairs": [{"ends": [{"name": "a0"}, {"name": "b0", "netns": "red"}]}],
				    "bridges": [{"name": "br0", "up": true, "ports": ["a0"]}]})";
	EXPECT_EQ(machine.plan(file), "+ a0: port of br0\n");
	machine.device(0, "a0").link.master = index + 5;
	EXPECT_EQ(machine.plan(file), "~ a0: port of br0\n");
	machine.device(0, "a0").link.master = index;
	EXPECT_EQ(machine.plan(file), "");
	machine.device(0, "br0").link.up = false;
	EXPECT_EQ(machine.plan(file), "~ br0: down -> up\n");
}

TEST(TopologyOf, WhatIsSavedIsFoundEqual)
{
	Machine machine;
	machine.add_pair();
	const unsigned index = machine.add_device(1, "br0", "bridge").link.index;
	machine.add_device(0, "docker0", "bridge");
	machine.add_end(0, "lonely", 3);
	Device &b0 = machine.device(1, "b0");
	b0.link.master = index;
	b0.link.up = true;
	b0.link.end->mode = Mode::direct;
	b0.queues = QueuesInUse{3, 3};
	b0.addresses = {*parse_ip_address("192.0.2.1/24")};
	const Topology topology = topology_of(machine.present());
	EXPECT_EQ(topology.namespaces, std::vector<WantedNamespace>{{"red"}});
	ASSERT_EQ(topology.pairs.size(), 1U);
	EXPECT_EQ(topology.pairs[0].ends[1].queues, 3U);
	EXPECT_EQ(topology.pairs[0].ends[1].mode, Mode::direct);
	ASSERT_EQ(topology.bridges.size(), 1U);
	EXPECT_EQ(topology.bridges[0].ports, std::vector<std::string>{"b0"});
	EXPECT_EQ(machine.plan(topology_text(topology)), "");
	// And makes the same on an empty machine.
	Machine empty;
	EXPECT_NE(empty.plan(topology_text(topology)).find("red/b0: mode direct, ring 256, queues 3"),
		  std::string::npos);
}

TEST(TopologyOf, ModesWithoutAWordAreLeftOut)
{
	Machine machine;
	machine.add_pair();
	machine.device(0, "a0").link.end->mode = static_cast<Mode>(77);
	const Topology topology = topology_of(machine.present());
	EXPECT_FALSE(topology.pairs[0].ends[0].mode);
	EXPECT_EQ(machine.plan(topology_text(topology)), "");
}
