// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/screen.hpp"

#include "libetun/complaint.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace etun {
namespace {

/// Writes all of it, as far as there is somebody who reads.
void put(std::string_view text)
{
	while (!text.empty()) {
		const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
		if (written < 0 && errno != EINTR)
			return;
		text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
	}
}

constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l"; // the alternate screen, without a cursor
constexpr std::string_view leave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view home = "\x1b[H";
constexpr std::string_view end_of_line = "\x1b[K\n"; // what is left of it is blank
constexpr std::string_view end_of_screen = "\x1b[J";

} // namespace

std::string cut_to_size(std::string_view text, unsigned rows, unsigned columns)
{
	std::string cut;
	for (unsigned row = 0; row < rows && !text.empty(); row++) {
		const std::string_view line = text.substr(0, text.find('\n'));
		cut += line.substr(0, columns);
		cut += '\n';
		text.remove_prefix(std::min(text.size(), line.size() + 1));
	}
	return cut;
}

Screen::Screen()
{
	const char *kind = std::getenv("TERM");
	if (!kind || std::string_view(kind) == "dumb" || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &before_) != 0)
		throw Complaint{ExitStatus::usage, "there is no terminal to draw on", "--once or --count N print text"};
	termios now = before_;
	now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
	now.c_cc[VMIN] = 0;
	now.c_cc[VTIME] = 0;
	// Stopped, it would leave the terminal as it is now.
	now.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSANOW, &now);
	put(enter);
}

Screen::~Screen()
{
	put(leave);
	tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void Screen::draw(std::string_view text) const
{
	winsize size{};
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
	std::string all(home);
	// The line break behind the last row would roll the screen.
	for (const char c : cut_to_size(text, size.ws_row - 1U, size.ws_col)) {
		if (c == '\n')
			all += end_of_line;
		else
			all += c;
	}
	put(all.append(end_of_screen));
}

char Screen::wait(std::chrono::milliseconds time)
{
	pollfd terminal{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
	if (poll(&terminal, 1, static_cast<int>(time.count())) <= 0)
		return 0;
	char key;
	return read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
}

} // namespace etun
