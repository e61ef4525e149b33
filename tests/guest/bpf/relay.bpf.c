// SPDX-License-Identifier: GPL-2.0-only
/* Programs that send everything on, whatever it is: what leaves the world of skbs must be a whole frame by then. */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Where frames of an interface go, by its index. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} ways SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} processor SEC(".maps");

/* The address that `readdress` writes, in network order, two bytes behind it unused. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[8]);
} address SEC(".maps");

struct frames {
	__u64 tagged;
	__u64 untagged;
	__u64 longest;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct frames);
} frames SEC(".maps");

SEC("xdp")
int relay(struct xdp_md *ctx)
{
	return bpf_redirect_map(&ways, ctx->ingress_ifindex, XDP_ABORTED);
}

SEC("xdp")
int to_cpu(struct xdp_md *ctx)
{
	return bpf_redirect_map(&processor, 0, XDP_ABORTED);
}

SEC("xdp")
int reflect(struct xdp_md *ctx)
{
	return XDP_TX;
}

SEC("xdp")
int readdress(struct xdp_md *ctx)
{
	__u8 *data = (__u8 *)(long)ctx->data;
	__u32 first = 0;
	__u8 *wanted = bpf_map_lookup_elem(&address, &first);

	if (wanted && data + 14 <= (__u8 *)(long)ctx->data_end)
		__builtin_memcpy(data, wanted, 6);
	return XDP_PASS;
}

/* Counts the frames that lie there with a VLAN tag, and those without. */
SEC("xdp")
int count_tags(struct xdp_md *ctx)
{
	__u8 *data = (__u8 *)(long)ctx->data;
	__u64 length = (__u8 *)(long)ctx->data_end - data;
	__u32 first = 0;
	struct frames *note = bpf_map_lookup_elem(&frames, &first);
	__be16 type;

	if (!note || data + 14 > (__u8 *)(long)ctx->data_end)
		return XDP_PASS;
	type = *(__be16 *)(data + 12);
	if (type == bpf_htons(0x8100) || type == bpf_htons(0x88a8))
		__sync_fetch_and_add(&note->tagged, 1);
	else
		__sync_fetch_and_add(&note->untagged, 1);
	if (length > note->longest)
		note->longest = length;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
