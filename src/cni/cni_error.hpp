// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Why a command of the CNI could not be carried out, as its runtime is told.
#ifndef ETUN_CNI_CNI_ERROR_HPP
#define ETUN_CNI_CNI_ERROR_HPP

#include "libetun/complaint.hpp"
#include "libetun/error.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace etun::cni {

/// Codes of errors: below 100 those of the CNI specification, the others our own (docs/cni.md).
enum class ErrorCode : unsigned {
	incompatible_version = 1,
	unsupported_field = 2,
	unknown_container = 3,
	invalid_environment = 4,
	input_output = 5,
	undecodable = 6,
	invalid_configuration = 7,
	not_available = 50,
	refused = 100,	       ///< the kernel refused, or could not do it
	not_as_made = 101,     ///< CHECK found an attachment that is not as ADD made it
	delegate_failed = 102, ///< an IPAM plugin failed without saying why, or is not there
};

/// Thrown by commands, told by main().
struct CniError {
	ErrorCode code;
	std::string message;
	std::string details = {};
};

/// \p complaint with \p code: what was wrong is the message, the remedy the details.
CniError error_from(ErrorCode code, const Complaint &complaint);
/// Says that \p where failed for \p error.
CniError refusal(std::string_view where, const Error &error);
/// The error as a runtime reads it.
nlohmann::json to_json(const CniError &error, const std::string &version);

/// The value, or an error that names \p where.
template <typename T> T or_refusal(Outcome<T> outcome, std::string_view where)
{
	if (!outcome)
		throw refusal(where, outcome.error());
	return std::move(*outcome);
}

} // namespace etun::cni

#endif
