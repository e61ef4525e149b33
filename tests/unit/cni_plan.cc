// SPDX-License-Identifier: GPL-2.0-only
// The CNI plugin: results in each version, and what is planned for an attachment.
#include "cni/cni_error.hpp"
#include "cni/host_end.hpp"
#include "cni/plan.hpp"
#include "complaint_of.hpp"

#include <gtest/gtest.h>

using namespace etun;
using namespace etun::cni;

namespace {

using Json = nlohmann::json;

AddResult result_of(const char *text)
{
	const Json json = without_nulls(Json::parse(text));
	return read_result(JsonPlace(json, ""));
}

const char *const whole_result = R"({
	"interfaces": [{"name": "eth0", "mac": "02:00:00:00:00:01", "mtu": 1400, "sandbox": "/run/netns/c"}],
	"ips": [{"version": "4", "address": "10.0.0.2/24", "gateway": "10.0.0.1", "interface": 0},
		{"address": "fd00::2/64", "gateway": null}],
	"routes": [{"dst": "0.0.0.0/0"}, {"dst": "192.0.2.7/24", "gw": "10.0.0.9", "mtu": 1300, "advmss": 1200,
		"priority": 5, "table": 100, "scope": 253}],
	"dns": {"nameservers": ["192.0.2.53"], "domain": "example"}})";

constexpr Lots lots{{2, 0, 0, 0, 0, 0xaa}, {2, 0, 0, 0, 0, 0xbb}};
const Call call{.command = Command::add, .attachment = {"c", "eth0"}, .netns = "/run/netns/c", .args = {}, .path = {}};

Plan plan_of(const std::string &members, const char *ipam)
{
	const Network network =
		read_network(R"({"cniVersion": "1.1.0", "name": "lab", "type": "etun")" + members + "}");
	return plan_attachment(network, read_attachment(network, call), call, result_of(ipam), lots);
}

std::vector<std::string> texts(const std::vector<PlannedAddress> &addresses)
{
	std::vector<std::string> all;
	for (const PlannedAddress &planned : addresses)
		all.push_back(to_text(planned.address) + (planned.prefix_route ? "" : " alone"));
	return all;
}

std::vector<std::string> texts(const std::vector<Route> &routes)
{
	std::vector<std::string> all;
	for (const Route &route : routes)
		all.push_back(to_text(route.destination) + (route.gateway ? " via " + host_text(*route.gateway) : ""));
	return all;
}

using Texts = std::vector<std::string>;

const char *const one_address = R"({"ips": [{"address": "10.0.0.2/24", "gateway": "10.0.0.1"}]})";

} // namespace

TEST(CniResult, IsReadWhole)
{
	const AddResult result = result_of(whole_result);
	EXPECT_EQ(result.interfaces,
		  (std::vector<Interface>{
			  {.name = "eth0", .mac = "02:00:00:00:00:01", .mtu = 1400, .sandbox = "/run/netns/c"}}));
	ASSERT_EQ(result.ips.size(), 2U);
	EXPECT_EQ(host_text(*result.ips[0].gateway), "10.0.0.1");
	EXPECT_EQ(result.ips[0].interface, 0U);
	EXPECT_FALSE(result.ips[1].gateway || result.ips[1].interface);
	EXPECT_EQ(texts(result.routes), (Texts{"0.0.0.0/0", "192.0.2.0/24 via 10.0.0.9"}));
	EXPECT_EQ(result.routes[1].mtu, 1300U);
	EXPECT_EQ(result.routes[1].scope, 253);
	EXPECT_EQ(result.dns["domain"], "example");
}

TEST(CniResult, IsWrittenAsTheVersionHasIt)
{
	const AddResult result = result_of(whole_result);
	for (const Version version : {Version::v0_3_0, Version::v0_3_1, Version::v0_4_0}) {
		const Json json = to_json(result, version);
		EXPECT_EQ(json["cniVersion"], version_text(version));
		EXPECT_EQ(json["ips"][0]["version"], "4");
		EXPECT_EQ(json["ips"][1]["version"], "6");
	}
	const Json older = to_json(result, Version::v1_0_0);
	EXPECT_FALSE(older["ips"][0].contains("version"));
	EXPECT_FALSE(older["interfaces"][0].contains("mtu"));
	EXPECT_EQ(older["routes"][1], Json::parse(R"({"dst": "192.0.2.0/24", "gw": "10.0.0.9"})"));
	const Json newer = to_json(result, Version::v1_1_0);
	EXPECT_EQ(newer["interfaces"][0]["mtu"], 1400);
	EXPECT_EQ(newer["routes"][1]["table"], 100);
	EXPECT_EQ(newer["ips"][0], Json::parse(R"({"address": "10.0.0.2/24", "gateway": "10.0.0.1", "interface": 0})"));
	// Nothing is lost on the way.
	EXPECT_EQ(read_result(JsonPlace(newer, "")), result);
}

