// SPDX-License-Identifier: GPL-2.0-only
// Topologies as the text of a file: what is read, what is refused and where, and what is written.
#include "etunctl/topology_file.hpp"
#include "complaint_of.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace etun;

namespace {

/// Where and why \p text is refused, with the remedy behind a bar.
std::string refused(const std::string &text)
{
	const Complaint complaint = complaint_of([&text] { parse_topology(text); });
	EXPECT_EQ(complaint.status, ExitStatus::bad_file) << text;
	EXPECT_FALSE(complaint.remedy.empty()) << text;
	return complaint.what;
}

/// A file with one pair of a0, which has \p more members, and b0.
std::string with_end(const std::string &more)
{
	return R"({"pairs": [{"ends": [{"name": "a0", )" + more + R"(}, {"name": "b0"}]}]})";
}

constexpr const char *whole = R"({
	"namespaces": ["red", "blue"],
	"pairs": [{"mtu_policy": "independent", "ends": [
		{"name": "a0", "netns": "red", "mac": "02:00:00:00:00:01", "mtu": 9000, "queues": 2, "mode": "napi",
		 "ring": 512, "up": true, "addresses": ["192.0.2.1/24", "2001:db8::1/64"]},
		{"name": "b0", "netns": "blue", "up": false}]},
		{"ends": [{"name": "c0"}, {"name": "d0"}]}],
	"bridges": [{"name": "br0", "netns": "red", "up": true, "addresses": ["192.0.2.3/24"], "ports": ["a0"]},
		    {"name": "br0"}]
})";

/// With each kind of statement, in few bytes.
constexpr const char *lab = R"({"namespaces":["blue",{"routes":[{"to":"::/0","dev":"a0"}]},{"name":"red",
"sysctls":{"net.ipv4.ip_forward":1,"net.ipv4.tcp_rmem":"1 2"},"routes":[{"to":"default","via":"192.0.2.9"},
{"to":"192.0.2.7","via":"192.0.2.9","dev":"v","metric":5,"table":7}]}],"pairs":[{"mtu_policy":"equal","ends":[
{"name":"a0","mtu":99,"txqueuelen":5,"group":"default","alias":"x","offload":{"rx":false,"tso":true,
"tx-tcp6-segmentation":false},"vlans":[{"id":5},{"id":6,"name":"v","mtu":98,"up":true,"addresses":["fe80::1/64"]}]},
{"name":"b0","netns":"red","mac":"02:00:00:00:00:01","mode":"napi","ring":64,"queues":2,"up":true}]}],
"bridges":[{"name":"br0","ports":["v"]}]})";

} // namespace

TEST(TopologyFile, IsRead)
{
	const Topology topology = parse_topology(whole);
	EXPECT_EQ(topology.namespaces, (std::vector<WantedNamespace>{{"red"}, {"blue"}}));
	ASSERT_EQ(topology.pairs.size(), 2U);
	const WantedEnd &end = topology.pairs[0].ends[0];
	EXPECT_EQ(end.device, (DeviceName{"red", "a0"}));
	EXPECT_EQ(end.mac, (HardwareAddress{2, 0, 0, 0, 0, 1}));
	EXPECT_EQ(end.mtu, 9000U);
	EXPECT_EQ(end.queues, 2U);
	EXPECT_EQ(end.mode, Mode::napi);
	EXPECT_EQ(end.ring, 512U);
	EXPECT_EQ(end.up, true);
	ASSERT_EQ(end.addresses.size(), 2U);
	EXPECT_EQ(to_text(end.addresses[1]), "2001:db8::1/64");
	EXPECT_EQ(topology.pairs[0].ends[1].up, false);
	EXPECT_EQ(topology.pairs[0].mtu_policy, MtuPolicy::independent);
	EXPECT_EQ(topology.pairs[1].ends[1], (WantedEnd{.device = {"", "d0"}}));
	ASSERT_EQ(topology.bridges.size(), 2U);
	EXPECT_EQ(topology.bridges[0].ports, std::vector<std::string>{"a0"});
	EXPECT_EQ(topology.bridges[1].up, std::nullopt);
	EXPECT_EQ(parse_topology("{}"), Topology{});
}

