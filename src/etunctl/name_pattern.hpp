// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Names that differ by a number: `v%d`.
#ifndef ETUN_ETUNCTL_NAME_PATTERN_HPP
#define ETUN_ETUNCTL_NAME_PATTERN_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace etun {

/// \p count names of \p pattern with the numbers from \p first on in place of its one `%d`. Throws a Complaint when the
/// pattern is not such, or a name would be too long.
std::vector<std::string> numbered_names(std::string_view pattern, unsigned first, unsigned count);

/// The same for the two names of `v%d,w%d`.
std::vector<std::pair<std::string, std::string>> numbered_pairs(std::string_view pattern, unsigned first,
								unsigned count);

} // namespace etun

#endif
