// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A bar that fills, for who watches.
#ifndef ETUN_ETUNCTL_PROGRESS_HPP
#define ETUN_ETUNCTL_PROGRESS_HPP

#include <string>

namespace etun {

/// The bar for \p done of \p total.
std::string progress_bar(unsigned done, unsigned total);

/// Draws on the terminal behind standard error; where that is none, or there is one step alone, nothing.
class Progress {
public:
	explicit Progress(unsigned total);
	Progress(const Progress &) = delete;
	Progress &operator=(const Progress &) = delete;
	/// Takes the bar away, so that what is said next stands by itself.
	~Progress();

	void step();

private:
	unsigned total_;
	unsigned done_ = 0;
	bool shown_;
};

} // namespace etun

#endif
