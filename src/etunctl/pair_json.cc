// SPDX-License-Identifier: GPL-2.0-only
#include "core/setting_words.hpp"
#include "etunctl/pair_report.hpp"

#include <nlohmann/json.hpp>

namespace etun {
namespace {

// Members keep the order in which they are written down here.
using Json = nlohmann::ordered_json;

const char *word(Mode mode)
{
	return mode_words[static_cast<std::size_t>(mode)];
}

/// The name of a namespace; null for the current one where it has none.
Json name_of(const NetNamespace &netns)
{
	return netns.name.empty() ? Json() : Json(netns.name);
}

Json traffic_json(const Traffic &traffic)
{
	return {{"rx_packets", traffic.rx_packets}, {"rx_bytes", traffic.rx_bytes},
		{"rx_errors", traffic.rx_errors},   {"rx_dropped", traffic.rx_dropped},
		{"tx_packets", traffic.tx_packets}, {"tx_bytes", traffic.tx_bytes},
		{"tx_errors", traffic.tx_errors},   {"tx_dropped", traffic.tx_dropped}};
}

Json end_json(const Census &census, const PlacedEnd &end, const CountersByEnd &counters)
{
	const Link &link = end.link;
	Json json = {{"name", link.name},
		     {"netns", name_of(census.namespaces[end.netns])},
		     {"here", census.namespaces[end.netns].current},
		     {"ifindex", link.index},
		     {"up", link.up},
		     {"carrier", link.carrier},
		     {"address", link.address ? Json(to_text(*link.address)) : Json()},
		     {"mtu", link.mtu},
		     {"mode", word(link.end->mode)},
		     {"ring", link.end->ring},
		     {"rx_queues", link.rx_queues},
		     {"tx_queues", link.tx_queues},
		     {"traffic", traffic_json(link.traffic)}};
	if (const auto known = counters.find(&end); known != counters.end()) {
		Json &all = json["counters"] = Json::object();
		for (const Counter &counter : known->second)
			all[counter.name] = counter.value;
	}
	return json;
}

} // namespace

std::string pairs_json(const Census &census, const std::vector<const Pair *> &pairs, const CountersByEnd &counters)
{
	Json all = Json::array();
	for (const Pair *pair : pairs) {
		Json ends = Json::array({end_json(census, pair->one, counters)});
		if (pair->other)
			ends.push_back(end_json(census, *pair->other, counters));
		const auto policy = static_cast<std::size_t>(pair->one.link.end->mtu_policy);
		all.push_back(
			{{"pair_id", pair->id}, {"mtu_policy", mtu_policy_words[policy]}, {"ends", std::move(ends)}});
	}
	return Json{{"pairs", std::move(all)}}.dump(2) + '\n';
}

} // namespace etun
