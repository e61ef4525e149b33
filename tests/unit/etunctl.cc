// SPDX-License-Identifier: GPL-2.0-only
// What etunctl says: of patterns, errors, pairs, and of the machine that it examines.
#include "complaint_of.hpp"
#include "etunctl/doctor.hpp"
#include "etunctl/end_lookup.hpp"
#include "etunctl/name_pattern.hpp"
#include "etunctl/pair_report.hpp"
#include "etunctl/progress.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

using namespace etun;

namespace {

PlacedEnd end(const char *name, std::size_t netns, Mode mode)
{
	PlacedEnd placed;
	placed.link.name = name;
	placed.link.address = HardwareAddress{2, 0, 0, 0, 0, 1};
	placed.link.mtu = 1500;
	placed.link.up = true;
	placed.link.end = EndAttributes{.mode = mode,
					.ring = 256,
					.wire = false,
					.mtu_policy = MtuPolicy::independent,
					.pair_id = 7,
					.peer_index = 9,
					.peer_netnsid = -1,
					.peer_mode = {},
					.peer_ring = {},
					.peer_wire = {}};
	placed.netns = netns;
	return placed;
}

/// A pair between this namespace and one called blue, and one whose other end can't be seen.
Census two_pairs()
{
	Census census;
	census.namespaces.emplace_back().current = true;
	census.namespaces.emplace_back().name = "blue";
	census.pairs.push_back({7, end("a0", 0, Mode::napi), end("b0", 1, Mode::direct)});
	census.pairs.push_back({8, end("lonely", 0, Mode::backlog), {}});
	return census;
}

/// A machine in a folder of its own.
class Doctor : public testing::Test {
protected:
	Doctor() : folder_(std::filesystem::temp_directory_path() / ("etunctl-doctor-" + std::to_string(getpid())))
	{
		machine_ = {folder_.string(), "6.12.1-amd64", "/bin", "", true};
	}
	~Doctor() override { std::filesystem::remove_all(folder_); }

	void write(const std::string &path, const std::string &content)
	{
		const auto whole = folder_ / path;
		std::filesystem::create_directories(whole.parent_path());
		std::ofstream(whole) << content;
	}

	/// What is found of a subject, without the remedy.
	std::string found(const std::string &subject)
	{
		std::string text;
		for (const Finding &finding : examine(machine_)) {
			if (finding.subject != subject)
				continue;
			EXPECT_EQ(finding.remedy.empty(), finding.health == Health::good) << finding.what;
			text += (finding.health == Health::good	  ? "good: "
				 : finding.health == Health::note ? "note: "
								  : "problem: ") +
				finding.what;
		}
		return text;
	}

	Machine machine_;

private:
	std::filesystem::path folder_;
};

} // namespace

TEST(NamePattern, PutsNumbersIn)
{
	EXPECT_EQ(numbered_names("v%d", 9, 3), (std::vector<std::string>{"v9", "v10", "v11"}));
	EXPECT_EQ(numbered_names("%dx", 0, 1), (std::vector<std::string>{"0x"}));
	const auto pairs = numbered_pairs("v%d,w%d", 0, 2);
	ASSERT_EQ(pairs.size(), 2U);
	EXPECT_EQ(pairs[1], (std::pair<std::string, std::string>("v1", "w1")));
}

TEST(NamePattern, RefusesWhatIsNone)
{
	for (const char *bad : {"v,w", "v%d", "v%d,w", "v%s,w%d", "v%d%d,w%d", "%,%d", "v%d,w%d,x%d%d", ""})
		EXPECT_EQ(complaint_of([bad] { numbered_pairs(bad, 0, 1); }).status, ExitStatus::usage) << bad;
	EXPECT_EQ(complaint_of([] { numbered_names("fourteenletter%d", 10, 1); }).status, ExitStatus::usage);
	EXPECT_EQ(numbered_names("fourteenletter%d", 9, 1).front().size(), 15U);
}

TEST(Complaint, HasStatusAndRemedyOfItsErrno)
{
	const Complaint taken = complaint_about("add a0 b0", Error(EEXIST, "a device of this name exists"));
	EXPECT_EQ(taken.status, ExitStatus::refused);
	EXPECT_EQ(taken.what, "add a0 b0: a device of this name exists (EEXIST)");
	EXPECT_FALSE(taken.remedy.empty());
	EXPECT_EQ(complaint_about("x", Error(EPERM)).status, ExitStatus::not_permitted);
	EXPECT_EQ(complaint_about("x", Error(EPERM)).what, "x: Operation not permitted (EPERM)");
	EXPECT_EQ(complaint_about("x", Error(ENODEV)).status, ExitStatus::not_found);
	EXPECT_EQ(complaint_about("x", Error(EOPNOTSUPP, "Unknown device type")).status, ExitStatus::no_module);
	EXPECT_EQ(complaint_about("x", Error(EOPNOTSUPP, "other")).status, ExitStatus::refused);
}

