// SPDX-License-Identifier: GPL-2.0-only
// The CNI plugin: how it is called, which versions it speaks, what it reads of a network's configuration.
#include "cni/call.hpp"
#include "cni/cni_error.hpp"
#include "cni/host_end.hpp"
#include "cni/network.hpp"
#include "cni/version.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace etun;
using namespace etun::cni;

namespace {

using Environment = std::map<std::string, std::string>;

Call call_of(const Environment &environment)
{
	return read_call([&environment](const char *name) -> std::optional<std::string> {
		const auto found = environment.find(name);
		return found == environment.end() ? std::nullopt : std::optional(found->second);
	});
}

/// The error that \p act throws; of code 0 when it throws none.
template <typename Act> CniError error_of(const Act &act)
{
	try {
		act();
	} catch (const CniError &error) {
		return error;
	}
	return {ErrorCode{0}, "no error"};
}

bool contains(const std::string &text, const char *part)
{
	return text.find(part) != std::string::npos;
}

Network network_of(const std::string &members)
{
	return read_network(R"({"cniVersion": "1.1.0", "name": "lab", "type": "etun")" +
			    (members.empty() ? "" : ", " + members) + "}");
}

AttachmentSettings settings_of(const std::string &members, const Call &call = {})
{
	return read_attachment(network_of(members), call);
}

/// Code and message of what is refused in a network with these members.
CniError refused(const std::string &members)
{
	return error_of([&] { settings_of(members); });
}

Link end(const std::string &name, const std::string &alias, const char *kind = "etun")
{
	Link link;
	link.name = name;
	link.alias = alias;
	link.kind = kind;
	return link;
}

} // namespace

TEST(CniCall, HasWhatTheEnvironmentSays)
{
	const Call call = call_of({{"CNI_COMMAND", "ADD"},
				   {"CNI_CONTAINERID", "c0.1_2-x"},
				   {"CNI_IFNAME", "eth0"},
				   {"CNI_NETNS", "/run/netns/c"},
				   {"CNI_ARGS", "IgnoreUnknown=1;MAC=02:00:00:00:00:01;odd;A=B=C"},
				   {"CNI_PATH", "/a:/b::"}});
	EXPECT_EQ(call.command, Command::add);
	EXPECT_EQ(call.attachment, (AttachmentName{"c0.1_2-x", "eth0"}));
	EXPECT_EQ(call.netns, "/run/netns/c");
	EXPECT_EQ(call.path, (std::vector<std::string>{"/a", "/b"}));
	EXPECT_EQ(call.args.size(), 3U);
	EXPECT_EQ(call.args.at("MAC"), "02:00:00:00:00:01");
	EXPECT_EQ(call.args.at("A"), "B=C");
}

TEST(CniCall, EachCommandNeedsItsOwn)
{
	for (const char *command : {"GC", "STATUS", "VERSION"})
		EXPECT_NO_THROW(call_of({{"CNI_COMMAND", command}})) << command;
	EXPECT_NO_THROW(call_of({{"CNI_COMMAND", "DEL"}, {"CNI_CONTAINERID", "c"}, {"CNI_IFNAME", "eth0"}}));
	for (const char *command : {"ADD", "CHECK"}) {
		const CniError error = error_of([&] { call_of({{"CNI_COMMAND", command}}); });
		EXPECT_EQ(error.code, ErrorCode::invalid_environment);
		for (const char *name : {"CNI_CONTAINERID", "CNI_IFNAME", "CNI_NETNS"})
			EXPECT_TRUE(contains(error.message, name)) << error.message;
	}
	for (const char *command : {"", "add", "UPDATE"})
		EXPECT_TRUE(contains(error_of([&] { call_of({{"CNI_COMMAND", command}}); }).message, "CNI_COMMAND"));
}

TEST(CniCall, RefusesWrongNames)
{
	const auto wrong = [](const char *container, const char *interface) {
		return error_of([&] {
			       call_of({{"CNI_COMMAND", "DEL"},
					{"CNI_CONTAINERID", container},
					{"CNI_IFNAME", interface}});
		       })
			.message;
	};
	for (const char *container : {"", ".a", "-a", "a/b", "a b", "ä"})
		EXPECT_TRUE(contains(wrong(container, "eth0"), "CNI_CONTAINERID")) << container;
	for (const char *interface : {"", ".", "..", "a/b", "a:b", "a b", "0123456789012345"})
		EXPECT_TRUE(contains(wrong("c", interface), "CNI_IFNAME")) << interface;
	EXPECT_EQ(wrong("c", "012345678901234"), "no error");
}

