// SPDX-License-Identifier: GPL-2.0-only
// What a file says of namespaces beside their devices: sysctls and routes. And what of a machine no file says.
#include "topology_machine.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace etun;

namespace {

/// A file with the pair of pair_file(), both ends up, and these namespaces.
std::string with_namespaces(const std::string &namespaces)
{
	return R"({"namespaces": [)" + namespaces + R"(], "pairs": [{"ends": [{"name": "a0", "up": true},
		{"name": "b0", "netns": "red", "up": true}]}]})";
}

std::string with_route(const std::string &members)
{
	return with_namespaces(R"({"routes": [{)" + members + "}]}");
}

std::string with_sysctls(const std::string &sysctls)
{
	return with_namespaces(R"({"name": "red", "sysctls": {)" + sysctls + "}}");
}

std::string refused(const std::string &file)
{
	const Complaint complaint = complaint_of([&] { parse_topology(file); });
	EXPECT_EQ(complaint.status, ExitStatus::bad_file) << file;
	EXPECT_FALSE(complaint.remedy.empty()) << file;
	return complaint.what;
}

/// A machine with the pair up.
class Lab : public Machine {
public:
	Lab()
	{
		add_pair();
		device(0, "a0").link.up = device(1, "b0").link.up = true;
		add_sysctl("net/ipv4/ip_forward", "0");
		add_sysctl("net/ipv6/conf/all/forwarding", "0");
		add_sysctl("net/ipv4/conf/default/rp_filter", "0");
		add_sysctl("net/ipv4/conf/all/rp_filter", "0");
	}

	/// A route by a0 that somebody made.
	Route &add_route(const char *destination, const char *gateway)
	{
		Route &route = surroundings(0).routes.emplace_back();
		route.destination = *parse_ip_prefix(destination);
		route.gateway = parse_ip_host(gateway);
		route.index = device(0, "a0").link.index;
		route.table = RT_TABLE_MAIN;
		if (route.destination.family == AF_INET6)
			route.priority = 1024;
		return route;
	}

	std::string saved()
	{
		const Topology topology = topology_of(present());
		const std::string text = topology_text(topology);
		EXPECT_EQ(parse_topology(text), topology) << text;
		EXPECT_EQ(plan(text), "") << text;
		return text;
	}

	std::string lacks()
	{
		std::string text;
		for (const std::string &thing : left_out(topology_of(present()), present()))
			text += thing + '\n';
		return text;
	}
};

} // namespace

TEST(TopologyNamespaces, ANamespaceIsANameOrAnObject)
{
	const Topology topology = parse_topology(with_namespaces(R"("red", {"name": "blue"}, {"routes": []})"));
	EXPECT_EQ(topology.namespaces, (std::vector<WantedNamespace>{{"red"}, {"blue"}, {""}}));
	EXPECT_EQ(refused(with_namespaces(R"("red", {"name": "red"})")), "namespaces[1]: 'red' is there already");
	EXPECT_EQ(refused(with_namespaces("{}, {}")), "namespaces[1]: there is another object without a name");
	EXPECT_EQ(refused(with_namespaces("5")), "namespaces[0]: an object is needed here, not number");
	EXPECT_EQ(refused(with_namespaces(R"({"nmae": "red"})")), "namespaces[0].nmae: there is no such member");
	EXPECT_EQ(topology_text(topology).find("{\n  \"namespaces\": [\n    \"red\",\n    \"blue\",\n    {}\n  ],"),
		  0U);
}

TEST(TopologyNamespaces, RoutesAreRead)
{
	const auto route = [](const char *members) {
		return parse_topology(with_route(members)).namespaces[0].routes[0];
	};
	const WantedRoute all =
		route(R"("to": "198.51.100.0/24", "via": "192.0.2.1", "dev": "a0", "metric": 5, "table": 100)");
	EXPECT_EQ(all, (WantedRoute{.destination = *parse_ip_prefix("198.51.100.0/24"),
				    .gateway = parse_ip_host("192.0.2.1"),
				    .device = "a0",
				    .metric = 5,
				    .table = 100}));
	EXPECT_EQ(route(R"("to": "default", "via": "192.0.2.1")").destination, *parse_ip_prefix("0.0.0.0/0"));
	EXPECT_EQ(route(R"("to": "default", "via": "2001:db8::1")").destination, *parse_ip_prefix("::/0"));
	EXPECT_EQ(route(R"("to": "default", "dev": "a0")").destination, *parse_ip_prefix("0.0.0.0/0"));
	EXPECT_EQ(route(R"("to": "192.0.2.7", "dev": "a0")").destination, *parse_ip_prefix("192.0.2.7/32"));
}

