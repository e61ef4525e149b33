// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Groups of devices, which have names in a file that iproute2 reads as well.
#ifndef ETUN_LIBETUN_LINK_GROUP_HPP
#define ETUN_LIBETUN_LINK_GROUP_HPP

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace etun {

/// The number that \p text is, or that has this name on this machine; nothing for any other text.
std::optional<unsigned> parse_link_group(std::string_view text);
/// The number of \p name in a file of lines of a number and a name, with comments behind `#`.
std::optional<unsigned> group_in(std::istream &file, std::string_view name);

} // namespace etun

#endif