TEST(CniVersion, OursAreSpokenAndOthersRefused)
{
	for (const char *text : {"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"})
		EXPECT_EQ(version_text(parse_version(text)), text);
	for (const char *text : {"", "0.1.0", "0.2.0", "1.1", "1.1.00", "1.2.0", "2.0.0"}) {
		const CniError error = error_of([&] { parse_version(text); });
		EXPECT_EQ(error.code, ErrorCode::incompatible_version) << text;
		EXPECT_TRUE(contains(error.details, "0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0"));
	}
	EXPECT_EQ(version_answer("0.4.0")["cniVersion"], "0.4.0");
	EXPECT_EQ(version_answer("")["cniVersion"], "1.1.0");
	EXPECT_EQ(version_answer("").at("supportedVersions").size(), 5U);
}

TEST(CniNetwork, WhatIsCommonToAllCommands)
{
	const Network network = network_of(R"("ipam": {"type": "host-local", "subnet": null})");
	EXPECT_EQ(network.version, Version::v1_1_0);
	EXPECT_EQ(network.name, "lab");
	EXPECT_EQ(network.ipam, "host-local");
	// Handed on as it came.
	EXPECT_TRUE(contains(network.document, R"("subnet": null)"));
	EXPECT_EQ(network_of(R"("ipam": {})").ipam, "");
	const auto code = [](const char *document) { return error_of([&] { read_network(document); }).code; };
	EXPECT_EQ(code("{"), ErrorCode::undecodable);
	EXPECT_EQ(code("[]"), ErrorCode::invalid_configuration);
	EXPECT_EQ(code(R"({"name": "lab"})"), ErrorCode::incompatible_version);
	EXPECT_EQ(code(R"({"cniVersion": "1.0.0"})"), ErrorCode::invalid_configuration);
	EXPECT_EQ(code(R"({"cniVersion": "1.0.0", "name": "a b"})"), ErrorCode::invalid_configuration);
	EXPECT_EQ(code(R"({"cniVersion": "1.0.0", "name": "a", "ipam": {"type": "../x"}})"),
		  ErrorCode::invalid_configuration);
}

TEST(CniNetwork, Settings)
{
	const auto none = settings_of("");
	EXPECT_FALSE(none.bridge || none.mtu || none.mac || none.queues || none.mode || none.host_mode || none.ring);
	const auto all = settings_of(R"("mtu": 9000, "mac": "02:00:00:00:00:01", "queues": 4, "mode": "napi",
		"hostMode": "direct", "ring": 64, "hostRing": 128, "ipMasq": false, "cni.dev/attachments": [])");
	EXPECT_EQ(all.mtu, 9000U);
	EXPECT_EQ(all.mac, (HardwareAddress{2, 0, 0, 0, 0, 1}));
	EXPECT_EQ(all.queues, 4U);
	EXPECT_EQ(all.mode, Mode::napi);
	EXPECT_EQ(all.host_mode, Mode::direct);
	EXPECT_EQ(all.ring, 64U);
	EXPECT_EQ(all.host_ring, 128U);
	EXPECT_FALSE(settings_of(R"("mtu": 0)").mtu);
	const auto bridge = settings_of(R"("bridge": "cni0", "isDefaultGateway": true)").bridge;
	EXPECT_TRUE(bridge && bridge->name == "cni0" && bridge->is_gateway && bridge->is_default_gateway);
	EXPECT_FALSE(bridge->hairpin);
}

TEST(CniNetwork, TheRuntimesMacComesFirst)
{
	const std::string all[] = {R"("mac": "02:00:00:00:00:01")", R"("args": {"cni": {"mac": "02:00:00:00:00:03"}})",
				   R"("runtimeConfig": {"mac": "02:00:00:00:00:04"})"};
	Call call;
	call.args = {{"MAC", "02:00:00:00:00:02"}};
	EXPECT_EQ(settings_of(all[0]).mac->back(), 1);
	EXPECT_EQ(settings_of(all[0], call).mac->back(), 2);
	EXPECT_EQ(settings_of(all[0] + "," + all[1], call).mac->back(), 3);
	EXPECT_EQ(settings_of(all[0] + "," + all[1] + "," + all[2], call).mac->back(), 4);
}