TEST(TopologyNamespaces, RoutesThatMakeNoSenseAreRefused)
{
	const std::string at = "namespaces[0].routes[0]";
	EXPECT_EQ(refused(with_route(R"("via": "192.0.2.1")")), at + ": 'to' is missing");
	EXPECT_EQ(refused(with_route(R"("to": "everywhere", "dev": "a0")")),
		  at + ".to: 'everywhere' is no destination of a route");
	EXPECT_EQ(refused(with_route(R"("to": "192.0.2.1/24", "dev": "a0")")),
		  at + ".to: '192.0.2.1/24' has bits behind its prefix");
	EXPECT_EQ(refused(with_route(R"("to": "default", "via": "192.0.2.1/24")")),
		  at + ".via: '192.0.2.1/24' is no address of a gateway");
	EXPECT_EQ(refused(with_route(R"("to": "192.0.2.0/24", "via": "2001:db8::1")")),
		  at + ": destination and gateway are of two families");
	for (const char *undecided : {R"("to": "192.0.2.0/24")", R"("to": "default", "via": "fe80::1")"})
		EXPECT_EQ(refused(with_route(undecided)), at + ": 'dev' is missing") << undecided;
	EXPECT_EQ(refused(with_route(R"("to": "default", "dev": "a0", "table": 0)")),
		  at + ".table: a whole number is needed here, not 0");
	EXPECT_EQ(refused(with_route(R"("to": "default", "dev": "a0", "src": "192.0.2.1")")),
		  at + ".src: there is no such member");
	// One that says what the kernel would take anyway is the same.
	EXPECT_EQ(refused(with_namespaces(R"({"routes": [{"to": "::/0", "via": "2001:db8::1"},
		{"to": "default", "via": "2001:db8::2", "metric": 1024, "table": 254}]})")),
		  "namespaces[0].routes[1]: there is a route to ::/0 already");
}

TEST(TopologyNamespaces, RoutesAreMadeWhenAllElseIs)
{
	Machine machine;
	EXPECT_EQ(machine.plan(R"({"namespaces": [{"name": "blue", "routes": [{"to": "default", "via": "192.0.2.1"},
			{"to": "::/0", "dev": "b0", "metric": 5, "table": 100}]}],
		"pairs": [{"ends": [{"name": "a0"}, {"name": "b0", "netns": "blue", "up": true,
			"addresses": ["192.0.2.2/24"]}]}]})"),
		  "+ namespace blue\n"
		  "+ pair a0,blue/b0\n"
		  "    blue/b0: up\n"
		  "+ blue/b0: address 192.0.2.2/24\n"
		  "+ blue: route default via 192.0.2.1\n"
		  "+ blue: route ::/0 dev b0 metric 5 table 100\n");
}

TEST(TopologyNamespaces, RoutesThatAreThereStay)
{
	Lab lab;
	lab.add_route("198.51.100.0/24", "192.0.2.1");
	lab.add_route("::/0", "2001:db8::1");
	// One of the kernel's own is as good.
	Route &kernel = lab.add_route("203.0.113.0/24", "");
	kernel.protocol = RTPROT_KERNEL;
	EXPECT_EQ(lab.plan(with_namespaces(R"({"routes": [{"to": "198.51.100.0/24", "via": "192.0.2.1"},
		{"to": "default", "via": "2001:db8::1", "metric": 1024, "table": 254, "dev": "a0"},
		{"to": "203.0.113.0/24", "dev": "a0"}]})")),
		  "");
	const std::string saved = lab.saved();
	EXPECT_NE(saved.find("\"via\": \"2001:db8::1\",\n          \"dev\": \"a0\""), std::string::npos) << saved;
	EXPECT_EQ(saved.find("203.0.113.0"), std::string::npos) << saved;
}

