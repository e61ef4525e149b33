// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The plugin for IP addresses, which ours calls as it was called itself.
#ifndef ETUN_CNI_DELEGATE_HPP
#define ETUN_CNI_DELEGATE_HPP

#include "cni/call.hpp"
#include "cni/network.hpp"
#include "cni/result.hpp"

#include <string>

namespace etun::cni {

/// Hands a network's commands on to its IPAM plugin. Without one there is nothing to do, and no addresses.
class Delegate {
public:
	/// Both must outlive it.
	Delegate(const Network &network, const Call &call) : network_(network), call_(call) {}

	/// ADD: addresses, routes and name servers. When it fails, what the plugin may have taken is given back.
	AddResult add() const;
	/// Any other command, by its word: throws the plugin's own error, or one that it could not be called.
	void tell(const char *command) const;
	/// DEL after a failure, whatever comes of it.
	void release() const;

private:
	std::string output_of(const char *command) const;

	const Network &network_;
	const Call &call_;
};

} // namespace etun::cni

#endif
