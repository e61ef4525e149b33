// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Why something could not be done: an errno, and the sentence that the kernel gave with it.
#ifndef ETUN_LIBETUN_ERROR_HPP
#define ETUN_LIBETUN_ERROR_HPP

#include "core/result.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace etun {

/// An errno with its reason. Trivial to copy, so that telling of a failure can't fail.
class Error {
public:
	/// \p reason is cut to what fits, which is more than the kernel's messages have (NETLINK_MAX_FMTMSG_LEN).
	explicit Error(int number, std::string_view reason = {}) : number_(number)
	{
		std::copy_n(reason.data(), std::min(reason.size(), reason_.size() - 1), reason_.data());
	}

	/// Positive, see errno(3).
	int number() const { return number_; }
	/// The kernel's sentence, or one of ours; empty when there is none.
	std::string_view reason() const { return reason_.data(); }

private:
	int number_;
	std::array<char, 160> reason_{};
};

/// What a step of libetun returns.
template <typename T> using Outcome = Result<T, Error>;

/// The failure of the system call that came last.
inline Failure<Error> system_failure(std::string_view what)
{
	return fail(Error(errno, what));
}

} // namespace etun

#endif
