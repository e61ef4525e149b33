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

/* Where divert() sends all frames, and the program that sees them there. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} diversions SEC(".maps");

SEC("xdp")
int divert(struct xdp_md *ctx)
{
	return bpf_redirect_map(&diversions, 0, XDP_ABORTED);
}

/* Frames that drop_later() let through so far. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} let_through SEC(".maps");

/* The program of a map's entry: drops all but the first sixteen frames, which is what the kernel sends at a time. */
SEC("xdp/devmap")
int drop_later(struct xdp_md *ctx)
{
	__u32 first = 0;
	__u32 *count = bpf_map_lookup_elem(&let_through, &first);

	return count && (*count)++ < 16 ? XDP_PASS : XDP_DROP;
}

/* Whatever comes in by one of two devices goes out by the other. */
SEC("xdp")
int across(struct xdp_md *ctx)
{
	__u32 first = 0;
	struct bpf_devmap_val *device = bpf_map_lookup_elem(&devices, &first);

	if (!device)
		return XDP_ABORTED;
	return bpf_redirect_map(&devices, device->ifindex == ctx->ingress_ifindex, XDP_ABORTED);
}

char _license[] SEC("license") = "GPL";
