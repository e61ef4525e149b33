// SPDX-License-Identifier: GPL-2.0-only
//
// listen SOCKET COMMAND...: starts COMMAND with a listening socket as descriptor
// 3, and has it end with its parent.
//
// virtiofsd can make its socket itself, but then it also makes a lock file under
// /run, which only root may do and which the host should not see.

#include <cstdio>
#include <cstring>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

constexpr int descriptor_for_command = 3;

int fail(const char *what)
{
	perror(what);
	return 1;
}

} // namespace

int main(int count, char **arguments)
{
	if (count < 3) {
		fputs("usage: listen SOCKET COMMAND...\n", stderr);
		return 1;
	}
	sockaddr_un address{};
	address.sun_family = AF_UNIX;
	if (strlen(arguments[1]) >= sizeof address.sun_path) {
		fputs("listen: the socket's path is too long\n", stderr);
		return 1;
	}
	strcpy(address.sun_path, arguments[1]);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	const int socket_made = socket(AF_UNIX, SOCK_STREAM, 0);
	if (socket_made < 0 || bind(socket_made, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 ||
	    listen(socket_made, 1) != 0)
		return fail("listen: cannot make the socket");
	if (socket_made != descriptor_for_command) {
		dup2(socket_made, descriptor_for_command);
		close(socket_made);
	}
	execvp(arguments[2], arguments + 2);
	return fail("listen: cannot start the command");
}