TEST(TopologyFile, WhatIsWrittenIsReadAsTheSame)
{
	const Topology topology = parse_topology(whole);
	EXPECT_EQ(parse_topology(topology_text(topology)), topology);
	EXPECT_EQ(topology_text(Topology{}), "{\n  \"namespaces\": [],\n  \"pairs\": [],\n  \"bridges\": []\n}\n");
}

// Whatever somebody writes is refused with words, or is written and read as the same.
TEST(TopologyFile, GarbledAnywhereIsRefusedOrMeansSomething)
{
	const std::string text = lab;
	EXPECT_EQ(parse_topology(topology_text(parse_topology(text))), parse_topology(text));
	unsigned read = 0;
	unsigned wrong = 0;
	for (std::size_t at = 0; at < text.size(); at++) {
		for (const char c : {'"', '0', '/', '.', '\0', '\xff'}) {
			std::string garbled = text;
			garbled[at] = c;
			const Complaint complaint = complaint_of([&garbled] {
				const Topology topology = parse_topology(garbled);
				EXPECT_EQ(parse_topology(topology_text(topology)), topology) << garbled;
			});
			if (complaint.status == ExitStatus::success) {
				read++;
				continue;
			}
			wrong++;
			EXPECT_EQ(complaint.status, ExitStatus::bad_file) << garbled;
			EXPECT_FALSE(complaint.remedy.empty()) << garbled;
		}
	}
	EXPECT_GT(read, 50U);
	EXPECT_GT(wrong, text.size());
}

TEST(TopologyFile, WithThePolicyEqualOneMtuIsThatOfBothEnds)
{
	const Topology topology = parse_topology(
		R"({"pairs": [{"mtu_policy": "equal", "ends": [{"name": "a0"}, {"name": "b0", "mtu": 1400}]}]})");
	EXPECT_EQ(topology.pairs[0].ends[0].mtu, 1400U);
	EXPECT_EQ(refused(R"({"pairs": [{"mtu_policy": "equal", "ends": [{"name": "a0", "mtu": 1500},
						{"name": "b0", "mtu": 1400}]}]})"),
		  "pairs[0]: the MTU policy is equal, but the MTUs are 1500 and 1400");
}

TEST(TopologyFile, WhatIsNoJsonIsRefusedWithItsLine)
{
	EXPECT_EQ(refused("{\n\"pairs\": [}").find("this is no JSON: parse error at line 2, column 11"), 0U);
	EXPECT_EQ(refused("").find("this is no JSON: "), 0U);
	EXPECT_EQ(refused(R"({"pairs": [], "pairs": []})"), "'pairs' stands twice in one object");
	// In two objects it may.
	EXPECT_EQ(parse_topology(with_end("\"mtu\": 1500")).pairs.size(), 1U);
}

TEST(TopologyFile, RefusalsSayWhere)
{
	EXPECT_EQ(refused("[]"), "an object is needed here, not array");
	EXPECT_EQ(refused(R"({"pair": []})"), "pair: there is no such member");
	EXPECT_EQ(refused(R"({"pairs": {}})"), "pairs: an array is needed here, not object");
	EXPECT_EQ(refused(R"({"pairs": [{}]})"), "pairs[0]: 'ends' is missing");
	EXPECT_EQ(refused(R"({"pairs": [{"ends": [{"name": "a0"}]}]})"), "pairs[0].ends: a pair has two ends, not 1");
	EXPECT_EQ(refused(R"({"pairs": [{"ends": [{"name": "a0"}, {}]}]})"), "pairs[0].ends[1]: 'name' is missing");
	EXPECT_EQ(refused(R"({"pairs": [{"ends": [{"name": 5}, {}]}]})"),
		  "pairs[0].ends[0].name: a text is needed here, not 5");
	EXPECT_EQ(refused(with_end(R"("speed": 1)")), "pairs[0].ends[0].speed: there is no such member");
	EXPECT_EQ(refused(with_end(R"("mode": "fast")")), "pairs[0].ends[0].mode: 'fast' is none of the words here");
	EXPECT_EQ(parse_topology(with_end(R"("wire": true)")).pairs[0].ends[0].wire, true);
	EXPECT_EQ(refused(with_end(R"("wire": "on")")),
		  "pairs[0].ends[0].wire: true or false is needed here, not \"on\"");
	EXPECT_EQ(refused(with_end(R"("up": "yes")")),
		  "pairs[0].ends[0].up: true or false is needed here, not \"yes\"");
	EXPECT_EQ(refused(with_end(R"("netns": "a/b")")),
		  "pairs[0].ends[0].netns: 'a/b' is no name of a network namespace");
	EXPECT_EQ(refused(R"({"namespaces": ["red", "red"]})"), "namespaces[1]: 'red' is there already");
}

