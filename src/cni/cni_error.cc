// SPDX-License-Identifier: GPL-2.0-only
#include "cni/cni_error.hpp"

namespace etun::cni {

CniError error_from(ErrorCode code, const Complaint &complaint)
{
	return {code, complaint.what, complaint.remedy};
}

CniError refusal(std::string_view where, const Error &error)
{
	return error_from(ErrorCode::refused, complaint_about(where, error));
}

nlohmann::json to_json(const CniError &error, const std::string &version)
{
	nlohmann::json json{
		{"cniVersion", version}, {"code", static_cast<unsigned>(error.code)}, {"msg", error.message}};
	if (!error.details.empty())
		json["details"] = error.details;
	return json;
}

} // namespace etun::cni
