// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What the tests of etunctl ask of a refusal.
#ifndef ETUN_TESTS_UNIT_COMPLAINT_OF_HPP
#define ETUN_TESTS_UNIT_COMPLAINT_OF_HPP

#include "libetun/complaint.hpp"

namespace etun {

/// The complaint that \p act throws; of status success when it throws none.
template <typename Act> Complaint complaint_of(const Act &act)
{
	try {
		act();
	} catch (const Complaint &complaint) {
		return complaint;
	}
	return {ExitStatus::success, "no complaint"};
}

} // namespace etun

#endif
