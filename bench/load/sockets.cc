// SPDX-License-Identifier: GPL-2.0-only
#include "sockets.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace bench {

namespace {

sockaddr_in place(Address address, std::uint16_t port)
{
	sockaddr_in there{};
	there.sin_family = AF_INET;
	there.sin_port = htons(port);
	there.sin_addr.s_addr = htonl(address);
	return there;
}

Descriptor bound_socket(const Namespace &where, int type, Address address, std::uint16_t port)
{
	const Inside inside(where);
	Descriptor fd(socket(AF_INET, type | SOCK_CLOEXEC, 0));
	const int on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	const sockaddr_in here = place(address, port);
	if (bind(fd, reinterpret_cast<const sockaddr *>(&here), sizeof(here)))
		fail("bind");
	return fd;
}

} // namespace

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept
{
	std::swap(fd_, other.fd_);
	return *this;
}

Descriptor::~Descriptor()
{
	if (fd_ >= 0)
		close(fd_);
}

Descriptor udp_socket(const Namespace &where, Address address, std::uint16_t port)
{
	return bound_socket(where, SOCK_DGRAM, address, port);
}

void connect_to(int fd, Address address, std::uint16_t port)
{
	const sockaddr_in there = place(address, port);
	if (connect(fd, reinterpret_cast<const sockaddr *>(&there), sizeof(there)))
		fail("connect");
}

Connection tcp_connection(const End &client, const End &server, std::uint16_t port)
{
	const Descriptor listener = bound_socket(*server.where, SOCK_STREAM, server.address, port);
	if (listen(listener, 1))
		fail("listen");
	Connection made;
	made.client = bound_socket(*client.where, SOCK_STREAM, client.address, 0);
	connect_to(made.client, server.address, port);
	made.server = Descriptor(accept(listener, nullptr, nullptr));
	if (made.server < 0)
		fail("accept");
	const int on = 1;
	for (const int fd : {static_cast<int>(made.client), static_cast<int>(made.server)})
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return made;
}

bool send_all(int fd, const char *data, std::size_t size)
{
	while (size > 0) {
		const ssize_t put = send(fd, data, size, MSG_NOSIGNAL);
		if (put <= 0)
			return false;
		data += put;
		size -= static_cast<std::size_t>(put);
	}
	return true;
}

bool receive_all(int fd, char *data, std::size_t size)
{
	while (size > 0) {
		const ssize_t got = recv(fd, data, size, 0);
		if (got <= 0)
			return false;
		data += got;
		size -= static_cast<std::size_t>(got);
	}
	return true;
}

Process::Process(const std::function<void()> &work) : pid_(fork())
{
	if (pid_ < 0)
		fail("fork");
	if (pid_ == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work();
		_exit(0);
	}
}

Process::~Process()
{
	kill(pid_, SIGKILL);
	waitpid(pid_, nullptr, 0);
}

} // namespace bench
