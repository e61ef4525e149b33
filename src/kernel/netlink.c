// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for net/netlink.h. */
#include <net/netlink.h>

#include "kernel/boundary.h"

int etun_k_nla_put_u64(struct sk_buff *message, int type, u64 value, int pad)
{
	return nla_put_u64_64bit(message, type, value, pad);
}

bool etun_k_nla_get_u8(struct nlattr **data, int type, unsigned int *value)
{
	if (!data || !data[type])
		return false;
	*value = nla_get_u8(data[type]);
	return true;
}

bool etun_k_nla_get_u32(struct nlattr **data, int type, unsigned int *value)
{
	if (!data || !data[type])
		return false;
	*value = nla_get_u32(data[type]);
	return true;
}

void etun_k_extack_bad_attribute(struct netlink_ext_ack *extack, struct nlattr **data, int type)
{
	NL_SET_BAD_ATTR(extack, data[type]);
}
