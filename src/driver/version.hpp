// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The driver's name and version, as ethtool and modinfo tell them.
#ifndef ETUN_DRIVER_VERSION_HPP
#define ETUN_DRIVER_VERSION_HPP

#include "uapi/etun.h"

namespace etun {

inline constexpr char driver_name[] = ETUN_KIND;
inline constexpr char version[] = ETUN_VERSION; // from the build: the file VERSION

} // namespace etun

#endif
