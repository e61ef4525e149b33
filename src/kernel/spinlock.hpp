// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Spin locks, taken with bottom halves off.
#ifndef ETUN_KERNEL_SPINLOCK_HPP
#define ETUN_KERNEL_SPINLOCK_HPP

#include "kernel/annotations.hpp"
#include "kernel/context.hpp"
#include "kernel/storage.hpp"

namespace etun {

/// A spin lock (linux/spinlock.h). init() comes before everything else.
class ETUN_CAPABILITY("spinlock") SpinLock {
public:
	void init() { etun_k_spin_lock_init(room_.get()); }

private:
	friend class SpinGuard;
	Storage<spinlock, koffset::spinlock_bytes> room_;
};

/// Holds a lock for a scope. Bottom halves off.
class [[nodiscard]] ETUN_SCOPED_CAPABILITY SpinGuard {
public:
	SpinGuard(const BottomHalvesOff & /*section*/, SpinLock &lock) ETUN_ACQUIRE(lock) : lock_(lock)
	{
		etun_k_spin_lock(lock_.room_.get());
	}
	SpinGuard(const SpinGuard &) = delete;
	SpinGuard &operator=(const SpinGuard &) = delete;
	~SpinGuard() ETUN_RELEASE() { etun_k_spin_unlock(lock_.room_.get()); }

private:
	SpinLock &lock_;
};

} // namespace etun

#endif