TEST(PairReport, ATreeForEachPair)
{
	EXPECT_EQ(list_text(two_pairs(), false), "pair 7  carrier off, cut\n"
						 "|- a0      (here)  up    02:00:00:00:00:01  mtu 1500   napi\n"
						 "`- b0      blue    up    02:00:00:00:00:01  mtu 1500   direct\n"
						 "pair 8  carrier off\n"
						 "|- lonely  (here)  up    02:00:00:00:00:01  mtu 1500   backlog\n"
						 "`- index 9 in a namespace that has no name or may not be entered\n");
}

TEST(PairReport, DropsByCause)
{
	const Census census = two_pairs();
	const Pair &pair = census.pairs[0];
	const CountersByEnd counters{
		{&pair.one, {{"peer_ifindex", 9}, {"tx_drop_header", 0}, {"tx_drop_too_long", 3}}},
		{&*pair.other, {{"tx_drop_header", 0}, {"tx_drop_too_long", 0}, {"rx_queue_1_drops", 5}}}};
	const std::string some = stats_text(census, pair, counters, false);
	EXPECT_NE(some.find("tx_drop_too_long        3                       0\n"), std::string::npos) << some;
	EXPECT_NE(some.find("rx_queue_1_drops        -                       5\n"), std::string::npos) << some;
	EXPECT_EQ(some.find("tx_drop_header"), std::string::npos) << some;
	EXPECT_EQ(some.find("peer_ifindex"), std::string::npos) << some;
	EXPECT_NE(stats_text(census, pair, counters, true).find("tx_drop_header"), std::string::npos);
}

TEST(PairReport, JsonForPrograms)
{
	const Census census = two_pairs();
	const std::string json =
		pairs_json(census, {&census.pairs[0]}, {{&census.pairs[0].one, {{"tx_drop_header", 2}}}});
	for (const char *part : {"\"pair_id\": 7", "\"netns\": null", "\"netns\": \"blue\"", "\"mode\": \"direct\"",
				 "\"mtu_policy\": \"independent\"", "\"tx_drop_header\": 2"})
		EXPECT_NE(json.find(part), std::string::npos) << part << " in " << json;
	EXPECT_EQ(pairs_json(census, {}, {}), "{\n  \"pairs\": []\n}\n");
}

TEST(EndLookup, ByAnotherName)
{
	Census census = two_pairs();
	census.pairs[0].other->link.alt_names = {"downlink", "a-name-of-more-than-fifteen-letters"};
	EXPECT_EQ(find_end(census, "downlink", "blue").end->link.name, "b0");
	EXPECT_EQ(find_end(census, "a-name-of-more-than-fifteen-letters", "blue").peer->link.name, "a0");
	EXPECT_EQ(complaint_of([&] { find_end(census, "downlink", ""); }).remedy,
		  "there is one in namespace blue: --netns blue");
}

TEST(PairReport, QueuesInUseBesideRoom)
{
	Census census = two_pairs();
	Pair &pair = census.pairs[0];
	pair.one.link.rx_queues = pair.one.link.tx_queues = 16;
	pair.other->link.rx_queues = 4;
	const std::string text = show_text(census, pair, {{&pair.one, {1, 2}}});
	EXPECT_NE(text.find("rx queues               1 of 16                 room for 4\n"), std::string::npos) << text;
	EXPECT_NE(text.find("tx queues               2 of 16                 room for 0\n"), std::string::npos) << text;
}

TEST(PairReport, WhichMtuThePolicyEqualMakesThatOfBoth)
{
	Census census = two_pairs();
	Pair &pair = census.pairs[0];
	pair.one.link.end->mtu_policy = pair.other->link.end->mtu_policy = MtuPolicy::equal;
	const std::string text = show_text(census, pair, {});
	EXPECT_NE(text.find("mtu policy              equal, 1500 at both     equal, 1500 at both\n"), std::string::npos)
		<< text;
}

TEST(EndLookup, SaysWhereElseThereIsOne)
{
	const Census census = two_pairs();
	EXPECT_EQ(find_end(census, "a0", "").peer->link.name, "b0");
	EXPECT_EQ(find_end(census, "b0", "blue").end->netns, 1U);
	const Complaint elsewhere = complaint_of([&] { find_end(census, "b0", ""); });
	EXPECT_EQ(elsewhere.status, ExitStatus::not_found);
	EXPECT_EQ(elsewhere.remedy, "there is one in namespace blue: --netns blue");
	EXPECT_EQ(complaint_of([&] { find_end(census, "a0", "red"); }).status, ExitStatus::not_found);
}

