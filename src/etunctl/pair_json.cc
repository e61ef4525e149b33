// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/pair_report.hpp"
#include "etunctl/setting_text.hpp"

#include <nlohmann/json.hpp>

namespace etun {
namespace {

// Members keep the order in which they are written down here.
using Json = nlohmann::ordered_json;

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

Json rates_json(const Rates &rates)
{
	return {{"rx_packets_per_second", rates.rx_packets},
		{"rx_bits_per_second", rates.rx_bits},
		{"tx_packets_per_second", rates.tx_packets},
		{"tx_bits_per_second", rates.tx_bits}};
}

Json end_json(const Census &census, const PlacedEnd &end, const CountersByEnd &counters, const RatesByEnd &rates,
	      const QueuesByEnd &queues)
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
		     {"mode", to_text(link.end->mode)},
		     {"ring", link.end->ring},
		     {"wire", link.end->wire},
		     {"rx_queues", link.rx_queues},
		     {"tx_queues", link.tx_queues},
		     {"traffic", traffic_json(link.traffic)}};
	if (!link.alt_names.empty())
		json["alt_names"] = link.alt_names;
	if (const auto known = queues.find(&end); known != queues.end()) {
		json["rx_queues_in_use"] = known->second.rx;
		json["tx_queues_in_use"] = known->second.tx;
	}
	if (const auto known = counters.find(&end); known != counters.end()) {
		Json &all = json["counters"] = Json::object();
		for (const Counter &counter : known->second)
			all[counter.name] = counter.value;
	}
	if (const auto known = rates.find(&end); known != rates.end())
		json["rates"] = rates_json(known->second);
	return json;
}

} // namespace

std::string pairs_json(const Census &census, const std::vector<const Pair *> &pairs, const CountersByEnd &counters,
		       const RatesByEnd &rates, const QueuesByEnd &queues)
{
	Json all = Json::array();
	for (const Pair *pair : pairs) {
		Json ends = Json::array();
		for (const PlacedEnd *end : ends_of(*pair))
			ends.push_back(end_json(census, *end, counters, rates, queues));
		all.push_back({{"pair_id", pair->id},
			       {"cut", is_cut(*pair)},
			       {"mtu_policy", to_text(pair->one.link.end->mtu_policy)},
			       {"ends", std::move(ends)}});
	}
	return Json{{"pairs", std::move(all)}}.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace etun
