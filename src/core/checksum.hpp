// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The checksum agreement of a pair.
///
/// A checksum is skipped only when the sender asks for that (tx-checksumming) and the receiver agrees
/// (rx-checksumming). Nothing is ever declared verified by crossing: a frame whose sum is still to be
/// filled in stays marked so (CHECKSUM_PARTIAL), and who forwards it to a real wire fills it in; a
/// frame that came in from elsewhere unverified stays unverified.
#ifndef ETUN_CORE_CHECKSUM_HPP
#define ETUN_CORE_CHECKSUM_HPP

namespace etun {

/// True when the sender may leave checksums unfinished: both sides agree. Any context.
constexpr bool may_skip_checksum(bool sender_offloads, bool receiver_trusts)
{
	return sender_offloads && receiver_trusts;
}

/// State of a frame's checksum in the kernel's terms (skbuff.h, "Checksumming of received packets").
enum class Checksum : unsigned char {
	none,	     ///< nothing known: the receiver verifies
	unnecessary, ///< verified by somebody before
	complete,    ///< the sum over the frame is known
	partial,     ///< not filled in yet, and not corruptible on the way: memory
};

/// The state in which a frame arrives. Any context.
///
/// A receiver that does not trust (rx-checksumming off) verifies by itself what others say they
/// verified. A partial sum can't be verified and must not be lost: it stays.
constexpr Checksum arriving(Checksum sent, bool receiver_trusts)
{
	if (receiver_trusts || sent == Checksum::partial)
		return sent;
	return Checksum::none;
}

} // namespace etun

#endif
