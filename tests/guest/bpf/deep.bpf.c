// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of the kernel's stack as the verifier lets programs take: what calls a function that ends in a tail call may
 * have 256 bytes, and keeps them, through as many tail calls as there may be.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

/* How often the last tail call was refused, being one too many; and how often the program ran, by tail calls too. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} reached SEC(".maps");

static void count(__u32 which)
{
	__u64 *number = bpf_map_lookup_elem(&reached, &which);

	if (number)
		__sync_fetch_and_add(number, 1);
}

static __attribute__((noinline)) int again(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &next, 0);
	/* The stack is as deep as it gets here; a function of the kernel's is where the stack tracer sees it. */
	bpf_skb_pull_data(skb, 0);
	count(0);
	return TC_ACT_OK;
}

SEC("tc")
int deep(struct __sk_buff *skb)
{
	/* With what count() wants, 224 bytes: the most below 256 of what the verifier rounds up to. */
	char kept[208];
	int verdict;

	count(1);
	/* So that the compiler makes room for all of it, and the verifier counts it. */
	*(volatile char *)kept = 0;
	asm volatile("" : : "r"(kept) : "memory");
	verdict = again(skb);
	asm volatile("" : : "r"(kept) : "memory");
	return verdict;
}

char _license[] SEC("license") = "GPL";
