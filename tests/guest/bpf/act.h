/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the XDP programs of the tests do, and what they tell. Included by the linear and the multi-buffer program.
 */
#ifndef ETUN_TESTS_ACT_H
#define ETUN_TESTS_ACT_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Frames of other types pass untouched: IEEE's number for local experiments. */
#define EXPERIMENT 0x88b5
#define META_MARK 0x6d657461
#define PUSH_MAX 256

/* Set by the tests, one of each. */
struct knobs {
	__s32 head; /* for bpf_xdp_adjust_head(); pushed bytes are 0, 1, 2, ... */
	__s32 tail; /* for bpf_xdp_adjust_tail() */
	__s32 meta; /* not 0: META_MARK is put in front of the frame */
	__s32 verdict; /* what the program returns, except redirections: below */
};

/* Beyond the kernel's own verdicts. */
enum { TO_DEVICE = 100, TO_CPU, TO_SOCKET };

struct told {
	__u64 runs;
	__u64 bytes;
	__s64 head; /* what the helper returned, the last time */
	__s64 tail;
	__s64 meta;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct knobs);
} knobs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct told);
} told SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} processors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

static __always_inline int is_experiment(struct xdp_md *ctx)
{
	__u8 *data = (__u8 *)(long)ctx->data;

	if (data + 14 > (__u8 *)(long)ctx->data_end)
		return 0;
	return *(__be16 *)(data + 12) == bpf_htons(EXPERIMENT);
}

static __always_inline void number_pushed(struct xdp_md *ctx, __u32 count)
{
	__u32 i;

	for (i = 0; i < PUSH_MAX; i++) {
		__u8 *at = (__u8 *)(long)ctx->data + i;

		if (i >= count || at + 1 > (__u8 *)(long)ctx->data_end)
			break;
		*at = i;
	}
}

static __always_inline long mark(struct xdp_md *ctx)
{
	long result = bpf_xdp_adjust_meta(ctx, -(int)sizeof(__u32));
	__u32 *meta = (__u32 *)(long)ctx->data_meta;

	if (result == 0 && (void *)(meta + 1) <= (void *)(long)ctx->data)
		*meta = META_MARK;
	return result;
}

static __always_inline int act(struct xdp_md *ctx)
{
	__u32 first = 0;
	struct knobs *knob = bpf_map_lookup_elem(&knobs, &first);
	struct told *tell = bpf_map_lookup_elem(&told, &first);

	if (!knob || !tell || !is_experiment(ctx))
		return XDP_PASS;
	__sync_fetch_and_add(&tell->runs, 1);
	__sync_fetch_and_add(&tell->bytes, bpf_xdp_get_buff_len(ctx));
	if (knob->head) {
		tell->head = bpf_xdp_adjust_head(ctx, knob->head);
		if (tell->head == 0 && knob->head < 0)
			number_pushed(ctx, -knob->head);
	}
	if (knob->tail)
		tell->tail = bpf_xdp_adjust_tail(ctx, knob->tail);
	if (knob->meta)
		tell->meta = mark(ctx);
	switch (knob->verdict) {
	case TO_DEVICE:
		return bpf_redirect_map(&devices, 0, XDP_ABORTED);
	case TO_CPU:
		return bpf_redirect_map(&processors, 1, XDP_ABORTED);
	case TO_SOCKET:
		return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
	default:
		return knob->verdict;
	}
}

#endif
