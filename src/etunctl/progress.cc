// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>

namespace etun {
namespace {

constexpr unsigned width = 40;

} // namespace

std::string progress_bar(unsigned done, unsigned total)
{
	const unsigned filled = total ? done * width / total : width;
	return fmt::format("[{}{}] {}/{}", std::string(filled, '#'), std::string(width - filled, '.'), done, total);
}

Progress::Progress(unsigned total) : total_(total), shown_(total > 1 && isatty(STDERR_FILENO)) {}

Progress::~Progress()
{
	if (shown_)
		fmt::print(stderr, "\r\x1b[K");
}

void Progress::step()
{
	done_++;
	// Drawing costs more than making a pair.
	const bool moved = done_ * width / total_ != (done_ - 1) * width / total_ || done_ == total_;
	if (shown_ && moved)
		fmt::print(stderr, "\r{}", progress_bar(done_, total_));
}

} // namespace etun
