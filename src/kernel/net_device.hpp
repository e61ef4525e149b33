// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// struct net_device as the driver sees it: its fields, and who owns one that is not registered yet.
#ifndef ETUN_KERNEL_NET_DEVICE_HPP
#define ETUN_KERNEL_NET_DEVICE_HPP

#include "kernel/context.hpp"
#include "kernel/exported.h"
#include "kernel/field.hpp"

#include <utility>

namespace etun {

/// MTU in bytes. Any context.
inline unsigned mtu(const net_device *dev)
{
	return ETUN_FIELD(unsigned, net_device, mtu)::get(dev);
}

/// Gives \p dev, which is not registered yet, an MTU in bytes; of a registered one it is dev_set_mtu() that changes it.
inline void set_initial_mtu(const Rtnl & /*held*/, net_device *dev, unsigned bytes)
{
	ETUN_FIELD(unsigned, net_device, mtu)::set(dev, bytes);
}

/// Offload features that are on. Any context.
inline netdev_features_t features(const net_device *dev)
{
	return ETUN_FIELD(netdev_features_t, net_device, features)::get(dev);
}

/// Changes features where the core does not: in ndo_set_features, which fails in part.
inline void set_features(const Rtnl & /*held*/, net_device *dev, netdev_features_t features)
{
	ETUN_FIELD(netdev_features_t, net_device, features)::set(dev, features);
}

/// Interface index in the device's own network namespace; before registration the one that was asked for, or 0. Any
/// context.
inline int ifindex(const net_device *dev)
{
	return ETUN_FIELD(int, net_device, ifindex)::get(dev);
}

/// Asks for an index for \p dev, which is not registered yet; 0: the next that is free.
inline void set_initial_ifindex(const Rtnl & /*held*/, net_device *dev, int index)
{
	ETUN_FIELD(int, net_device, ifindex)::set(dev, index);
}

/// Largest MTU in bytes that the device takes. Under RTNL.
inline unsigned max_mtu(const net_device *dev)
{
	return ETUN_FIELD(unsigned, net_device, max_mtu)::get(dev);
}
inline void set_max_mtu(const Rtnl & /*held*/, net_device *dev, unsigned bytes)
{
	ETUN_FIELD(unsigned, net_device, max_mtu)::set(dev, bytes);
}

/// Bytes that senders leave free in front of a frame for \p dev beyond the Ethernet header. Any context.
inline void set_needed_headroom(net_device *dev, unsigned short bytes)
{
	ETUN_FIELD(unsigned short, net_device, needed_headroom)::write_once(dev, bytes);
}

/// Queues that there is room for. Any context; they never change.
inline unsigned tx_queue_room(const net_device *dev)
{
	return ETUN_FIELD(unsigned, net_device, num_tx_queues)::get(dev);
}
inline unsigned rx_queue_room(const net_device *dev)
{
	return ETUN_FIELD(unsigned, net_device, num_rx_queues)::get(dev);
}

/// Queues in use. Any context; they change under RTNL.
inline unsigned tx_queues(const net_device *dev)
{
	return ETUN_FIELD(unsigned, net_device, real_num_tx_queues)::get(dev);
}
inline unsigned rx_queues(const net_device *dev)
{
	return ETUN_FIELD(unsigned, net_device, real_num_rx_queues)::get(dev);
}

/// Interface name, zero-terminated. It can change while RTNL is not held.
inline const char *name(const Rtnl & /*held*/, const net_device *dev)
{
	// SAFETY: the offset is that of an array of IFNAMSIZ characters, always terminated.
	return reinterpret_cast<const char *>(dev) + koffset::net_device_name;
}

/// True for what the kernel returns in place of a pointer on failure (linux/err.h). Any context.
inline bool is_error(const void *pointer)
{
	// SAFETY: only the number is looked at; the kernel puts an errno where no object can be.
	return reinterpret_cast<unsigned long>(pointer) >= -4095UL;
}

/// The positive errno in such a pointer. Any context.
inline int error_of(const void *pointer)
{
	// SAFETY: only the number is looked at, and the caller knows that it is an errno (is_error()).
	return static_cast<int>(-reinterpret_cast<long>(pointer));
}

/// Owns a net_device that is not registered; frees it unless it is handed on.
class [[nodiscard]] UnregisteredDevice {
public:
	explicit UnregisteredDevice(net_device *dev) : dev_(dev) {}
	UnregisteredDevice(UnregisteredDevice &&other) noexcept : dev_(std::exchange(other.dev_, nullptr)) {}
	UnregisteredDevice &operator=(UnregisteredDevice &&) = delete;
	~UnregisteredDevice()
	{
		if (dev_)
			free_netdev(dev_);
	}

	net_device *get() const { return dev_; }

	/// Gives up ownership: the device is registered now, or another owns it.
	[[nodiscard]] net_device *release() { return std::exchange(dev_, nullptr); }

private:
	net_device *dev_;
};

/// Devices that are to be unregistered together, which costs one wait for all readers instead of one each.
/// The wait is in the destructor.
class [[nodiscard]] UnregisterBatch {
public:
	explicit UnregisterBatch(const Rtnl & /*held*/) : head_{&head_, &head_} {}
	UnregisterBatch(const UnregisterBatch &) = delete;
	UnregisterBatch &operator=(const UnregisterBatch &) = delete;
	~UnregisterBatch() { unregister_netdevice_many(&head_); }

	list_head *list() { return &head_; }

private:
	static_assert(sizeof(list_head) == koffset::list_head_bytes);
	list_head head_;
};

} // namespace etun

#endif