TEST(TopologyNamespaces, RoutesThatDifferAreReplaced)
{
	Lab lab;
	lab.add_route("0.0.0.0/0", "192.0.2.9");
	EXPECT_EQ(lab.plan(with_route(R"("to": "default", "via": "192.0.2.1")")),
		  "- route default via 192.0.2.9 dev a0\n+ route default via 192.0.2.1\n");
	EXPECT_EQ(lab.plan(with_route(R"("to": "default", "via": "192.0.2.1", "metric": 7)")),
		  "+ route default via 192.0.2.1 metric 7\n");
	EXPECT_EQ(lab.plan(with_route(R"("to": "default", "via": "192.0.2.1", "table": 7)")),
		  "+ route default via 192.0.2.1 table 7\n");
	// What the file does not name stays.
	EXPECT_EQ(lab.plan(with_namespaces(R"({"routes": []})")), "");
	lab.surroundings(0).routes[0].gateway = parse_ip_host("192.0.2.1");
	lab.surroundings(0).routes[0].more = true;
	EXPECT_EQ(lab.plan(with_route(R"("to": "default", "via": "192.0.2.1")")),
		  "- route default via 192.0.2.1 dev a0\n+ route default via 192.0.2.1\n");
	lab.surroundings(0).routes[0].protocol = RTPROT_KERNEL;
	EXPECT_EQ(lab.refusal(with_route(R"("to": "default", "via": "192.0.2.1")")),
		  "namespaces[0].routes[0]: the kernel has made a route default via 192.0.2.1 dev a0 itself");
}

TEST(TopologyNamespaces, RoutesGoWithTheirPair)
{
	Lab lab;
	lab.add_route("0.0.0.0/0", "192.0.2.9");
	EXPECT_EQ(lab.plan(R"({"namespaces": [{"routes": [{"to": "default", "via": "192.0.2.9", "dev": "a0"}]}],
		"pairs": [{"ends": [{"name": "a0", "up": true}, {"name": "z0"}]}]})",
			   true),
		  "- pair a0,red/b0\n+ pair a0,z0\n    a0: up\n+ route default via 192.0.2.9 dev a0\n");
}

TEST(TopologyNamespaces, RoutesNeedADeviceThatIsUp)
{
	Lab lab;
	const std::string at = "namespaces[0].routes[0].dev: ";
	EXPECT_EQ(lab.refusal(with_route(R"("to": "default", "dev": "eth7")")),
		  at + "there is no device 'eth7' in this namespace, nor in the file");
	// b0 is in another one.
	EXPECT_EQ(lab.refusal(with_route(R"("to": "default", "dev": "b0")")),
		  at + "there is no device 'b0' in this namespace, nor in the file");
	const std::string head = R"({"namespaces": [{"name": "home", "routes": [{"to": "default", "dev": ")";
	const std::string down = R"("}]}], "pairs": [{"ends": [{"name": "a0", "up": false},
		{"name": "b0", "netns": "red"}]}, {"ends": [{"name": "c0", "vlans": [{"id": 5}]}, {"name": "d0"}]}],
		"bridges": [{"name": "br0"}]})";
	for (const char *device : {"a0", "c0", "c0.5"})
		EXPECT_EQ(lab.refusal(head + device + down), at + "'" + device + "' is down, so no route goes by it");
	EXPECT_NE(lab.plan(head + "br0" + down).find("+ home: route default dev br0\n"), std::string::npos);
	// One that is not in the file.
	lab.add_device(0, "eth0", "").link.up = true;
	EXPECT_EQ(lab.plan(with_route(R"("to": "default", "dev": "eth0")")), "+ route default dev eth0\n");
}