TEST(CniResult, RefusesNonsense)
{
	for (const char *text :
	     {R"([])", R"({"ips": {}})", R"({"ips": [{}]})", R"({"ips": [{"address": "10.0.0.2"}]})",
	      R"({"ips": [{"address": "10.0.0.2/24", "gateway": "fd00::1"}]})",
	      R"({"ips": [{"address": "10.0.0.2/24", "gateway": "10.0.0.1/24"}]})",
	      R"({"ips": [{"address": "10.0.0.2/24", "interface": 0}]})", R"({"routes": [{"gw": "10.0.0.1"}]})",
	      R"({"routes": [{"dst": "0.0.0.0/0", "gw": "fd00::1"}]})", R"({"routes": [{"dst": "x"}]})",
	      R"({"interfaces": [{"mac": "x"}]})", R"({"dns": []})", R"({"routes": [{"dst": "::/0", "scope": 256}]})"})
		EXPECT_NE(complaint_of([&] { static_cast<void>(result_of(text)); }).status, ExitStatus::success)
			<< text;
}

TEST(CniResult, OursComesBehindAnEarlierOne)
{
	const AddResult both = joined(result_of(whole_result), result_of(whole_result));
	EXPECT_EQ(both.interfaces.size(), 2U);
	EXPECT_EQ(both.ips[0].interface, 0U);
	EXPECT_EQ(both.ips[2].interface, 1U);
	EXPECT_FALSE(both.ips[3].interface);
	EXPECT_EQ(both.routes.size(), 4U);
	EXPECT_EQ(joined(result_of(whole_result), {}).dns["domain"], "example");
}

TEST(CniPlan, ThePair)
{
	const Plan plan =
		plan_of(R"(, "mtu": 1400, "queues": 2, "mode": "napi", "ring": 64, "mac": "02:00:00:00:00:01")", "{}");
	const EndDescription &host = plan.pair.one;
	const EndDescription &container = plan.pair.other;
	EXPECT_EQ(host.name, host_end_name("lab", call.attachment));
	EXPECT_EQ(container.name, "eth0");
	EXPECT_EQ(host.address, lots.host);
	EXPECT_EQ(container.address, (HardwareAddress{2, 0, 0, 0, 0, 1}));
	EXPECT_EQ(plan_of("", "{}").pair.other.address, lots.container);
	for (const EndDescription *end : {&host, &container}) {
		EXPECT_EQ(end->mtu, 1400U);
		EXPECT_EQ(end->queues, 2U);
		EXPECT_EQ(end->mode, Mode::napi);
		EXPECT_EQ(end->ring, 64U);
		EXPECT_TRUE(end->up);
	}
	const Plan other = plan_of(R"(, "mode": "napi", "hostMode": "direct", "hostRing": 32)", "{}");
	EXPECT_EQ(other.pair.one.mode, Mode::direct);
	EXPECT_EQ(other.pair.other.mode, Mode::napi);
	EXPECT_EQ(other.pair.one.ring, 32U);
	EXPECT_FALSE(other.pair.other.ring);
	EXPECT_EQ(plan.host_alias, "cni lab c eth0");
}