TEST(CniNetwork, RefusesWhatItCantDo)
{
	const CniError vlan = refused(R"("vlan": 7)");
	EXPECT_EQ(vlan.code, ErrorCode::unsupported_field);
	EXPECT_TRUE(contains(vlan.message, "vlan") && contains(vlan.message, "7"));
	const CniError masquerade = refused(R"("ipMasq": true)");
	EXPECT_EQ(masquerade.code, ErrorCode::unsupported_field);
	EXPECT_TRUE(contains(masquerade.message, "ipMasq is true"));
	for (const char *members :
	     {R"("isGateway": true)", R"("isDefaultGateway": true)", R"("hairpinMode": true)",
	      R"("bridge": "0123456789012345")", R"("mtu": 45)", R"("mtu": 65536)", R"("mtu": "1500")",
	      R"("mac": "01:00:00:00:00:01")", R"("mac": "00:00:00:00:00:00")", R"("mac": "x")", R"("queues": 65536)",
	      R"("mode": "fast")", R"("ring": 1)", R"("bridge": "cni0", "isGateway": "yes")"})
		EXPECT_EQ(refused(members).code, ErrorCode::invalid_configuration) << members;
}

TEST(CniNetwork, WhatGcLeaves)
{
	const auto names = read_valid_attachments(
		network_of(R"("cni.dev/valid-attachments": [{"containerID": "c", "ifname": "eth0"}])"));
	EXPECT_EQ(names, (std::vector<AttachmentName>{{"c", "eth0"}}));
	EXPECT_TRUE(read_valid_attachments(network_of(R"("cni.dev/valid-attachments": null)")).empty());
	EXPECT_EQ(error_of([] { read_valid_attachments(network_of("")); }).code, ErrorCode::invalid_configuration);
	EXPECT_EQ(error_of([] {
			  read_valid_attachments(network_of(R"("cni.dev/valid-attachments": [{"containerID": "c"}])"));
		  }).code,
		  ErrorCode::invalid_configuration);
}

TEST(CniHostEnd, ItsNameSaysWhoseItIs)
{
	const AttachmentName one{"c", "eth0"};
	const std::string name = host_end_name("lab", one);
	EXPECT_EQ(name.size(), 15U);
	EXPECT_EQ(name, host_end_name("lab", one));
	EXPECT_EQ(name.substr(0, 7), host_end_name("lab", {"d", "eth0"}).substr(0, 7));
	EXPECT_NE(name.substr(0, 7), host_end_name("other", one).substr(0, 7));
	std::set<std::string> names;
	for (int i = 0; i < 20000; i++)
		names.insert(host_end_name("lab", {std::to_string(i), "eth" + std::to_string(i % 3)}));
	EXPECT_EQ(names.size(), 20000U);
	EXPECT_EQ(host_end_alias("lab", one), "cni lab c eth0");
	EXPECT_EQ(host_end_alias(std::string(250, 'n'), one), "");
}

TEST(CniHostEnd, IsToldFromOthers)
{
	const AttachmentName one{"c", "eth0"};
	const std::string name = host_end_name("lab", one);
	EXPECT_TRUE(is_host_end(end(name, "cni lab c eth0"), "lab", one));
	EXPECT_TRUE(is_host_end(end(name, ""), "lab", one));
	EXPECT_FALSE(is_host_end(end(name, "cni lab d eth0"), "lab", one));
	EXPECT_FALSE(is_host_end(end(name, "", "veth"), "lab", one));
	EXPECT_FALSE(is_host_end(end("ecveth0", ""), "lab", one));
	EXPECT_TRUE(is_host_end_of(end(host_end_name("lab", {"d", "net1"}), "cni lab d net1"), "lab"));
	EXPECT_FALSE(is_host_end_of(end(name, "cni labor c eth0"), "lab"));
	EXPECT_FALSE(is_host_end_of(end(name, ""), "other"));
	EXPECT_FALSE(is_host_end_of(end(name, "", "veth"), "lab"));
}

TEST(CniError, AsARuntimeReadsIt)
{
	const auto json = to_json({ErrorCode::unsupported_field, "what", "remedy"}, "1.0.0");
	EXPECT_EQ(json,
		  nlohmann::json::parse(R"({"cniVersion": "1.0.0", "code": 2, "msg": "what", "details": "remedy"})"));
	EXPECT_EQ(refusal("the pair", Error(EEXIST, "taken")).code, ErrorCode::refused);
	EXPECT_TRUE(contains(refusal("the pair", Error(EEXIST, "taken")).message, "the pair: taken (EEXIST)"));
}