TEST(TopologyFile, NumbersHaveBounds)
{
	for (const char *bad : {"45", "65536", "-1", "1.5", "\"1500\"", "4294968796", "18446744073709551616"})
		EXPECT_EQ(
			refused(with_end(std::string("\"mtu\": ") + bad)).find("pairs[0].ends[0].mtu: a whole number"),
			0U)
			<< bad;
	for (const char *bad : {"\"ring\": 1", "\"ring\": 32769", "\"queues\": 0"})
		EXPECT_NE(refused(with_end(bad)).find("a whole number"), std::string::npos) << bad;
	EXPECT_EQ(parse_topology(with_end("\"mtu\": 46")).pairs[0].ends[0].mtu, 46U);
	EXPECT_EQ(parse_topology(with_end("\"mtu\": 65535")).pairs[0].ends[0].mtu, 65535U);
}

TEST(TopologyFile, NamesAreThoseOfDevices)
{
	for (const char *bad : {"", ".", "..", "a b", "a/b", "a:b", "v%d", "sixteencharacter"})
		EXPECT_NE(refused(R"({"bridges": [{"name": ")" + std::string(bad) + "\"}]}")
				  .find("is no name of a device"),
			  std::string::npos)
			<< bad;
	EXPECT_EQ(parse_topology(R"({"bridges": [{"name": "fifteen-letters"}]})").bridges.size(), 1U);
}

TEST(TopologyFile, Addresses)
{
	for (const char *bad : {"02:00", "01:00:00:00:00:01", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})
		EXPECT_NE(refused(with_end(R"("mac": ")" + std::string(bad) + '"')).find("is no address of a device"),
			  std::string::npos)
			<< bad;
	EXPECT_EQ(refused(with_end(R"("addresses": ["192.0.2.1/24", "192.0.2.300/24"])")),
		  "pairs[0].ends[0].addresses[1]: '192.0.2.300/24' is no IP address of a device");
	// IPv4 may have an address with two prefixes, IPv6 may not.
	EXPECT_EQ(parse_topology(with_end(R"("addresses": ["192.0.2.1/24", "192.0.2.1/16"])")).pairs.size(), 1U);
	EXPECT_EQ(refused(with_end(R"("addresses": ["2001:db8::1/64", "2001:db8:0::1/48"])")),
		  "pairs[0].ends[0].addresses[1]: '2001:db8:0::1/48' is there already");
}

TEST(TopologyFile, EachDeviceIsDescribedOnce)
{
	EXPECT_EQ(refused(R"({"pairs": [{"ends": [{"name": "a0"}, {"name": "a0"}]}]})"),
		  "pairs[0].ends[1]: there is another 'a0' in this file");
	EXPECT_EQ(refused(R"({"pairs": [{"ends": [{"name": "a0"}, {"name": "b0", "netns": "red"}]}],
			      "bridges": [{"name": "b0", "netns": "red"}]})"),
		  "bridges[0]: there is another 'red/b0' in this file");
	EXPECT_EQ(parse_topology(R"({"pairs": [{"ends": [{"name": "a0"}, {"name": "a0", "netns": "red"}]}]})")
			  .pairs.size(),
		  1U);
}

TEST(TopologyFile, PortsAreEndsInOneBridge)
{
	const std::string pair =
		R"({"pairs": [{"ends": [{"name": "a0"}, {"name": "b0", "netns": "red"}]}], "bridges": [)";
	EXPECT_EQ(refused(pair + R"({"name": "br0", "ports": ["b0"]}]})"),
		  "bridges[0].ports[0]: no pair in this file has an end 'b0'");
	EXPECT_EQ(refused(pair + R"({"name": "br0", "ports": ["a0"]}, {"name": "br1", "ports": ["a0"]}]})"),
		  "bridges[1].ports[0]: 'a0' is a port already");
	EXPECT_EQ(parse_topology(pair + R"({"name": "br0", "netns": "red", "ports": ["b0"]}]})").bridges.size(), 1U);
}