TEST(TopologyNamespaces, SysctlsAreRead)
{
	const auto netns = parse_topology(with_sysctls(R"("net.ipv4.conf.a0.rp_filter": 2, "net.ipv4.ip_forward": 1,
		"net.ipv4.conf.default.rp_filter": "1", "net.ipv4.conf.all.rp_filter": -1,
		"net.ipv4.ping_group_range": "0   10\t", "net.ipv4.conf.b0/5.rp_filter": 0)"))
				   .namespaces[0];
	// Those that set others come before them.
	EXPECT_EQ(netns.sysctls, (std::vector<WantedSysctl>{{"net/ipv4/ip_forward", "1"},
							    {"net/ipv4/ping_group_range", "0 10"},
							    {"net/ipv4/conf/all/rp_filter", "-1"},
							    {"net/ipv4/conf/default/rp_filter", "1"},
							    {"net/ipv4/conf/a0/rp_filter", "2"},
							    {"net/ipv4/conf/b0.5/rp_filter", "0"}}));
	for (const char *bad :
	     {"", "net", "net.", "net.ipv4", "kernel.hostname", "kernel.net.x", "net..x", "net.ipv4.",
	      "net.//.//.kernel.hostname", "net./.x", "net/ipv4/ip_forward", "net.ipv4.a b", ".net.a.b"})
		EXPECT_NE(refused(with_sysctls('"' + std::string(bad) + "\": 1"))
				  .find("is no sysctl of a network namespace"),
			  std::string::npos)
			<< bad;
	for (const char *bad : {R"("1\n2")", "true", "1.5", "[1]", "null", R"("\u0000")"})
		EXPECT_EQ(refused(with_sysctls(R"("net.ipv4.ip_forward": )" + std::string(bad)))
				  .find("namespaces[0].sysctls.net.ipv4.ip_forward: a"),
			  0U)
			<< bad;
}

TEST(TopologyNamespaces, SysctlsAreSetWhereTheyDiffer)
{
	Lab lab;
	const std::string file = with_sysctls(R"("net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 0)");
	EXPECT_EQ(lab.plan(file), "~ red: net.ipv4.ip_forward 0 -> 1\n");
	lab.surroundings(1).sysctls["net/ipv4/ip_forward"].value = "1";
	EXPECT_EQ(lab.plan(file), "");
	const std::string saved = lab.saved();
	EXPECT_NE(saved.find("\"net.ipv4.ip_forward\": 1\n"), std::string::npos) << saved;
	EXPECT_EQ(saved.find("ipv6"), std::string::npos) << saved;
	// A new namespace may have been given something else by the kernel than is wanted, so all are set; before there
	// are devices, which begin with them.
	Lab other;
	EXPECT_EQ(other.plan(R"({"namespaces": [{"name": "blue", "sysctls": {"net.ipv4.ip_forward": 0,
			"net.ipv4.conf.b0.rp_filter": 0, "net.ipv4.conf.default.rp_filter": 0}}],
			"pairs": [{"ends": [{"name": "z0"}, {"name": "b0", "netns": "blue"}]}]})"),
		  "+ namespace blue\n"
		  "~ blue: net.ipv4.ip_forward = 0\n"
		  "~ blue: net.ipv4.conf.default.rp_filter = 0\n"
		  "+ pair z0,blue/b0\n"
		  "~ blue: net.ipv4.conf.b0.rp_filter = 0\n");
}

// Those of one device are set anew when those of all have changed, which the kernel may have set them by.
TEST(TopologyNamespaces, SysctlsOfOneDeviceComeAfterThoseOfAll)
{
	Lab lab;
	lab.surroundings(1).sysctls["net/ipv4/conf/b0/rp_filter"] = {"0", true};
	EXPECT_EQ(lab.plan(with_sysctls(R"("net.ipv4.conf.b0.rp_filter": 0, "net.ipv4.conf.all.rp_filter": 1)")),
		  "~ red: net.ipv4.conf.all.rp_filter 0 -> 1\n~ red: net.ipv4.conf.b0.rp_filter = 0\n");
	EXPECT_EQ(lab.plan(with_sysctls(R"("net.ipv4.conf.b0.rp_filter": 0, "net.ipv4.conf.all.rp_filter": 0)")), "");
	EXPECT_EQ(lab.plan(with_sysctls(R"("net.ipv4.conf.b0.rp_filter": 1)")),
		  "~ red: net.ipv4.conf.b0.rp_filter 0 -> 1\n");
}

