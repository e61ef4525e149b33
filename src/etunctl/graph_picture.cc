// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/graph.hpp"
#include "libetun/complaint.hpp"

#include <fmt/core.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <memory>

namespace etun {
namespace {

/// What a shell ends with when there is no such program (POSIX, 2.8.2).
constexpr int no_such_program = 127;

} // namespace

void print_svg(const std::string &dot)
{
	// A program that ends before it has read all is told by its status.
	std::signal(SIGPIPE, SIG_IGN);
	std::fflush(stdout);
	// What it prints goes where our own output goes.
	FILE *program = popen("dot -Tsvg 2>/dev/null", "w");
	if (!program)
		throw complaint_about("graph", Error(errno, "`dot` can't be run"));
	std::fwrite(dot.data(), 1, dot.size(), program);
	const int status = pclose(program);
	if (WIFEXITED(status) && WEXITSTATUS(status) == no_such_program)
		throw Complaint{ExitStatus::refused,
				"graph: SVG is made by graphviz, whose program `dot` is not installed",
				"apt install graphviz, or --format dot, which other programs read too"};
	if (status != 0)
		throw Complaint{ExitStatus::refused, "graph: graphviz's program `dot` failed",
				"etunctl graph --format dot | dot -Tsvg shows why"};
}

} // namespace etun
