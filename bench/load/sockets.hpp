// SPDX-License-Identifier: GPL-2.0-only
// Sockets of a namespace, and a second process to talk to.
#pragma once

#include "device.hpp"

#include <cstdint>
#include <functional>
#include <sys/types.h>

namespace bench {

/// A descriptor that is closed with this.
class Descriptor {
public:
	explicit Descriptor(int fd = -1) : fd_(fd) {}
	Descriptor(Descriptor &&other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
	Descriptor &operator=(Descriptor &&other) noexcept;
	~Descriptor();
	operator int() const { return fd_; }

private:
	int fd_;
};

/// UDP, bound to that address and port.
Descriptor udp_socket(const Namespace &where, Address address, std::uint16_t port);
void connect_to(int fd, Address address, std::uint16_t port);
/// A TCP connection in both ends of it, with TCP_NODELAY.
struct Connection {
	Descriptor client, server;
};
Connection tcp_connection(const End &client, const End &server, std::uint16_t port);

/// Sends or receives so many bytes, however many calls it takes. False when the other side has gone.
bool send_all(int fd, const char *data, std::size_t size);
bool receive_all(int fd, char *data, std::size_t size);

/// A second process that runs `work` until this goes. It does not outlive the program.
class Process {
public:
	explicit Process(const std::function<void()> &work);
	Process(const Process &) = delete;
	Process &operator=(const Process &) = delete;
	~Process();

private:
	pid_t pid_;
};

} // namespace bench