TEST(CniPlan, ByTheHost)
{
	const Plan plan = plan_of("", R"({"ips": [{"address": "10.0.0.2/24", "gateway": "10.0.0.1"},
		{"address": "fd00::2/64"}], "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0", "gw": "fd00::9"}]})");
	EXPECT_EQ(texts(plan.container_addresses), (Texts{"10.0.0.2/24 alone", "fd00::2/64 alone"}));
	EXPECT_EQ(texts(plan.container_routes),
		  (Texts{"10.0.0.1/32", "10.0.0.0/24 via 10.0.0.1", "fd00::1/128", "fd00::/64 via fd00::1",
			 "0.0.0.0/0 via 10.0.0.1", "::/0 via fd00::9"}));
	EXPECT_EQ(texts(plan.host_addresses), (Texts{"10.0.0.1/32 alone", "fd00::1/128 alone"}));
	EXPECT_EQ(texts(plan.host_routes), (Texts{"10.0.0.2/32", "fd00::2/128"}));
	EXPECT_EQ(plan.forwarded, (std::vector{AF_INET, AF_INET6}));
	EXPECT_EQ(host_text(*plan.result.ips[1].gateway), "fd00::1");
	EXPECT_EQ(plan.result.ips[0].interface, 1U);
	EXPECT_EQ(plan.result.interfaces[1].sandbox, "/run/netns/c");
	// An address that is all of its network.
	EXPECT_EQ(texts(plan_of("", R"({"ips": [{"address": "10.0.0.2/32", "gateway": "169.254.1.1"}]})")
				.container_routes),
		  (Texts{"169.254.1.1/32"}));
}

TEST(CniPlan, ByABridge)
{
	const Plan plain = plan_of(R"(, "bridge": "cni0")", one_address);
	EXPECT_EQ(texts(plain.container_addresses), (Texts{"10.0.0.2/24"}));
	EXPECT_TRUE(plain.host_addresses.empty() && plain.host_routes.empty() && plain.forwarded.empty() &&
		    plain.container_routes.empty());

	const Plan gateway = plan_of(R"(, "bridge": "cni0", "isGateway": true)", one_address);
	EXPECT_EQ(texts(gateway.host_addresses), (Texts{"10.0.0.1/24"}));
	EXPECT_EQ(gateway.forwarded, (std::vector{AF_INET}));
	EXPECT_TRUE(gateway.container_routes.empty() && gateway.host_routes.empty());

	const char *const is_default = R"(, "bridge": "cni0", "isDefaultGateway": true)";
	const Plan by_default =
		plan_of(is_default, R"({"ips": [{"address": "10.0.0.5/24"}, {"address": "fd00::5/64"}]})");
	EXPECT_EQ(texts(by_default.container_routes), (Texts{"0.0.0.0/0 via 10.0.0.1", "::/0 via fd00::1"}));
	EXPECT_EQ(texts(by_default.result.routes), texts(by_default.container_routes));
	// One that IPAM gives comes first.
	const Plan given = plan_of(is_default, R"({"ips": [{"address": "10.0.0.5/24"}],
		"routes": [{"dst": "0.0.0.0/0", "gw": "10.0.0.7"}]})");
	EXPECT_EQ(texts(given.container_routes), (Texts{"0.0.0.0/0 via 10.0.0.7"}));
}

TEST(CniPlan, NameServersAreTheNetworksOwnOrIpams)
{
	const char *const ipam = R"({"dns": {"domain": "ipam"}})";
	EXPECT_EQ(plan_of("", ipam).result.dns["domain"], "ipam");
	EXPECT_EQ(plan_of(R"(, "dns": {})", ipam).result.dns["domain"], "ipam");
	EXPECT_EQ(plan_of(R"(, "dns": {"domain": "own"})", ipam).result.dns["domain"], "own");
}

TEST(CniPlan, AContainerIsNotItsOwnGateway)
{
	for (const char *ipam : {R"({"ips": [{"address": "10.0.0.1/24"}]})", R"({"ips": [{"address": "10.0.0.1/32"}]})",
				 R"({"ips": [{"address": "10.0.0.9/24", "gateway": "10.0.0.9"}]})"})
		EXPECT_THROW(plan_of("", ipam), CniError) << ipam;
	EXPECT_NO_THROW(plan_of(R"(, "bridge": "cni0")", R"({"ips": [{"address": "10.0.0.1/24"}]})"));
}

TEST(CniPlan, LotsAreAddressesOfDevices)
{
	const Lots drawn = draw_lots();
	EXPECT_NE(drawn.host, drawn.container);
	for (const HardwareAddress &address : {drawn.host, drawn.container})
		EXPECT_EQ(address.front() & 3, 2);
}
