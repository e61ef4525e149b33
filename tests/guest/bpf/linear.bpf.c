// SPDX-License-Identifier: GPL-2.0-only
/* Programs for frames that lie in one piece. */
#include "act.h"

SEC("xdp")
int linear(struct xdp_md *ctx)
{
	return act(ctx);
}

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int give_up(struct xdp_md *ctx)
{
	return XDP_ABORTED;
}

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

/* Changes a frame in place. */
SEC("xdp")
int scribble(struct xdp_md *ctx)
{
	if (is_experiment(ctx))
		*(__u8 *)(long)ctx->data = 0xee;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
