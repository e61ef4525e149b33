// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Offload features of ends, as `ethtool -k` shows and `ethtool -K` sets.
#ifndef ETUN_LIBETUN_OFFLOAD_HPP
#define ETUN_LIBETUN_OFFLOAD_HPP

#include "libetun/ethtool_socket.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace etun {

/// Features by the kernel's names for them, and whether each is on.
using Offload = std::map<std::string, bool>;

/// Those that an end lets one switch, as a new one has them.
const Offload &default_offload();
/// What `ethtool -K` calls several of them by, as `tso`, or one of them, as `rx`; in the order in which they are told.
const std::vector<std::string_view> &offload_words();
/// The features that \p word stands for: one of those words, or a kernel's name. None for any other text.
std::vector<std::string> features_of(std::string_view word);
/// As few words as say the same, in one order.
std::vector<std::pair<std::string, bool>> in_words(const Offload &offload);

/// What is wanted of the device \p name, whatever its peer or a program keeps it from having: of all that it lets one
/// switch.
Outcome<Offload> read_offload(const EthtoolSocket &socket, const std::string &name);
/// Wants these from now on. EOPNOTSUPP when the device does not let one switch one of them. Needs CAP_NET_ADMIN.
Outcome<Done> set_offload(const EthtoolSocket &socket, const std::string &name, const Offload &offload);

} // namespace etun

#endif
