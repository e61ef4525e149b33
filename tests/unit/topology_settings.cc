// SPDX-License-Identifier: GPL-2.0-only
// What a file says of an end beside its own settings: transmit queue, group, alias, offloads, VLANs. For each: what is
// read, what is refused, what is planned, and that what is saved is found equal.
#include "topology_machine.hpp"

#include "libetun/link_group.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

using namespace etun;

namespace {

/// Where and why a pair is refused whose first end has these members.
std::string refused(const std::string &members)
{
	const Complaint complaint = complaint_of([&] { parse_topology(pair_file(", " + members)); });
	EXPECT_EQ(complaint.status, ExitStatus::bad_file) << members;
	EXPECT_FALSE(complaint.remedy.empty()) << members;
	return complaint.what;
}

WantedEnd end_with(const std::string &members)
{
	return parse_topology(pair_file(", " + members)).pairs[0].ends[0];
}

/// The text of what is there is read as the same, changes nothing there, and says this of a0.
std::string saved_end(Machine &machine)
{
	const Topology topology = topology_of(machine.present());
	const std::string text = topology_text(topology);
	EXPECT_EQ(parse_topology(text), topology) << text;
	EXPECT_EQ(machine.plan(text), "") << text;
	return text;
}

} // namespace

TEST(TopologySettings, QueueGroupAndAliasAreRead)
{
	const WantedEnd end = end_with(R"("txqueuelen": 500, "group": 7, "alias": "to the \"lab\"")");
	EXPECT_EQ(end.tx_queue_length, 500U);
	EXPECT_EQ(end.group, 7U);
	EXPECT_EQ(end.alias, "to the \"lab\"");
	EXPECT_EQ(end_with(R"("group": "default")").group, 0U);
	EXPECT_EQ(end_with(R"("txqueuelen": 0)").tx_queue_length, 0U);
	EXPECT_EQ(refused(R"("group": "no such")"), "pairs[0].ends[0].group: there is no group 'no such'");
	EXPECT_EQ(refused(R"("group": -1)"), "pairs[0].ends[0].group: there is no group '-1'");
	EXPECT_EQ(refused(R"("txqueuelen": -1)"), "pairs[0].ends[0].txqueuelen: a whole number is needed here, not -1");
	EXPECT_EQ(end_with(R"("alias": ")" + std::string(255, 'x') + '"').alias->size(), 255U);
	EXPECT_EQ(refused(R"("alias": ")" + std::string(256, 'x') + '"'),
		  "pairs[0].ends[0].alias: an alias can't be so");
}

TEST(TopologySettings, GroupsHaveNamesInAFile)
{
	std::istringstream file("# groups\n0\tdefault\n0x10 lab # ours\n\n7 left over\nx bad\n");
	const auto group = [&file](const char *name) {
		file.clear();
		file.seekg(0);
		return group_in(file, name);
	};
	EXPECT_EQ(group("default"), 0U);
	EXPECT_EQ(group("lab"), 16U);
	EXPECT_EQ(group("left"), 7U);
	EXPECT_FALSE(group("over"));
	EXPECT_FALSE(group("ours"));
	EXPECT_FALSE(group("bad"));
	EXPECT_EQ(parse_link_group("4294967295"), 4294967295U);
	EXPECT_FALSE(parse_link_group("4294967296"));
	EXPECT_FALSE(parse_link_group(""));
}

TEST(TopologySettings, QueueGroupAndAliasAreGivenToNewEnds)
{
	Machine machine;
	EXPECT_EQ(machine.plan(pair_file(R"(, "txqueuelen": 500, "group": 7, "alias": "x")", R"(, "alias": "")")),
		  "+ pair a0,red/b0\n"
		  "+ a0: txqueuelen 500, group 7, alias \"x\"\n");
}

TEST(TopologySettings, QueueGroupAndAliasAreChangedWhereTheyDiffer)
{
	Machine machine;
	machine.add_pair();
	const std::string file = pair_file(R"(, "txqueuelen": 500, "group": 7, "alias": "x")");
	EXPECT_EQ(machine.plan(file), "~ a0: txqueuelen 1000 -> 500, group 0 -> 7, alias \"\" -> \"x\"\n");
	Link &link = machine.device(0, "a0").link;
	link.tx_queue_length = 500;
	link.group = 7;
	link.alias = "x";
	EXPECT_EQ(machine.plan(file), "");
	EXPECT_EQ(machine.plan(pair_file("")), "");
	EXPECT_EQ(machine.plan(pair_file(R"(, "alias": "")")), "~ a0: alias \"x\" -> \"\"\n");
	// A line break does not make two steps of one.
	link.alias = "two\nlines";
	EXPECT_EQ(machine.plan(pair_file(R"(, "alias": "")")), "~ a0: alias \"two\\nlines\" -> \"\"\n");
	const std::string saved = saved_end(machine);
	for (const char *member : {R"("txqueuelen": 500)", R"("group": 7)", R"("alias": "two\nlines")"})
		EXPECT_NE(saved.find(member), std::string::npos) << member;
}

TEST(TopologySettings, OffloadWordsAreThoseOfEthtool)
{
	const WantedEnd end = end_with(R"("offload": {"rx": false, "tso": false, "tx-tcp6-segmentation": true})");
	// One that is named by itself counts, wherever it stands.
	EXPECT_EQ(end.offload, (Offload{{"rx-checksum", false},
					{"tx-tcp-segmentation", false},
					{"tx-tcp-ecn-segmentation", false},
					{"tx-tcp-mangleid-segmentation", false},
					{"tx-tcp-accecn-segmentation", false},
					{"tx-tcp6-segmentation", true}}));
	EXPECT_EQ(refused(R"("offload": {"lro": true})"), "pairs[0].ends[0].offload.lro: an end has no offload 'lro'");
	EXPECT_EQ(refused(R"("offload": {"": true})"), "pairs[0].ends[0].offload.: an end has no offload ''");
	EXPECT_EQ(refused(R"("offload": {"rx": "off"})"),
		  "pairs[0].ends[0].offload.rx: true or false is needed here, not \"off\"");
	EXPECT_EQ(refused(R"("offload": ["rx"])"), "pairs[0].ends[0].offload: an object is needed here, not array");
}

TEST(TopologySettings, OffloadsAreToldInFewWords)
{
	const auto told = [](const Offload &offload) {
		std::string text;
		for (const auto &[word, on] : in_words(offload))
			text += (text.empty() ? "" : ", ") + word + (on ? " on" : " off");
		return text;
	};
	EXPECT_EQ(told(default_offload()).find("rx on, tx on, sg on, tso on, gso on, gro off, rxvlan on, txvlan on, "),
		  0U);
	EXPECT_EQ(told({{"tx-checksum-sctp", false}}), "tx-checksum-sctp off");
	EXPECT_EQ(told({{"tx-checksum-sctp", false}, {"tx-checksum-ip-generic", true}}),
		  "tx-checksum-ip-generic on, tx-checksum-sctp off");
	EXPECT_EQ(told({{"tx-checksum-sctp", false}, {"tx-checksum-ip-generic", false}}), "tx off");
	EXPECT_EQ(told({}), "");
	// Each word is one that is taken, and stands for what an end has.
	for (const std::string_view word : offload_words())
		for (const std::string &feature : features_of(word))
			EXPECT_TRUE(default_offload().contains(feature)) << feature;
}

TEST(TopologySettings, OffloadsArePlanned)
{
	Machine machine;
	const std::string file = pair_file(R"(, "offload": {"rx": false, "gro": true, "tx": true})");
	EXPECT_EQ(machine.plan(file), "+ pair a0,red/b0\n+ a0: offload rx off, tx on, gro on\n");
	machine.add_pair();
	EXPECT_EQ(machine.plan(file), "~ a0: offload rx on -> off, gro off -> on\n");
	Offload &there = machine.device(0, "a0").offload;
	there["rx-checksum"] = false;
	there["rx-gro"] = true;
	EXPECT_EQ(machine.plan(file), "");
	const std::string saved = saved_end(machine);
	EXPECT_NE(saved.find("\"offload\": {\n            \"rx\": false,\n            \"gro\": true\n          }"),
		  std::string::npos)
		<< saved;
	// Of what is as in a new end nothing is saved.
	EXPECT_EQ(saved.find("\"tx\""), std::string::npos);
	there.erase("rx-gro");
	EXPECT_EQ(machine.refusal(file), "pairs[0].ends[0].offload: this kernel lets nobody switch rx-gro");
}

// Of what a word stands for some features are younger than others.
TEST(TopologySettings, AWordStandsForWhatThisKernelHas)
{
	Machine machine;
	machine.add_pair();
	Offload &there = machine.device(0, "a0").offload;
	const std::string file = pair_file(R"(, "offload": {"tso": false})");
	EXPECT_EQ(machine.plan(file), "~ a0: offload tso on -> off\n");
	there.erase("tx-tcp-accecn-segmentation");
	EXPECT_EQ(machine.plan(file), "~ a0: offload tso on -> off\n");
	for (const char *feature :
	     {"tx-tcp-segmentation", "tx-tcp-ecn-segmentation", "tx-tcp-mangleid-segmentation", "tx-tcp6-segmentation"})
		there[feature] = false;
	EXPECT_EQ(machine.plan(file), "");
	const std::string saved = topology_text(topology_of(machine.present()));
	EXPECT_NE(saved.find("\"offload\": {\n            \"tso\": false\n          }"), std::string::npos) << saved;
	there["tx-tcp-accecn-segmentation"] = true;
	EXPECT_EQ(machine.plan(file), "~ a0: offload tx-tcp-accecn-segmentation on -> off\n");
}

TEST(TopologySettings, VlansAreRead)
{
	const WantedEnd end = end_with(R"("netns": "red", "vlans": [
		{"id": 5}, {"id": 4094, "name": "guests", "mtu": 1400, "up": true, "addresses": ["192.0.2.1/24"]}])");
	ASSERT_EQ(end.vlans.size(), 2U);
	EXPECT_EQ(end.vlans[0], (WantedVlan{.device = {"red", "a0.5"}, .id = 5}));
	EXPECT_EQ(end.vlans[1], (WantedVlan{.device = {"red", "guests"},
					    .id = 4094,
					    .mtu = 1400,
					    .up = true,
					    .addresses = {*parse_ip_address("192.0.2.1/24")}}));
	for (const char *bad : {"0", "4095", "-1", "\"5\""})
		EXPECT_EQ(refused(R"("vlans": [{"id": )" + std::string(bad) + "}]")
				  .find("pairs[0].ends[0].vlans[0].id: a whole number is needed here"),
			  0U)
			<< bad;
	EXPECT_EQ(refused(R"("vlans": [{}])"), "pairs[0].ends[0].vlans[0]: 'id' is missing");
	EXPECT_EQ(refused(R"("vlans": [{"id": 5}, {"id": 5, "name": "x"}])"),
		  "pairs[0].ends[0].vlans[1]: 'a0' has a VLAN 5 already");
	EXPECT_EQ(refused(R"("vlans": [{"id": 5, "name": "a0"}])"),
		  "pairs[0].ends[0].vlans[0]: there is another 'a0' in this file");
	EXPECT_EQ(refused(R"("vlans": [{"id": 5, "netns": "red"}])"),
		  "pairs[0].ends[0].vlans[0].netns: there is no such member");
	const Complaint too_long = complaint_of([] {
		parse_topology(
			R"({"pairs": [{"ends": [{"name": "fifteen-letters", "vlans": [{"id": 5}]}, {"name": "b0"}]}]})");
	});
	EXPECT_EQ(too_long.what, "pairs[0].ends[0].vlans[0]: 'fifteen-letters.5' is too long for the name of a device");
}

