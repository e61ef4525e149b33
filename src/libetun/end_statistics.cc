// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/end_statistics.hpp"

#include <linux/ethtool.h>

#include <cstring>

namespace etun {
namespace {

constexpr std::string_view unreadable = "the counters can't be read";

/// A request with room behind it for what comes back, in words as its largest members are.
template <typename Request> class WithRoom {
public:
	explicit WithRoom(std::size_t bytes) : words_((sizeof(Request) + bytes) / sizeof(std::uint64_t) + 1) {}
	// SAFETY: zeroed words are a request of the kernel's plain structures, and aligned for it.
	Request *get() { return reinterpret_cast<Request *>(words_.data()); }

private:
	std::vector<std::uint64_t> words_;
};

/// How many counters there are; they come and go with the queues in use.
Outcome<std::uint32_t> count(const EthtoolSocket &socket, const std::string &name)
{
	WithRoom<ethtool_sset_info> request(sizeof(std::uint32_t));
	request.get()->cmd = ETHTOOL_GSSET_INFO;
	request.get()->sset_mask = 1ULL << ETH_SS_STATS;
	const auto done = socket.ask(name, request.get(), unreadable);
	if (!done)
		return fail(done.error());
	return request.get()->sset_mask ? request.get()->data[0] : 0U;
}

} // namespace

Outcome<std::vector<Counter>> read_counters(const EthtoolSocket &socket, const std::string &name)
{
	const auto number = count(socket, name);
	if (!number)
		return fail(number.error());

	WithRoom<ethtool_gstrings> names(std::size_t{*number} * ETH_GSTRING_LEN);
	names.get()->cmd = ETHTOOL_GSTRINGS;
	names.get()->string_set = ETH_SS_STATS;
	names.get()->len = *number;
	WithRoom<ethtool_stats> values(std::size_t{*number} * sizeof(std::uint64_t));
	values.get()->cmd = ETHTOOL_GSTATS;
	values.get()->n_stats = *number;
	for (void *request : {static_cast<void *>(names.get()), static_cast<void *>(values.get())}) {
		const auto done = socket.ask(name, request, unreadable);
		if (!done)
			return fail(done.error());
	}
	// When queues changed in between, the kernel has returned other numbers of them than asked for.
	if (names.get()->len != *number || values.get()->n_stats != *number)
		return fail(Error(EAGAIN, "the queues changed while the counters were read"));

	std::vector<Counter> counters;
	for (std::uint32_t i = 0; i < *number; i++) {
		const auto *text = reinterpret_cast<const char *>(names.get()->data) + std::size_t{i} * ETH_GSTRING_LEN;
		counters.push_back({std::string(text, strnlen(text, ETH_GSTRING_LEN)), values.get()->data[i]});
	}
	return counters;
}

} // namespace etun
