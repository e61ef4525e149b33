// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A terminal that is drawn on as a whole, with the control sequences that all of today's know (ECMA-48, xterm's
/// alternate screen).
#ifndef ETUN_ETUNCTL_SCREEN_HPP
#define ETUN_ETUNCTL_SCREEN_HPP

#include <termios.h>

#include <chrono>
#include <string>
#include <string_view>

namespace etun {

/// \p text with its first \p rows lines of \p columns characters at most.
std::string cut_to_size(std::string_view text, unsigned rows, unsigned columns);

/// The terminal of standard input and output, from its construction on. Whatever ends its life, the terminal is as it
/// was then.
class Screen {
public:
	/// Throws a Complaint when there is none.
	Screen();
	Screen(const Screen &) = delete;
	Screen &operator=(const Screen &) = delete;
	~Screen();

	/// Shows \p text, as much of it as there is room for.
	void draw(std::string_view text) const;
	/// Waits so long, or until a key is pressed, which it returns; 0 when none was, and `q` when the terminal is
	/// gone.
	static char wait(std::chrono::milliseconds time);

private:
	termios before_{};
};

} // namespace etun

#endif