TEST(TopologySettings, VlansAreMadeWithTheirEnds)
{
	Machine machine;
	EXPECT_EQ(machine.plan(pair_file(R"(, "up": true, "vlans": [
			{"id": 5, "mtu": 1400, "up": true, "addresses": ["192.0.2.1/24"]}, {"id": 6, "name": "v"}])")),
		  "+ pair a0,red/b0\n"
		  "    a0: up\n"
		  "+ a0.5: VLAN 5 on a0, mtu 1400, up\n"
		  "+ a0.5: address 192.0.2.1/24\n"
		  "+ v: VLAN 6 on a0\n");
}

TEST(TopologySettings, VlansThatAreThereAreChanged)
{
	Machine machine;
	machine.add_pair();
	machine.device(0, "a0").link.up = true;
	machine.add_vlan(0, "a0.5", "a0", 5);
	const std::string file = pair_file(R"(, "vlans": [{"id": 5, "mtu": 1400, "up": true}])");
	EXPECT_EQ(machine.plan(file), "~ a0.5: mtu 1500 -> 1400, down -> up\n");
	Device &vlan = machine.device(0, "a0.5");
	vlan.link.up = true;
	vlan.link.mtu = 1400;
	vlan.addresses = {*parse_ip_address("2001:db8::1/64")};
	EXPECT_EQ(machine.plan(file), "");
	const std::string saved = saved_end(machine);
	EXPECT_NE(saved.find(R"("id": 5)"), std::string::npos) << saved;
	EXPECT_NE(saved.find("2001:db8::1/64"), std::string::npos) << saved;
	Machine empty;
	EXPECT_NE(empty.plan(saved).find("+ a0.5: VLAN 5 on a0, mtu 1400, up\n+ a0.5: address 2001:db8::1/64\n"),
		  std::string::npos);
}

