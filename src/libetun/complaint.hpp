// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Why a command ends without having done its work: what a person is told, and the exit status.
#ifndef ETUN_LIBETUN_COMPLAINT_HPP
#define ETUN_LIBETUN_COMPLAINT_HPP

#include "libetun/error.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace etun {

/// Exit statuses of etunctl; etunctl(8) documents them.
enum class ExitStatus {
	success = 0,
	refused = 1,	   ///< the kernel refused, or could not do it
	usage = 2,	   ///< the command line makes no sense
	not_found = 3,	   ///< there is no such end, pair or namespace
	not_permitted = 4, ///< a privilege is missing
	no_module = 5,	   ///< this kernel has no etun
	problem = 6,	   ///< doctor found something that has to be put right
	bad_file = 7,	   ///< a topology's file makes no sense, or contradicts what is there
};

/// Thrown by commands, told by main(): one sentence about what was wrong and where, one about what to do.
struct Complaint {
	ExitStatus status;
	std::string what;
	std::string remedy = {};
};

/// Says that \p where (a command with its object) failed for \p error.
Complaint complaint_about(std::string_view where, const Error &error);
/// Says how to get the module.
Complaint complaint_about_module();

/// The value, or a complaint that names \p where.
template <typename T> T or_complain(Outcome<T> outcome, std::string_view where)
{
	if (!outcome)
		throw complaint_about(where, outcome.error());
	return std::move(*outcome);
}

} // namespace etun

#endif
