// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/doctor.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

namespace etun {
namespace {

const char *word(Health health)
{
	switch (health) {
	case Health::good:
		return "ok";
	case Health::note:
		return "note";
	case Health::problem:
		return "problem";
	}
	return "";
}

} // namespace

std::string findings_text(const std::vector<Finding> &findings)
{
	std::string text;
	for (const Finding &finding : findings) {
		text += fmt::format("{:<8} {:<11} {}\n", word(finding.health), finding.subject, finding.what);
		if (!finding.remedy.empty())
			text += fmt::format("{:<8} {:<11} -> {}\n", "", "", finding.remedy);
	}
	return text;
}

std::string findings_json(const std::vector<Finding> &findings)
{
	using Json = nlohmann::ordered_json;
	Json all = Json::array();
	for (const Finding &finding : findings)
		all.push_back({{"health", word(finding.health)},
			       {"subject", finding.subject},
			       {"what", finding.what},
			       {"remedy", finding.remedy.empty() ? Json() : Json(finding.remedy)}});
	return Json{{"findings", std::move(all)}}.dump(2) + '\n';
}

} // namespace etun