// The kernel takes the VLANs of an end up and down with it, and bounds their MTUs.
TEST(TopologySettings, VlansFollowTheirEnds)
{
	Machine machine;
	machine.add_pair();
	machine.add_vlan(0, "a0.5", "a0", 5);
	const std::string down = R"("vlans": [{"id": 5, "up": false}])";
	EXPECT_EQ(machine.plan(pair_file(R"(, "up": true, )" + down)), "~ a0: down -> up\n~ a0.5: up -> down\n");
	machine.device(0, "a0").link.up = machine.device(0, "a0.5").link.up = true;
	machine.device(0, "a0.5").addresses = {*parse_ip_address("2001:db8::1/64")};
	EXPECT_EQ(machine.plan(pair_file(R"(, "up": false, "vlans": [{"id": 5, "up": false,
						"addresses": ["2001:db8::1/64"]}])")),
		  "~ a0: up -> down\n+ a0.5: address 2001:db8::1/64\n");
	EXPECT_EQ(machine.plan(pair_file(R"(, "mtu": 1400, "vlans": [{"id": 5, "mtu": 1400}])")),
		  "~ a0: mtu 1500 -> 1400\n");
	EXPECT_EQ(machine.refusal(pair_file(R"(, "mtu": 1400, "vlans": [{"id": 5, "mtu": 1500}])")),
		  "pairs[0].ends[0].vlans[0].mtu: 'a0.5' can't have more than the MTU of its end, 1400");
	EXPECT_EQ(machine.refusal(pair_file(R"(, "up": false, "vlans": [{"id": 5, "up": true}])")),
		  "pairs[0].ends[0].vlans[0].up: 'a0.5' can't be up while 'a0' is down");
}

