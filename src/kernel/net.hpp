// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// struct net: network namespaces, and who holds a reference to one.
#ifndef ETUN_KERNEL_NET_HPP
#define ETUN_KERNEL_NET_HPP

#include "kernel/boundary.h"

#include <utility>

namespace etun {

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
