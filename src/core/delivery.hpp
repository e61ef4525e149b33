// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How frames arrive at an end: which settings it has, and when they ask for NAPI.
#ifndef ETUN_CORE_DELIVERY_HPP
#define ETUN_CORE_DELIVERY_HPP

#include "uapi/etun.h"

namespace etun {

/// Delivery mode of an end.
enum class Mode : unsigned char {
	backlog = ETUN_MODE_BACKLOG, ///< into the sending processor's backlog, as veth does by default
	napi = ETUN_MODE_NAPI,	     ///< through a bounded ring that the end's own NAPI empties
	direct = ETUN_MODE_DIRECT, ///< into the receiving stack at once, where the sender's context allows it; else as
				   ///< backlog
	count_ = ETUN_MODE_COUNT   ///< how many modes there are; not a mode
};

/// True when \p number stands for a mode. Any context.
constexpr bool is_mode(unsigned number)
{
	return number < static_cast<unsigned>(Mode::count_);
}

/// Slots of a receive ring, in frames.
inline constexpr unsigned ring_slots_min = 2;
inline constexpr unsigned ring_slots_max = 32768;
inline constexpr unsigned ring_slots_default = 256;

/// True when a ring may have \p slots. Any context.
constexpr bool is_ring_size(unsigned slots)
{
	return slots >= ring_slots_min && slots <= ring_slots_max;
}

/// When a waiting frame wakes NAPI; nothing set: at once.
struct Coalescing {
	unsigned frames = 0;	   ///< so many waiting frames wake it; 0: the time alone does
	unsigned microseconds = 0; ///< so long after the first frame; 0: at once

	constexpr bool operator==(const Coalescing &) const = default;
};

/// Longest time in microseconds that a frame may be held back for company.
inline constexpr unsigned coalescing_microseconds_max = 10000;

/// True when \p wanted can't leave a frame waiting for ever. Any context.
constexpr bool is_coalescing(Coalescing wanted)
{
	return wanted.microseconds <= coalescing_microseconds_max && (wanted.microseconds != 0 || wanted.frames == 0);
}

/// True when so many frames as \p wanted waits for can lie in a ring of \p slots. Any context.
constexpr bool fits_ring(Coalescing wanted, unsigned slots)
{
	return wanted.frames <= slots;
}

/// True when \p waiting frames in a ring of \p slots wake NAPI now; else the timer will. A full ring does, as what
/// comes next would be lost, or would wait with the sender. Any context.
constexpr bool wakes_now(Coalescing setting, unsigned waiting, unsigned slots)
{
	return setting.microseconds == 0 || (setting.frames != 0 && waiting >= setting.frames) || waiting >= slots;
}

/// How many frames a poll of a ring may take before senders and other rings get their turn; NAPI's own number at most.
inline constexpr unsigned poll_weight_max = 64;

/// The number for the next poll, after one that took frames that count against a transmit queue's byte limit, or none.
/// Such a queue has a qdisc, which lets urgent frames pass others, but not what lies in the ring already; and as much
/// lies there as two polls take, for the limit grows until it never runs dry between them. Any context.
constexpr unsigned poll_weight(bool byte_limited)
{
	return byte_limited ? 8 : poll_weight_max;
}

/// All that decides how an end receives.
struct ReceiveSettings {
	bool up = false;		     ///< administratively up
	bool gro = false;		     ///< generic receive offload is on
	bool program = false;		     ///< an XDP program is attached
	bool wire = false;		     ///< frames are to arrive as on a wire
	Mode mode = Mode::backlog;	     ///< as asked for
	unsigned queues = 1;		     ///< receive queues in use
	unsigned slots = ring_slots_default; ///< of each queue's ring, in frames
	Coalescing coalescing;

	constexpr bool operator==(const ReceiveSettings &) const = default;
};

/// True when an end with these settings receives by NAPI. Any context.
constexpr bool wants_napi(const ReceiveSettings &settings)
{
	return settings.up && (settings.gro || settings.program || settings.mode == Mode::napi);
}

/// True when what arrives must be as on a wire: whole checksums, frames no longer than the MTU, VLAN tags inside. A
/// program wants that too, as what it sends on takes nothing along but the bytes. Any context.
constexpr bool arrives_as_on_wire(const ReceiveSettings &settings)
{
	return settings.wire || settings.program;
}

/// True when the rings of \p now serve \p next as well, so that nothing has to be built anew. Any context.
constexpr bool same_rings(const ReceiveSettings &now, const ReceiveSettings &next)
{
	return wants_napi(now) == wants_napi(next) && now.queues == next.queues && now.slots == next.slots;
}

/// True when every frame goes through NAPI; else only those that GRO can join, as GRO alone asked for it and costs
/// a frame that it can't join several hundred instructions. Any context.
constexpr bool all_by_napi(const ReceiveSettings &settings)
{
	return settings.program || settings.mode == Mode::napi;
}

/// True when frames may be delivered in the sender's context: nothing that the end wants needs NAPI. Any context.
constexpr bool delivers_directly(const ReceiveSettings &settings)
{
	return settings.mode == Mode::direct && !settings.gro && !settings.program;
}

/// What of a frame and its two ends decides whether GRO has anything to join.
struct GroOutlook {
	bool sender_cuts;	///< the sender's TCP segmentation offload is on: what comes is large already
	bool receiver_forwards; ///< the receiver joins for forwarding (GRO fraglist or UDP forwarding)
	bool from_local_socket; ///< the frame belongs to a socket of this machine that waits for it
};

/// True when GRO may have something to gain. Any context.
constexpr bool gro_promises(GroOutlook outlook)
{
	return !outlook.sender_cuts || (outlook.receiver_forwards && outlook.from_local_socket);
}

} // namespace etun

#endif
