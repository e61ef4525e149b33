// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Direct delivery: when a frame may enter the receiver's stack in the sender's own context, at once.
///
/// The argument is in docs/direct-delivery.md. In short: where transmission itself turned bottom halves off and nothing
/// else counts, turning them on again would run the receiving stack under just the same locks.
#ifndef ETUN_CORE_DIRECT_HPP
#define ETUN_CORE_DIRECT_HPP

namespace etun {

/// Bytes that must be left of a stack of \p stack bytes: three quarters, 12 kB of 16. Ordinary senders have used less
/// than a quarter; what the owner of a receiving namespace was seen to build fits into the rest
/// (tests/guest/direct-stack.sh measures both).
constexpr unsigned long direct_stack_min(unsigned long stack)
{
	return stack / 4 * 3;
}

/// Most frames that wait for their turn while one is delivered, on one processor. More go to the backlog.
inline constexpr unsigned direct_waiting_max = 256;

/// Frames that are delivered after the one that began it, before the rest goes to the backlog: what NAPI would take in
/// one poll.
inline constexpr unsigned direct_budget = 64;

/// What is known of the context of a transmission that no direct delivery surrounds.
struct OuterContext {
	unsigned preempt_count;	  ///< as the kernel counts: locks, bottom halves, softirq, interrupts
	unsigned transmission;	  ///< what transmission itself adds to it: bottom halves off, once
	bool interrupts_on;	  ///< hard interrupts are on
	bool backlog_pending;	  ///< frames may lie in this processor's backlog
	bool reclaiming;	  ///< the task may use memory that is kept for reclaiming memory (PF_MEMALLOC)
	unsigned long stack_left; ///< bytes; looked at only if the rest holds, as only a task's stack can be measured
	unsigned long stack_min;  ///< bytes that must be left
};

/// True when the frame may be delivered at once. Any context.
///
/// Anything but transmission's own share in the count is a lock that the receiving stack could want, or an interrupt
/// or softirq that it would have to wait for. Frames of the same flow may be among those in the backlog. Reserves are
/// not for the receiver.
constexpr bool may_deliver(const OuterContext &context)
{
	return context.preempt_count == context.transmission && context.interrupts_on && !context.backlog_pending &&
	       !context.reclaiming && context.stack_left >= context.stack_min;
}

/// What is known of the context of a transmission that happens while this processor delivers directly.
struct InnerContext {
	bool interrupts_on;   ///< hard interrupts are on
	bool backlog_pending; ///< frames may lie in this processor's backlog
	bool spilled;	      ///< an earlier frame of this delivery had to go to the backlog
	unsigned waiting;     ///< frames that wait already
};

/// True when the frame may wait for the outermost delivery to come to it; else it goes to the backlog, and so must
/// every later one, to stay behind it. Any context.
constexpr bool may_wait(const InnerContext &context)
{
	return context.interrupts_on && !context.backlog_pending && !context.spilled &&
	       context.waiting < direct_waiting_max;
}

} // namespace etun

#endif
