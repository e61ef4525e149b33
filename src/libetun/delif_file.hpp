// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The control file delif (docs/control.md), which destroys many pairs at the cost of few.
#ifndef ETUN_LIBETUN_DELIF_FILE_HPP
#define ETUN_LIBETUN_DELIF_FILE_HPP

#include "libetun/error.hpp"
#include "libetun/net_namespace.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace etun {

/// So many names of any length fit into one write, which may have 4095 bytes.
inline constexpr std::size_t delif_names = 200;

/// Destroys the pairs that have the ends \p names, at most delif_names, in \p where: all of them or none. Fails as
/// docs/control.md tells, with EACCES or EROFS where /sys can't be written, and with E2BIG for too many names.
Outcome<Done> write_delif(const NetNamespace &where, std::span<const std::string> names);

} // namespace etun

#endif
