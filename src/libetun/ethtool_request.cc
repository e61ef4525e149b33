// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/ethtool_request.hpp"

#include <cstring>

namespace etun {
namespace {

/// How many there are; counters come and go with the queues in use.
Outcome<std::uint32_t> count(const EthtoolSocket &socket, const std::string &name, std::uint32_t set,
			     std::string_view what)
{
	WithRoom<ethtool_sset_info> request(sizeof(std::uint32_t));
	request.get()->cmd = ETHTOOL_GSSET_INFO;
	request.get()->sset_mask = 1ULL << set;
	const auto done = socket.ask(name, request.get(), what);
	if (!done)
		return fail(done.error());
	return request.get()->sset_mask ? request.get()->data[0] : 0U;
}

} // namespace

Outcome<std::vector<std::string>> read_names(const EthtoolSocket &socket, const std::string &name, std::uint32_t set,
					     std::string_view what)
{
	const auto number = count(socket, name, set, what);
	if (!number)
		return fail(number.error());
	WithRoom<ethtool_gstrings> request(std::size_t{*number} * ETH_GSTRING_LEN);
	request.get()->cmd = ETHTOOL_GSTRINGS;
	request.get()->string_set = set;
	request.get()->len = *number;
	const auto done = socket.ask(name, request.get(), what);
	if (!done)
		return fail(done.error());
	// The kernel has returned another number of them than asked for.
	if (request.get()->len != *number)
		return fail(Error(EAGAIN, "what the device has changed while it was read"));
	std::vector<std::string> names;
	for (std::uint32_t i = 0; i < *number; i++) {
		const auto *text =
			reinterpret_cast<const char *>(request.get()->data) + std::size_t{i} * ETH_GSTRING_LEN;
		names.emplace_back(text, strnlen(text, ETH_GSTRING_LEN));
	}
	return names;
}

} // namespace etun