TEST(TopologyNamespaces, SysctlsThatNoNamespaceHasAreRefused)
{
	Lab lab;
	lab.add_sysctl("net/netfilter/nf_conntrack_max", "100", false);
	const std::string at = "namespaces[0].sysctls.";
	const std::string none = ": a network namespace has no such sysctl of its own that can be set";
	EXPECT_EQ(lab.refusal(with_sysctls(R"("net.core.no_such": 1)")), at + "net.core.no_such" + none);
	EXPECT_EQ(lab.refusal(with_sysctls(R"("net.netfilter.nf_conntrack_max": 1)")),
		  at + "net.netfilter.nf_conntrack_max" + none);
	EXPECT_EQ(lab.refusal(with_sysctls(R"("net.ipv4.conf.a0.rp_filter": 1)")),
		  at + "net.ipv4.conf.a0.rp_filter: there is no device 'a0' in this namespace, nor in the file");
	EXPECT_EQ(lab.refusal(with_sysctls(R"("net.ipv4.conf.b0.no_such": 1)")),
		  at + "net.ipv4.conf.b0.no_such" + none);
}

TEST(TopologyNamespaces, ClosedOnesAreToldOnlyWhereSomethingIsWantedOfThem)
{
	Lab lab;
	lab.close(1);
	EXPECT_EQ(lab.plan(R"({"namespaces": ["red"]})"), "");
	const std::string file = R"({"namespaces": [{"name": "red", "sysctls": {"net.ipv4.ip_forward": 1}}]})";
	EXPECT_EQ(complaint_of([&] { lab.plan(file); }).status, ExitStatus::not_permitted);
}

TEST(TopologyLeftOut, NothingOfWhatIsSaved)
{
	Lab lab;
	lab.add_vlan(0, "a0.5", "a0", 5);
	lab.device(0, "a0").link.master = lab.add_device(0, "br0", "bridge").link.index;
	lab.add_route("0.0.0.0/0", "192.0.2.1");
	// Of what is none of the file's business nothing is said.
	lab.add_device(0, "eth0", "").qdiscs = {"fq"};
	lab.add_netns("elsewhere");
	lab.surroundings(2).packet_filter = true;
	EXPECT_EQ(lab.lacks(), "");
}

TEST(TopologyLeftOut, WhatNoFileSaysIsTold)
{
	Lab lab;
	Device &a0 = lab.device(0, "a0");
	const unsigned index = a0.link.index;
	a0.qdiscs = {"fq", "clsact"};
	a0.link.xdp = true;
	a0.queues = QueuesInUse{1, 2};
	a0.offload["new-kind"] = true;
	lab.device(0, "a0").link.master = lab.add_device(0, "bond0", "bond").link.index;
	lab.add_device(0, "mac0", "macvlan").link.lower = index;
	lab.add_vlan(0, "service", "a0", 5).link.vlan->customer = false;
	lab.add_vlan(0, "a0.6", "a0", 6);
	lab.add_vlan(0, "a0.6.7", "a0.6", 7);
	lab.add_route("198.51.100.0/24", "192.0.2.1").mtu = 1300;
	lab.add_route("203.0.113.0/24", "192.0.2.1").type = RTN_BLACKHOLE;
	Route &hops = lab.add_route("0.0.0.0/0", "");
	hops.index = 0;
	hops.more = true;
	lab.add_route("192.0.2.128/25", "").protocol = RTPROT_BIRD;
	lab.surroundings(0).rules = true;
	lab.surroundings(1).packet_filter = true;
	EXPECT_EQ(lab.lacks(), "qdisc fq of a0\n"
			       "filters of a0 (clsact)\n"
			       "XDP program of a0\n"
			       "queues of a0 (rx 1 tx 2)\n"
			       "offload new-kind on of a0\n"
			       "bond bond0 that a0 belongs to\n"
			       "macvlan mac0 on a0\n"
			       "vlan service on a0\n"
			       "vlan a0.6.7 on a0.6\n"
			       "route 198.51.100.0/24 via 192.0.2.1 of this namespace\n"
			       "route 203.0.113.0/24 via 192.0.2.1 of this namespace\n"
			       "route default of this namespace\n"
			       "rules of policy routing of this namespace\n"
			       "packet filter of red\n");
}
