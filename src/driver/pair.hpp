// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How a pair comes to be and how it ends. Both the control files and rtnetlink go through here.
#ifndef ETUN_DRIVER_PAIR_HPP
#define ETUN_DRIVER_PAIR_HPP

#include "core/name.hpp"
#include "core/refusal.hpp"
#include "core/result.hpp"
#include "kernel/context.hpp"
#include "kernel/net_device.hpp"

namespace etun {

/// How an end is to be made; what is not given has its default.
struct EndRequest {
	struct net *net;		   ///< network namespace that it appears in; not owned
	Name name;			   ///< may hold one `%d`, which the kernel replaces
	bool name_given = true;		   ///< by the user, not generated
	nlattr **attributes = nullptr;	   ///< IFLA_ attributes, indexed; or none
	netlink_ext_ack *extack = nullptr; ///< where the kernel puts its reason; or none
	bool described = true; ///< the attributes are of this end, else of its peer, whose address is its own
	int index = 0;	       ///< the interface index that it is to have; 0: the next that is free
};

/// Gives \p dev, which nobody can see yet, a random locally administered address, unless \p attributes, which may be
/// none, hold one: rtnetlink has set that. Task context.
void address_unless_given(net_device *dev, nlattr **attributes);

/// Makes an end that nobody can see yet. Under RTNL; allocates.
///
/// Errors: Rule::no_memory, Rule::kernel_refused (an attribute that the kernel does not take).
Result<UnregisteredDevice, Refusal> make_end(const Rtnl &held, const EndRequest &request);

/// Joins \p first and \p second and registers both, in this order, so that the first has the lower
/// index; announces neither. On failure both are as before. Under RTNL; sleeps.
///
/// Errors: Rule::name_taken, Rule::no_memory, Rule::kernel_refused.
Result<Done, Refusal> register_pair(const Rtnl &held, UnregisteredDevice &first, UnregisteredDevice &second)
	ETUN_REQUIRES(rtnl_mutex);

/// Parts the pair of \p dev and puts its ends into \p batch to be unregistered. A pair whose other end was put
/// there before is left alone. Under RTNL.
void retire_pair(const Rtnl &held, net_device *dev, list_head *batch);

/// Pairs that are made together: announced together by publish(), or unregistered unheard by the destructor.
class [[nodiscard]] PairBatch {
public:
	explicit PairBatch(const Rtnl &held) : rtnl_(held) {}
	PairBatch(const PairBatch &) = delete;
	PairBatch &operator=(const PairBatch &) = delete;
	~PairBatch();

	/// Makes one more pair. Errors: those of make_end() and register_pair().
	Result<Done, Refusal> add(const EndRequest &first, const EndRequest &second) ETUN_REQUIRES(rtnl_mutex);

	/// Announces all pairs, in the order in which they were made. Errors: Rule::kernel_refused; then none is left.
	Result<Done, Refusal> publish();

private:
	const Rtnl &rtnl_;
	net_device *head_ = nullptr;
	net_device *tail_ = nullptr;
};

} // namespace etun

#endif
