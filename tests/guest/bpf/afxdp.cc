// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// An AF_XDP socket in copy mode (Documentation/networking/af_xdp.rst), for frames of a known content.
///
///   afxdp reflect|exchange|receive|send DEVICE QUEUE MAP COUNT [CHUNK]
///
/// reflect   sends COUNT frames back as they come
/// exchange  sends COUNT frames, and wants them back in order
/// receive   wants the COUNT frames of `send` or `exchange` in order
/// send      sends them
///
/// The socket is put into entry QUEUE of the pinned map MAP; `-` for none. Says `ready`, and in the end what it did.
/// CHUNK is the size of a buffer, 4096 unless told.
#include "xdp_socket.hpp"

#include <bpf/bpf.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;

struct Task {
	bool sends = false;
	bool receives = false;
	bool reflects = false;
	unsigned count = 0;
};

/// Length of the frame with that number, Ethernet header included.
unsigned length_of(unsigned number)
{
	return 60 + number * 97 % 1455;
}

/// The frame with that number: addresses, the type for local experiments, numbers.
void fill(unsigned char *frame, unsigned number)
{
	constexpr unsigned char header[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5};

	for (unsigned i = 0; i < length_of(number); i++)
		frame[i] = i < sizeof(header) ? header[i] : static_cast<unsigned char>(number * 7 + i);
}

bool is_right(const unsigned char *frame, unsigned length, unsigned number)
{
	unsigned char wanted[1600];

	fill(wanted, number);
	return length == length_of(number) && std::memcmp(frame, wanted, length) == 0;
}

bool into_map(const Socket &socket, const char *map, unsigned queue)
{
	if (std::string_view(map) == "-")
		return true;
	const int descriptor = bpf_obj_get(map);
	const int value = socket.descriptor();
	return descriptor >= 0 && bpf_map_update_elem(descriptor, &queue, &value, BPF_ANY) == 0;
}

/// Carries the task out; false when a frame was not the one that was expected.
bool work(Socket &socket, const Task &task, unsigned &sent, unsigned &received)
{
	const auto end = std::chrono::steady_clock::now() + patience;
	const unsigned to_send = task.sends || task.reflects ? task.count : 0;
	const unsigned to_receive = task.receives || task.reflects ? task.count : 0;

	while ((socket.completed() < to_send || received < to_receive) && std::chrono::steady_clock::now() < end) {
		// Not more at once than the other side has buffers for.
		while (task.sends && sent < to_send && sent < received + 64 + (to_receive ? 0 : to_send)) {
			unsigned char *frame = socket.buffer();
			if (!frame)
				break;
			fill(frame, sent);
			socket.send(frame, length_of(sent++));
		}
		while (unsigned char *frame = socket.receive()) {
			const unsigned length = socket.received_length();
			if (task.receives && !is_right(frame, length, received)) {
				std::printf("frame %u of %u bytes is not the one that was sent\n", received, length);
				return false;
			}
			received++;
			if (task.reflects) {
				socket.send(frame, length);
				sent++;
			} else {
				socket.give_back(frame);
			}
		}
		if (!socket.kick())
			return false;
		socket.reap();
		socket.wait(sent > socket.completed() || (task.sends && sent < to_send) ? 1 : 100);
	}
	return true;
}

} // namespace

int main(int count, char **words)
{
	if (count < 6 || count > 7) {
		std::printf("usage: afxdp reflect|exchange|receive|send DEVICE QUEUE MAP COUNT [CHUNK]\n");
		return 2;
	}
	const std::string_view name = words[1];
	const unsigned queue = static_cast<unsigned>(std::atoi(words[3]));
	const Task task{.sends = name == "send" || name == "exchange",
			.receives = name == "receive" || name == "exchange",
			.reflects = name == "reflect",
			.count = static_cast<unsigned>(std::atoi(words[5]))};
	Socket socket(words[2], queue, count > 6 ? static_cast<unsigned>(std::atoi(words[6])) : 4096);
	if (!socket.is_good() || !into_map(socket, words[4], queue)) {
		std::perror(socket.is_good() ? words[4] : socket.trouble());
		return 1;
	}
	std::printf("ready\n");
	std::fflush(stdout);

	unsigned sent = 0;
	unsigned received = 0;
	const bool right = work(socket, task, sent, received);
	std::printf("received %u sent %u lost %llu\n", received, socket.completed(), socket.lost());
	return right ? 0 : 1;
}
