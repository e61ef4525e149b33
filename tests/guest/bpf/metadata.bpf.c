// SPDX-License-Identifier: GPL-2.0-only
/* Asks the driver what it knows about an IPv4 frame (Documentation/networking/xdp-rx-metadata.rst). */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* The kernel's, of which only the size matters here. */
enum xdp_rss_hash_type {
	XDP_RSS_L3_IPV4 = 1,
	XDP_RSS_L4 = 8,
};

extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, __u64 *timestamp) __ksym;
extern int bpf_xdp_metadata_rx_hash(const struct xdp_md *ctx, __u32 *hash, enum xdp_rss_hash_type *rss_type) __ksym;
extern int bpf_xdp_metadata_rx_vlan_tag(const struct xdp_md *ctx, __be16 *vlan_proto, __u16 *vlan_tci) __ksym;

struct answers {
	__u64 timestamp;
	__u64 frames;
	__u64 tagged;
	__s32 timestamp_result;
	__s32 hash_result;
	__u32 hash;
	__u32 hash_type;
	__s32 vlan_result;
	__u16 vlan_protocol; /* as on the wire */
	__u16 vlan_tag;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct answers);
} answers SEC(".maps");

SEC("xdp")
int metadata(struct xdp_md *ctx)
{
	__u8 *data = (__u8 *)(long)ctx->data;
	enum xdp_rss_hash_type type = 0;
	__u32 first = 0, hash = 0;
	__u64 timestamp = 0;
	__be16 protocol = 0;
	struct answers *note;
	__u16 tag = 0;
	__be16 type_of_frame;

	note = bpf_map_lookup_elem(&answers, &first);
	if (!note || data + 18 > (__u8 *)(long)ctx->data_end)
		return XDP_PASS;
	type_of_frame = *(__be16 *)(data + 12);
	if (type_of_frame == bpf_htons(0x8100)) {
		type_of_frame = *(__be16 *)(data + 16);
		note->tagged += type_of_frame == bpf_htons(0x0800);
	}
	if (type_of_frame != bpf_htons(0x0800))
		return XDP_PASS;
	note->frames++;
	note->timestamp_result = bpf_xdp_metadata_rx_timestamp(ctx, &timestamp);
	note->timestamp = timestamp;
	note->hash_result = bpf_xdp_metadata_rx_hash(ctx, &hash, &type);
	note->hash = hash;
	note->hash_type = type;
	note->vlan_result = bpf_xdp_metadata_rx_vlan_tag(ctx, &protocol, &tag);
	note->vlan_protocol = bpf_ntohs(protocol);
	note->vlan_tag = tag;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
