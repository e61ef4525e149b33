// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Room for kernel objects that are members of ours: opaque to C++, as large as the C compiler says.
#ifndef ETUN_KERNEL_STORAGE_HPP
#define ETUN_KERNEL_STORAGE_HPP

#include "kernel/exported.h"
#include "kernel/koffsets.h"

#include <bit>
#include <new>

namespace etun {

/// The beginning of what is freed after a grace period (etun_k_kvfree_rcu()); the kernel's alone.
struct Retirement {
	void *room[2];
};
static_assert(sizeof(Retirement) == koffset::rcu_head_bytes);

/// Zeroed room for one \p Object of \p bytes. Aligned to a cache line, as some kernel objects want to be.
template <typename Object, unsigned long bytes> class Storage {
public:
	constexpr Storage() = default;
	Storage(const Storage &) = delete;
	Storage &operator=(const Storage &) = delete;

	Object *get()
	{
		// SAFETY: the room is that of the kernel's object, and the kernel's own functions set it up.
		return reinterpret_cast<Object *>(room_);
	}
	const Object *get() const
	{
		// SAFETY: as above.
		return reinterpret_cast<const Object *>(room_);
	}

private:
	alignas(64) unsigned char room_[bytes] = {};
};

/// Room for one \p Object of \p bytes on the stack, not zeroed: for one that the kernel sets up whole for each packet.
template <typename Object, unsigned long bytes> class Room {
public:
	Room() {} // NOLINT(modernize-use-equals-default): what holds a Room is not to zero it either
	Room(const Room &) = delete;
	Room &operator=(const Room &) = delete;

	// SAFETY: as with Storage.
	Object *get() { return reinterpret_cast<Object *>(room_); }
	const Object *get() const { return reinterpret_cast<const Object *>(room_); }

private:
	alignas(16) unsigned char room_[bytes];
};

/// How many bytes to ask the kernel for, so that \p bytes begin at a cache line: it aligns a power of two to itself
/// (Documentation/core-api/memory-allocation.rst), and whole pages to a page.
constexpr unsigned long aligned_bytes(unsigned long bytes)
{
	return bytes <= 8192 ? std::bit_ceil(bytes) : bytes;
}

/// Memory of the kernel for a \p T and what follows it, zeroed, at a cache line; given back at the end of its scope
/// unless it is handed on. Task context; sleeps.
template <typename T> class [[nodiscard]] KernelMemory {
public:
	explicit KernelMemory(unsigned long bytes = sizeof(T)) : memory_(etun_k_kvzalloc(aligned_bytes(bytes))) {}
	KernelMemory(const KernelMemory &) = delete;
	KernelMemory &operator=(const KernelMemory &) = delete;
	~KernelMemory() { kvfree(memory_); }

	/// False when memory is short.
	explicit operator bool() const { return memory_; }
	void *get() const { return memory_; }

	/// Gives up ownership; kvfree() is the new owner's duty.
	[[nodiscard]] void *release()
	{
		void *memory = memory_;
		memory_ = nullptr;
		return memory;
	}

private:
	void *memory_;
};

} // namespace etun

#endif
