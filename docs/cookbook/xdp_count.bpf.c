// SPDX-License-Identifier: GPL-2.0-only
// Counts frames by whether they are ICMP, which is dropped: the program of docs/cookbook/xdp.md.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("xdp")
int no_icmp(struct xdp_md *frame)
{
	void *data = (void *)(long)frame->data;
	void *end = (void *)(long)frame->data_end;
	struct ethhdr *ethernet = data;
	struct iphdr *ip = (void *)(ethernet + 1);
	__u32 icmp;
	__u64 *count;

	icmp = (void *)(ip + 1) <= end && ethernet->h_proto == bpf_htons(ETH_P_IP) && ip->protocol == IPPROTO_ICMP;
	count = bpf_map_lookup_elem(&counts, &icmp);
	if (count)
		__sync_fetch_and_add(count, 1);
	return icmp ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
