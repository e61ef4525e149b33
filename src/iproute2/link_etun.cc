// SPDX-License-Identifier: GPL-2.0-only
// link_etun.so: teaches `ip` the link kind etun.
#include "iproute2/link_kind.hpp"
#include "uapi/etun.h"

extern "C" {

extern link_util etun_link_util;

// `ip` changes it: it links its kinds into a list.
[[gnu::visibility("default")]] link_util etun_link_util{
	.next = nullptr,
	.id = ETUN_KIND,
	.maxattr = ETUN_INFO_MAX,
	.parse_opt = etun::parse_options,
	.print_opt = etun::print_attributes,
	.print_xstats = nullptr,
	.print_help = etun::print_help,
	.parse_ifla_xstats = nullptr,
	.print_ifla_xstats = nullptr,
};

} // extern "C"
