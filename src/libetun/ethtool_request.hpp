// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Requests of ethtool's older interface that the kernel answers with as many elements as there was room for.
#ifndef ETUN_LIBETUN_ETHTOOL_REQUEST_HPP
#define ETUN_LIBETUN_ETHTOOL_REQUEST_HPP

#include "libetun/ethtool_socket.hpp"

#include <linux/ethtool.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace etun {

/// A request with room behind it for what comes back, in words as its largest members are.
template <typename Request> class WithRoom {
public:
	explicit WithRoom(std::size_t bytes) : words_((sizeof(Request) + bytes) / sizeof(std::uint64_t) + 1) {}
	// SAFETY: zeroed words are a request of the kernel's plain structures, and aligned for it.
	Request *get() { return reinterpret_cast<Request *>(words_.data()); }

private:
	std::vector<std::uint64_t> words_;
};

/// The names in \p set (ETH_SS_). EAGAIN when their number changed while they were read. \p what says of a failure what
/// could not be done.
Outcome<std::vector<std::string>> read_names(const EthtoolSocket &socket, const std::string &name, std::uint32_t set,
					     std::string_view what);

} // namespace etun

#endif
