// SPDX-License-Identifier: GPL-2.0-only
/* A program that says it can deal with frames in several pieces. */
#include "act.h"

SEC("xdp.frags")
int frags(struct xdp_md *ctx)
{
	return act(ctx);
}

char _license[] SEC("license") = "GPL";
