// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Attributes for a netlink message (linux/netlink.h).
#ifndef ETUN_KERNEL_NETLINK_HPP
#define ETUN_KERNEL_NETLINK_HPP

#include "kernel/exported.h"

namespace etun {

/// Up to \p room attributes of at most 32 bits, put into a message at once. Each event about a link has them, and one
/// by one they cost four times as much.
template <unsigned room> class [[nodiscard]] AttributeBlock {
public:
	void u8(int type, unsigned char value)
	{
		Attribute &next = add(type, sizeof(value));
		next.value[0] = value;
	}

	void u32(int type, unsigned value)
	{
		Attribute &next = add(type, sizeof(value));
		__builtin_memcpy(next.value, &value, sizeof(value));
	}

	/// 0, or -EMSGSIZE when the message is full: then nothing was put. Any context.
	[[nodiscard]] int put(sk_buff *message) const
	{
		return nla_append(message, static_cast<int>(used_ * sizeof(Attribute)), attributes_);
	}

private:
	/// As it lies in a message: struct nlattr, then the value, filled up to 4 bytes with zeros.
	struct Attribute {
		unsigned short bytes;
		unsigned short type;
		unsigned char value[4];
	};
	static_assert(sizeof(Attribute) == 8);

	Attribute &add(int type, unsigned bytes)
	{
		Attribute &next = attributes_[used_++];
		next.bytes = static_cast<unsigned short>(4 + bytes);
		next.type = static_cast<unsigned short>(type);
		return next;
	}

	Attribute attributes_[room] = {};
	unsigned used_ = 0;
};

} // namespace etun

#endif
