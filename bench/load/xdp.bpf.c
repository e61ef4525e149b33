// SPDX-License-Identifier: GPL-2.0-only
/* What XDP can do with a frame, as short as it gets; and a program that takes its time, for a receiver that is slow. */
#include <linux/bpf.h>

/* The load program puts the index of the device to redirect to in its place. */
#define TARGET 0x7ac6e7
/* Rounds of an idle loop. */
#define TOIL 2000

static int (*const redirect)(__u32 index, __u64 flags) = (void *)BPF_FUNC_redirect;

__attribute__((section("xdp/drop"), used)) int drop(struct xdp_md *frame)
{
	return XDP_DROP;
}

__attribute__((section("xdp/pass"), used)) int pass(struct xdp_md *frame)
{
	return XDP_PASS;
}

__attribute__((section("xdp/tx"), used)) int tx(struct xdp_md *frame)
{
	return XDP_TX;
}

__attribute__((section("xdp/redirect"), used)) int away(struct xdp_md *frame)
{
	return redirect(TARGET, 0);
}

__attribute__((section("xdp/toil"), used)) int toil(struct xdp_md *frame)
{
	for (int i = 0; i < TOIL; i++)
		asm volatile("");
	return XDP_PASS;
}
