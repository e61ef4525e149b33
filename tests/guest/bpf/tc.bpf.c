// SPDX-License-Identifier: GPL-2.0-only
/* Programs for traffic control: what XDP left in front of a frame, and a frame sent straight to an end's peer. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#define META_MARK 0x6d657461

/* How many frames came with the mark of act.h, without any metadata, and with other metadata. */
struct seen {
	__u64 marked;
	__u64 bare;
	__u64 other;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct seen);
} seen SEC(".maps");

/* An interface's index. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} target SEC(".maps");

SEC("tc")
int look(struct __sk_buff *skb)
{
	__u32 first = 0;
	struct seen *note = bpf_map_lookup_elem(&seen, &first);
	__u32 *meta = (__u32 *)(long)skb->data_meta;
	void *data = (void *)(long)skb->data;

	if (!note)
		return TC_ACT_OK;
	if ((void *)meta == data)
		__sync_fetch_and_add(&note->bare, 1);
	else if ((void *)(meta + 1) <= data && *meta == META_MARK)
		__sync_fetch_and_add(&note->marked, 1);
	else
		__sync_fetch_and_add(&note->other, 1);
	return TC_ACT_OK;
}

SEC("tc")
int to_peer(struct __sk_buff *skb)
{
	__u32 first = 0;
	__u32 *index = bpf_map_lookup_elem(&target, &first);

	return index ? bpf_redirect_peer(*index, 0) : TC_ACT_SHOT;
}

/* Names a transmit queue that no device of the tests has. */
SEC("tc")
int misname(struct __sk_buff *skb)
{
	skb->queue_mapping = 200;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
