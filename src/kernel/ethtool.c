// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for linux/ethtool.h. */
#include <linux/ethtool.h>
#include <linux/string.h>

#include "kernel/boundary.h"

void etun_k_drvinfo_set(struct ethtool_drvinfo *info, const char *driver, const char *version,
			const char *firmware, const char *bus)
{
	strscpy(info->driver, driver, sizeof(info->driver));
	strscpy(info->version, version, sizeof(info->version));
	strscpy(info->fw_version, firmware, sizeof(info->fw_version));
	strscpy(info->bus_info, bus, sizeof(info->bus_info));
}

void etun_k_link_ksettings_set(struct ethtool_link_ksettings *settings, unsigned int megabits, bool full_duplex)
{
	settings->base.speed = megabits ? megabits : SPEED_UNKNOWN;
	settings->base.duplex = full_duplex ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	settings->base.port = PORT_TP;
	settings->base.autoneg = AUTONEG_DISABLE;
}
