// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The contexts in which code runs, as types: who needs one asks for it as a parameter, and so does not
/// compile without it.
#ifndef ETUN_KERNEL_CONTEXT_HPP
#define ETUN_KERNEL_CONTEXT_HPP

#include "kernel/annotations.hpp"
#include "kernel/exported.h"

namespace etun {

/// The RTNL mutex (linux/rtnetlink.h) as clang's analysis knows it.
struct ETUN_CAPABILITY("RTNL") RtnlMutex {};
inline constexpr RtnlMutex rtnl_mutex;

/// Proof that RTNL is held: an argument of whatever needs it. Not copyable, made only by the two below.
class Rtnl {
public:
	Rtnl(const Rtnl &) = delete;
	Rtnl &operator=(const Rtnl &) = delete;

protected:
	Rtnl() = default;
	~Rtnl() = default;
};

/// Takes RTNL for a scope. Task context; sleeps.
class [[nodiscard]] ETUN_SCOPED_CAPABILITY RtnlGuard : public Rtnl {
public:
	RtnlGuard() ETUN_ACQUIRE(rtnl_mutex) { rtnl_lock(); }
	~RtnlGuard() ETUN_RELEASE() { rtnl_unlock(); }
};

/// States at an entry from the kernel that the caller holds RTNL; the kernel warns when that is untrue.
class [[nodiscard]] RtnlHeld : public Rtnl {
public:
	RtnlHeld() ETUN_ASSERT_CAPABILITY(rtnl_mutex) { etun_k_assert_rtnl(); }
};

/// Proof that an RCU read-side section is open: what is read through an RcuPointer stays allocated.
class RcuReader {
public:
	RcuReader(const RcuReader &) = delete;
	RcuReader &operator=(const RcuReader &) = delete;

protected:
	RcuReader() = default;
	~RcuReader() = default;
};

/// Opens an RCU read-side section for a scope. Any context; must not sleep inside.
class [[nodiscard]] RcuGuard : public RcuReader {
public:
	RcuGuard() { etun_k_rcu_read_lock(); }
	~RcuGuard() { etun_k_rcu_read_unlock(); }
};

/// States at an entry from the kernel that bottom halves are off, as they are around ndo_start_xmit. Such
/// a section is an RCU read side by itself (Documentation/RCU/checklist.rst, item 7), so it costs nothing.
class [[nodiscard]] BottomHalvesOff : public RcuReader {};

/// Turns bottom halves off for a scope. Task context; must not sleep inside.
class [[nodiscard]] BottomHalvesGuard : public BottomHalvesOff {
public:
	BottomHalvesGuard() { etun_k_local_bh_disable(); }
	~BottomHalvesGuard() { etun_k_local_bh_enable(); }
};

/// A pointer that readers follow under RCU and writers change under RTNL.
template <typename T> class RcuPointer {
public:
	/// Reads it on an RCU read side; what it points to stays while \p section does.
	T *read(const RcuReader & /*section*/) const { return __atomic_load_n(&pointer_, __ATOMIC_CONSUME); }

	/// Reads it as a writer.
	T *held(const Rtnl & /*held*/) const { return __atomic_load_n(&pointer_, __ATOMIC_RELAXED); }

	/// Lets readers see \p target, complete. The old target may be freed one grace period later.
	void publish(const Rtnl & /*held*/, T *target) { __atomic_store_n(&pointer_, target, __ATOMIC_RELEASE); }

private:
	T *pointer_ = nullptr;
};

} // namespace etun

#endif