TEST(Progress, FillsUp)
{
	EXPECT_EQ(progress_bar(0, 2), "[" + std::string(40, '.') + "] 0/2");
	EXPECT_EQ(progress_bar(1, 2), "[" + std::string(20, '#') + std::string(20, '.') + "] 1/2");
	EXPECT_EQ(progress_bar(2, 2), "[" + std::string(40, '#') + "] 2/2");
}

TEST_F(Doctor, TheModule)
{
	EXPECT_EQ(found("module"), "problem: not installed for the running kernel 6.12.1-amd64");
	write("lib/modules/6.12.1-amd64/modules.dep", "kernel/a.ko:\nupdates/etun.ko:\n");
	EXPECT_EQ(found("module"), "note: installed, but not loaded");
	write("sys/module/etun/version", "0.0.1\n");
	EXPECT_EQ(found("module"), "note: the module is of version '0.0.1', etunctl of " ETUN_VERSION);
	write("sys/module/etun/version", ETUN_VERSION "\n");
	EXPECT_EQ(found("module"), "good: loaded, version " ETUN_VERSION);
}

TEST_F(Doctor, WhatBuildsTheModule)
{
	EXPECT_TRUE(found("headers").starts_with("problem: "));
	write("proc/version", "Linux version 6.12.1-amd64 (debian-kernel@example) (x86_64-linux-gnu-gcc-12 (Debian "
			      "12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP\n");
	EXPECT_EQ(found("compiler"), "problem: g++-12 is missing; the kernel was built by gcc 12");
	// It is no problem while there is a module.
	write("lib/modules/6.12.1-amd64/modules.dep", "updates/etun.ko:\n");
	EXPECT_EQ(found("compiler"), "note: g++-12 is missing; the kernel was built by gcc 12");
	EXPECT_TRUE(found("headers").starts_with("note: "));
	write("bin/g++-12", "");
	write("lib/modules/6.12.1-amd64/build/Makefile", "");
	EXPECT_EQ(found("compiler"), "good: g++-12, of the version that built the kernel");
	EXPECT_TRUE(found("headers").starts_with("good: "));
}

TEST_F(Doctor, WhatKeepsTheModuleOut)
{
	EXPECT_TRUE(found("signature").starts_with("good: "));
	write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	EXPECT_TRUE(found("signature").starts_with("problem: "));
	write("etc/modprobe.d/a.conf", "# blacklist etun\nblacklist etunnel\n");
	EXPECT_TRUE(found("modprobe.d").starts_with("good: "));
	write("etc/modprobe.d/b.conf", "blacklist etun\n");
	EXPECT_TRUE(found("modprobe.d").starts_with("problem: "));
}

TEST_F(Doctor, WhoElseTouchesEnds)
{
	EXPECT_TRUE(found("udev").starts_with("good: "));
	write("usr/lib/systemd/network/99-default.link", "[Link]\nMACAddressPolicy=persistent\n");
	EXPECT_TRUE(found("udev").starts_with("note: "));
	write("etc/systemd/network/80-etun.link", "[Match]\nDriver=etun\n");
	EXPECT_TRUE(found("udev").starts_with("good: "));
	write("run/NetworkManager/state", "");
	EXPECT_TRUE(found("manager").starts_with("note: "));
	write("proc/sys/net/ipv4/conf/all/rp_filter", "1\n");
	EXPECT_TRUE(found("sysctl").starts_with("note: rp_filter: "));
}

TEST_F(Doctor, ThePluginOfIp)
{
	EXPECT_TRUE(found("iproute2").starts_with("note: there is no `ip`"));
	write("bin/ip", "");
	EXPECT_TRUE(found("iproute2").starts_with("note: `ip` has no plugin"));
	write("usr/lib/x86_64-linux-gnu/ip/link_etun.so", "");
	EXPECT_TRUE(found("iproute2").starts_with("good: "));
}

TEST(DoctorReport, TextAndJson)
{
	const std::vector<Finding> findings{{Health::good, "a", "is well"},
					    {Health::problem, "b", "is not", "do this"}};
	EXPECT_EQ(findings_text(findings), "ok       a           is well\n"
					   "problem  b           is not\n"
					   "                     -> do this\n");
	EXPECT_NE(findings_json(findings).find("\"remedy\": \"do this\""), std::string::npos);
}
