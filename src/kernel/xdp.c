// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers for net/xdp.h, linux/bpf.h, linux/filter.h and net/page_pool. */
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/xdp.h>

#include "kernel/boundary.h"
#include "kernel/compat.h"
#include "kernel/xdp.h"

int etun_k_xdp_rxq_register(struct xdp_rxq_info *rxq, struct net_device *dev, unsigned int index,
			    unsigned int napi_id, struct page_pool *pool)
{
	int error = xdp_rxq_info_reg(rxq, dev, index, napi_id);

	if (error)
		return error;
	error = xdp_rxq_info_reg_mem_model(rxq, etun_compat_pool_memory(pool).type, pool);
	if (error)
		xdp_rxq_info_unreg(rxq);
	return error;
}

void etun_k_xdp_rxq_unregister(struct xdp_rxq_info *rxq, struct page_pool *pool)
{
	/* A frame that passed through left the model of its own memory here. */
	rxq->mem = etun_compat_pool_memory(pool);
	xdp_rxq_info_unreg(rxq);
}

int etun_k_page_pool_create(struct net_device *dev, unsigned int slots, struct page_pool **pool)
{
#ifdef ETUN_HAVE_SKB_PP_COW_DATA
	const struct page_pool_params params = {
		.pool_size = slots,
		.nid = NUMA_NO_NODE,
		.dev = &dev->dev,
	};
	struct page_pool *made = page_pool_create(&params);

	if (IS_ERR(made))
		return PTR_ERR(made);
	*pool = made;
#endif
	return 0;
}

void etun_k_page_pool_destroy(struct page_pool *pool)
{
#ifdef ETUN_HAVE_SKB_PP_COW_DATA
	page_pool_destroy(pool);
#endif
}

#ifdef ETUN_HAVE_SKB_PP_COW_DATA
static bool copy_for_program(struct sk_buff **skb, struct page_pool *pool)
{
	return skb_pp_cow_data(pool, skb, XDP_PACKET_HEADROOM) == 0;
}
#else
/* A page of its own at the end of copy, with as much of skb from \p offset on as it holds. */
static bool append_page(struct sk_buff *copy, const struct sk_buff *skb, unsigned int offset)
{
	unsigned int size = min_t(unsigned int, skb->len - offset, PAGE_SIZE);
	struct page *page = dev_alloc_page();

	if (!page)
		return false;
	skb_add_rx_frag(copy, skb_shinfo(copy)->nr_frags, page, 0, size, PAGE_SIZE);
	return skb_copy_bits(skb, offset, page_address(page), size) == 0;
}

/* An empty buffer of one page, with the room in front that programs count on. */
static struct sk_buff *page_skb(void)
{
	struct page *page = dev_alloc_page();
	struct sk_buff *skb;

	if (!page)
		return NULL;
	skb = build_skb(page_address(page), PAGE_SIZE);
	if (!skb)
		put_page(page);
	else
		skb_reserve(skb, XDP_PACKET_HEADROOM);
	return skb;
}

static bool copy_into(struct sk_buff *copy, const struct sk_buff *skb)
{
	unsigned int offset = min_t(unsigned int, skb->len, skb_tailroom(copy));

	if (skb->len - offset > MAX_SKB_FRAGS * PAGE_SIZE || skb_copy_bits(skb, 0, copy->data, offset))
		return false;
	skb_put(copy, offset);
	for (; offset < skb->len; offset += PAGE_SIZE)
		if (!append_page(copy, skb, offset))
			return false;
	skb_copy_header(copy, skb);
	skb_headers_offset_update(copy, skb_headroom(copy) - skb_headroom(skb));
	return true;
}

/* skb_pp_cow_data() of later kernels, without a page pool. */
static bool copy_for_program(struct sk_buff **skb, struct page_pool *pool)
{
	struct sk_buff *copy = page_skb();

	if (!copy)
		return false;
	if (!copy_into(copy, *skb)) {
		kfree_skb(copy);
		return false;
	}
	consume_skb(*skb);
	*skb = copy;
	return true;
}
#endif

/*
 * A program may change the frame, wants room in front of it, and gives its memory away by pages, so these must be
 * pages of nobody else's pool, and the skb one that can be freed without them.
 */
static bool program_may_have(const struct sk_buff *skb)
{
	return !skb_shared(skb) && !skb_head_is_locked(skb) && !skb_is_nonlinear(skb) && !skb->pp_recycle &&
	       skb->fclone == SKB_FCLONE_UNAVAILABLE && skb_headroom(skb) >= XDP_PACKET_HEADROOM;
}

/* A copy of more than a page is in pieces, of which a program that was not made for that would see the first one alone. */
static bool program_takes_copy(const struct bpf_prog *program, const struct sk_buff *skb)
{
	return skb->len <= SKB_WITH_OVERHEAD(PAGE_SIZE - XDP_PACKET_HEADROOM) || program->aux->xdp_has_frags;
}

