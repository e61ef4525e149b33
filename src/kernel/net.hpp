// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// struct net: network namespaces, and who holds a reference to one.
#ifndef ETUN_KERNEL_NET_HPP
#define ETUN_KERNEL_NET_HPP

#include "kernel/field.hpp"
#include "kernel/koffsets.h"

#include <utility>

namespace etun {

/// True when \p inner belongs to the user namespace of \p outer, or to one that lies in it. Any context; who owns a
/// namespace does not change. (in_userns() of the kernel is not exported.)
inline bool lies_within(const net *inner, const net *outer)
{
	// A namespace of users is known by its address alone.
	const void *wanted = ETUN_FIELD(const void *, net, user_ns)::get(outer);
	const void *owner = ETUN_FIELD(const void *, net, user_ns)::get(inner);
	while (owner && owner != wanted)
		owner = ETUN_FIELD(const void *, user_namespace, parent)::get(owner);
	return owner;
}

/// A counted reference to a network namespace, given back at the end of its scope. Task context.
class [[nodiscard]] NetReference {
public:
	/// Takes over a reference that the kernel counted for the caller.
	explicit NetReference(net *counted) : net_(counted) {}
	NetReference(NetReference &&other) noexcept : net_(std::exchange(other.net_, nullptr)) {}
	NetReference &operator=(NetReference &&) = delete;
	~NetReference()
	{
		if (net_)
			etun_k_put_net(net_);
	}

	net *get() const { return net_; }

private:
	net *net_;
};

} // namespace etun

#endif
