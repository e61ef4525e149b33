// SPDX-License-Identifier: GPL-2.0-only
#include "cni/version.hpp"

#include "cni/cni_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace etun::cni {
namespace {

constexpr std::array<std::string_view, 5> texts{"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"};
static_assert(texts.size() == static_cast<std::size_t>(Version::count_));

} // namespace

std::string version_text(Version version)
{
	return std::string(texts[static_cast<std::size_t>(version)]);
}

Version parse_version(std::string_view text)
{
	const auto *const found = std::find(texts.begin(), texts.end(), text);
	if (found == texts.end())
		throw CniError{ErrorCode::incompatible_version,
			       fmt::format("CNI version '{}' is not spoken here", text),
			       fmt::format("set cniVersion to one of {}", fmt::join(texts, ", "))};
	return static_cast<Version>(found - texts.begin());
}

nlohmann::json version_answer(const std::string &asked)
{
	return {{"cniVersion", asked.empty() ? version_text(newest) : asked}, {"supportedVersions", texts}};
}

} // namespace etun::cni
