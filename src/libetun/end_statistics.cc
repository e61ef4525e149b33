// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/end_statistics.hpp"

#include "libetun/ethtool_request.hpp"

namespace etun {
namespace {

constexpr std::string_view unreadable = "the counters can't be read";

} // namespace

Outcome<std::vector<Counter>> read_counters(const EthtoolSocket &socket, const std::string &name)
{
	auto names = read_names(socket, name, ETH_SS_STATS, unreadable);
	if (!names)
		return fail(names.error());
	WithRoom<ethtool_stats> values(names->size() * sizeof(std::uint64_t));
	values.get()->cmd = ETHTOOL_GSTATS;
	values.get()->n_stats = static_cast<std::uint32_t>(names->size());
	const auto done = socket.ask(name, values.get(), unreadable);
	if (!done)
		return fail(done.error());
	// When queues changed in between, the kernel has returned other numbers of them than asked for.
	if (values.get()->n_stats != names->size())
		return fail(Error(EAGAIN, "the queues changed while the counters were read"));

	std::vector<Counter> counters;
	for (std::size_t i = 0; i < names->size(); i++)
		counters.push_back({std::move((*names)[i]), values.get()->data[i]});
	return counters;
}

} // namespace etun
