// SPDX-License-Identifier: GPL-2.0-only
// Traffic between two ends, whatever lies between them.
#pragma once

#include "sockets.hpp"

namespace bench {

enum class Protocol { Udp, Tcp };
enum class Processes { One, Two };

/// Nanoseconds for a message of 64 bytes and its answer.
double round_trip(const End &a, const End &b, Protocol protocol, Processes processes);

/// One process talks to itself over the two ends, and never stops.
void talk_forever(const End &a, const End &b);

/// Nanoseconds for a datagram of 64 bytes in the sender's context, delivery included where it happens there. With `b`
/// nowhere it is sent to nobody.
double send_and_deliver(const End &a, const End &b, bool connected);

} // namespace bench
