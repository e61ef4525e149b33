// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Versions of the CNI specification: which we speak, and what differs between them.
#ifndef ETUN_CNI_VERSION_HPP
#define ETUN_CNI_VERSION_HPP

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace etun::cni {

/// Those that we speak, in their order.
enum class Version { v0_3_0, v0_3_1, v0_4_0, v1_0_0, v1_1_0, count_ };

/// Since when there is the command CHECK, since when a result says no more of which IP version an address is, and since
/// when there are GC, STATUS, and a result's MTU and routes with more than a gateway.
inline constexpr Version with_check = Version::v0_4_0;
inline constexpr Version without_ip_version = Version::v1_0_0;
inline constexpr Version with_gc = Version::v1_1_0;
/// What we answer in where a runtime has not said, or said one that we don't speak.
inline constexpr Version newest = Version::v1_1_0;

std::string version_text(Version version);
/// The version that \p text names. Throws a CniError when we don't speak it; 0.1.0 and 0.2.0 are among those, and the
/// empty text, as it stands for them.
Version parse_version(std::string_view text);

/// What VERSION answers to \p asked, which is repeated.
nlohmann::json version_answer(const std::string &asked);

} // namespace etun::cni

#endif