bool etun_k_xdp_run_skb(struct etun_xdp *xdp, struct sk_buff *skb, struct xdp_rxq_info *rxq, struct page_pool *pool,
			struct bpf_prog *program, unsigned int *verdict)
{
	struct xdp_buff *buff = &xdp->buff;

	/* The sender's network header lies behind a tag; who asks for the hash looks where the receiver's begins. */
	skb_set_network_header(skb, ETH_HLEN);
	if (!program_may_have(skb) && (!program_takes_copy(program, skb) || !copy_for_program(&skb, pool)))
		return false;
	xdp->skb = skb;
	/* A copy lies in pages of the pool, which go back there; what the program got as it was, in pages of its own. */
	rxq->mem = etun_compat_pool_memory(skb->pp_recycle ? pool : NULL);
	xdp_init_buff(buff, skb_end_offset(skb) + SKB_DATA_ALIGN(sizeof(struct skb_shared_info)), rxq);
	xdp_prepare_buff(buff, skb->head, skb_headroom(skb), skb_headlen(skb), true);
	if (skb_is_nonlinear(skb)) {
		skb_shinfo(skb)->xdp_frags_size = skb->data_len;
		xdp_buff_set_frags_flag(buff);
	}
	*verdict = bpf_prog_run_xdp(program, buff);
	return true;
}

void etun_k_xdp_from_frame(struct etun_xdp *xdp, struct xdp_frame *frame, struct xdp_rxq_info *rxq)
{
	xdp->skb = NULL;
	rxq->mem = etun_compat_frame_memory(frame);
	xdp_convert_frame_to_buff(frame, &xdp->buff);
	xdp->buff.rxq = rxq;
}

unsigned int etun_k_xdp_run(struct bpf_prog *program, struct etun_xdp *xdp)
{
	return bpf_prog_run_xdp(program, &xdp->buff);
}

/* What the program did to the frame, at its front, in its fragments, at its end, becomes true of the skb. */
void etun_k_xdp_to_skb(struct etun_xdp *xdp)
{
	struct xdp_buff *buff = &xdp->buff;
	struct sk_buff *skb = xdp->skb;
	const int meta = buff->data - buff->data_meta;

	skb->data = buff->data;
	skb_set_tail_pointer(skb, buff->data_end - buff->data);
	skb->data_len = xdp_buff_has_frags(buff) ? skb_shinfo(skb)->xdp_frags_size : 0;
	skb->len = buff->data_end - buff->data + skb->data_len;
	/* eth_type_trans() finds the header at data, marks what is not for this host, and counts on the rest being so. */
	skb->pkt_type = PACKET_HOST;
	skb->protocol = eth_type_trans(skb, skb->dev);
	if (meta > 0)
		skb_metadata_set(skb, meta);
}

/* From now on the memory, fragments included, belongs to the buffer alone, and the skb is gone. */
void etun_k_xdp_take_memory(struct etun_xdp *xdp)
{
	kfree_skb_partial(xdp->skb, true);
	xdp->skb = NULL;
}

bool etun_k_xdp_update_frame(struct etun_xdp *xdp, struct xdp_frame *frame)
{
	return xdp_update_frame_from_buff(&xdp->buff, frame) == 0;
}

struct xdp_frame *etun_k_xdp_to_frame(struct etun_xdp *xdp)
{
	return xdp_convert_buff_to_frame(&xdp->buff);
}

bool etun_k_xdp_redirect(struct net_device *dev, struct etun_xdp *xdp, struct bpf_prog *program)
{
	return xdp_do_redirect(dev, &xdp->buff, program) == 0;
}

void etun_k_xdp_return(struct etun_xdp *xdp)
{
	xdp_return_buff(&xdp->buff);
}

void etun_k_xdp_return_frame(struct xdp_frame *frame)
{
	xdp_return_frame(frame);
}

bool etun_k_xdp_frame_has_frags(struct xdp_frame *frame)
{
	return xdp_frame_has_frags(frame);
}

unsigned int etun_k_xdp_frame_length(const struct xdp_frame *frame)
{
	return xdp_get_frame_len((struct xdp_frame *)frame);
}

struct sk_buff *etun_k_xdp_build_skb(struct xdp_frame *frame, struct net_device *dev)
{
	return xdp_build_skb_from_frame(frame, dev);
}

void etun_k_xdp_exception(const struct net_device *dev, struct bpf_prog *program, unsigned int act)
{
	trace_xdp_exception(dev, program, act);
}

void etun_k_xdp_unknown(struct net_device *dev, struct bpf_prog *program, unsigned int act)
{
	bpf_warn_invalid_xdp_action(dev, program, act);
}

void etun_k_xdp_bulk_sent(const struct net_device *dev, int sent, int drops, int error)
{
	trace_xdp_bulk_tx(dev, sent, drops, error);
}

bool etun_k_xdp_takes_fragments(const struct bpf_prog *program)
{
	return program->aux->xdp_has_frags;
}