TEST(TopologySettings, WhatIsInTheWayOfAVlanIsRefused)
{
	Machine machine;
	machine.add_pair();
	machine.add_vlan(0, "other", "a0", 5);
	machine.add_device(0, "eth0", "");
	EXPECT_EQ(machine.refusal(pair_file(R"(, "vlans": [{"id": 6, "name": "other"}])")),
		  "pairs[0].ends[0].vlans[0].name: 'other' is there, and is not VLAN 6 on 'a0'");
	EXPECT_EQ(machine.refusal(pair_file(R"(, "vlans": [{"id": 6, "name": "eth0"}])")),
		  "pairs[0].ends[0].vlans[0].name: 'eth0' is there, and is not VLAN 6 on 'a0'");
	EXPECT_EQ(machine.refusal(pair_file(R"(, "vlans": [{"id": 5}])")),
		  "pairs[0].ends[0].vlans[0].id: VLAN 5 on 'a0' is there as 'other'");
	// A service tag of the same number is another thing.
	machine.device(0, "other").link.vlan->customer = false;
	EXPECT_EQ(machine.plan(pair_file(R"(, "vlans": [{"id": 5}])")), "+ a0.5: VLAN 5 on a0\n");
	// What lies upon an end that goes, goes with it.
	machine.add_end(0, "x0", 2);
	machine.add_end(0, "y0", 2);
	machine.add_vlan(0, "a0.6", "x0", 6);
	EXPECT_EQ(machine.plan(pair_file(R"(, "vlans": [{"id": 6}])"), true), "- pair x0,y0\n+ a0.6: VLAN 6 on a0\n");
}

TEST(TopologySettings, AVlanIsAPort)
{
	Machine machine;
	machine.add_pair();
	const unsigned vlan = machine.add_vlan(0, "a0.5", "a0", 5).link.index;
	const unsigned bridge = machine.add_device(0, "br0", "bridge").link.index;
	const std::string file = R"({"pairs": [{"ends": [{"name": "a0", "vlans": [{"id": 5}]},
		{"name": "b0", "netns": "red"}]}], "bridges": [{"name": "br0", "ports": ["a0.5"]}]})";
	EXPECT_EQ(machine.plan(file), "+ a0.5: port of br0\n");
	machine.device(0, "a0.5").link.master = bridge;
	EXPECT_NE(vlan, bridge);
	EXPECT_EQ(machine.plan(file), "");
	EXPECT_NE(saved_end(machine).find("\"ports\": [\n        \"a0.5\"\n      ]"), std::string::npos);
}
