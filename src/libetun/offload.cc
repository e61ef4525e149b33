// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/offload.hpp"

#include "libetun/ethtool_request.hpp"

#include <algorithm>
#include <array>

namespace etun {
namespace {

constexpr std::string_view features_unreadable = "the offload features can't be read";
constexpr std::size_t block_bits = 32;

struct Word {
	std::string_view word;
	std::vector<std::string> features;
};

const std::vector<Word> &words()
{
	static const std::vector<Word> all = {
		{"rx", {"rx-checksum"}},
		{"tx", {"tx-checksum-ip-generic", "tx-checksum-sctp"}},
		{"sg", {"tx-scatter-gather", "tx-scatter-gather-fraglist"}},
		{"tso",
		 {"tx-tcp-segmentation", "tx-tcp-ecn-segmentation", "tx-tcp-mangleid-segmentation",
		  "tx-tcp6-segmentation", "tx-tcp-accecn-segmentation"}},
		{"gso", {"tx-generic-segmentation"}},
		{"gro", {"rx-gro"}},
		{"rxvlan", {"rx-vlan-hw-parse"}},
		{"txvlan", {"tx-vlan-hw-insert"}},
	};
	return all;
}

/// Features that older kernels do not have: a word stands for the others there.
bool is_newer(const std::string &feature)
{
	return feature == "tx-tcp-accecn-segmentation"; // 6.12 has it not, 7.3 does
}

std::size_t blocks(std::size_t features)
{
	return (features + block_bits - 1) / block_bits;
}

} // namespace

const Offload &default_offload()
{
	static const Offload all = {
		{"highdma", true},
		{"rx-checksum", true},
		{"rx-gro", false},
		{"rx-gro-list", false},
		{"rx-udp-gro-forwarding", false},
		{"rx-vlan-hw-parse", true},
		{"rx-vlan-stag-hw-parse", true},
		{"tx-checksum-ip-generic", true},
		{"tx-checksum-sctp", true},
		{"tx-generic-segmentation", true},
		{"tx-gre-csum-segmentation", true},
		{"tx-gre-segmentation", true},
		{"tx-gso-list", true},
		{"tx-ipxip4-segmentation", true},
		{"tx-ipxip6-segmentation", true},
		{"tx-nocache-copy", false},
		{"tx-scatter-gather", true},
		{"tx-scatter-gather-fraglist", true},
		{"tx-sctp-segmentation", true},
		{"tx-tcp-accecn-segmentation", true},
		{"tx-tcp-ecn-segmentation", true},
		{"tx-tcp-mangleid-segmentation", true},
		{"tx-tcp-segmentation", true},
		{"tx-tcp6-segmentation", true},
		{"tx-udp-segmentation", true},
		{"tx-udp_tnl-csum-segmentation", true},
		{"tx-udp_tnl-segmentation", true},
		{"tx-vlan-hw-insert", true},
		{"tx-vlan-stag-hw-insert", true},
	};
	return all;
}

const std::vector<std::string_view> &offload_words()
{
	static const std::vector<std::string_view> all = [] {
		std::vector<std::string_view> found;
		for (const Word &word : words())
			found.push_back(word.word);
		return found;
	}();
	return all;
}

std::vector<std::string> features_of(std::string_view word)
{
	for (const Word &known : words())
		if (known.word == word)
			return known.features;
	if (default_offload().contains(std::string(word)))
		return {std::string(word)};
	return {};
}

std::vector<std::pair<std::string, bool>> in_words(const Offload &offload)
{
	std::vector<std::pair<std::string, bool>> said;
	Offload rest = offload;
	for (const Word &word : words()) {
		const auto first = rest.find(word.features.front());
		if (first == rest.end())
			continue;
		const bool on = first->second;
		if (!std::all_of(word.features.begin(), word.features.end(), [&](const std::string &feature) {
			    const auto found = rest.find(feature);
			    return found == rest.end() ? is_newer(feature) : found->second == on;
		    }))
			continue;
		said.emplace_back(word.word, on);
		for (const std::string &feature : word.features)
			rest.erase(feature);
	}
	said.insert(said.end(), rest.begin(), rest.end());
	return said;
}

Outcome<Offload> read_offload(const EthtoolSocket &socket, const std::string &name)
{
	auto names = read_names(socket, name, ETH_SS_FEATURES, features_unreadable);
	if (!names)
		return fail(names.error());
	WithRoom<ethtool_gfeatures> request(blocks(names->size()) * sizeof(ethtool_get_features_block));
	request.get()->cmd = ETHTOOL_GFEATURES;
	request.get()->size = static_cast<std::uint32_t>(blocks(names->size()));
	const auto done = socket.ask(name, request.get(), features_unreadable);
	if (!done)
		return fail(done.error());
	Offload offload;
	for (std::size_t i = 0; i < names->size(); i++) {
		const ethtool_get_features_block &block = request.get()->features[i / block_bits];
		const std::uint32_t bit = 1U << (i % block_bits);
		if ((block.available & bit) != 0)
			offload[(*names)[i]] = (block.requested & bit) != 0;
	}
	return offload;
}

Outcome<Done> set_offload(const EthtoolSocket &socket, const std::string &name, const Offload &offload)
{
	auto present = read_offload(socket, name);
	if (!present)
		return fail(present.error());
	// The kernel would pass over these.
	for (const auto &[feature, on] : offload)
		if (!present->contains(feature) && !is_newer(feature))
			return fail(Error(EOPNOTSUPP, feature + " can't be switched at this device"));
	auto names = read_names(socket, name, ETH_SS_FEATURES, features_unreadable);
	if (!names)
		return fail(names.error());
	WithRoom<ethtool_sfeatures> request(blocks(names->size()) * sizeof(ethtool_set_features_block));
	request.get()->cmd = ETHTOOL_SFEATURES;
	request.get()->size = static_cast<std::uint32_t>(blocks(names->size()));
	for (std::size_t i = 0; i < names->size(); i++) {
		const auto wanted = offload.find((*names)[i]);
		if (wanted == offload.end())
			continue;
		ethtool_set_features_block &block = request.get()->features[i / block_bits];
		const std::uint32_t bit = 1U << (i % block_bits);
		block.valid |= bit;
		block.requested |= wanted->second ? bit : 0;
	}
	return socket.ask(name, request.get(), "the offload features can't be changed");
}

} // namespace etun
