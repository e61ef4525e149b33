// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Sysctls of network namespaces, which lie below /proc/sys/net.
#ifndef ETUN_LIBETUN_SYSCTL_HPP
#define ETUN_LIBETUN_SYSCTL_HPP

#include "libetun/error.hpp"
#include "libetun/net_namespace.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace etun {

/// The path below /proc/sys of `net.ipv4.ip_forward`, where a dot in a part is written as a slash; nothing for what is
/// no name of a sysctl below net, and for what would lead elsewhere.
std::optional<std::string> sysctl_path(std::string_view name);
/// The name of what sysctl_path() made.
std::string sysctl_name(std::string_view path);
/// The device that a path is about, as `eth0` or `all`, where it stands in the path; empty when it is about none.
std::string_view device_of_sysctl(std::string_view path);
/// The value with one blank where there are several, or a tab, and none around it.
std::string sysctl_value(std::string_view text);

/// A sysctl as a namespace has it.
struct Sysctl {
	std::string value; ///< as sysctl_value() makes it
	bool writable = false;

	bool operator==(const Sysctl &) const = default;
};

/// That of \p path in \p where. ENOENT when there is none; EACCES when it can't be read.
Outcome<Sysctl> read_sysctl(const NetNamespace &where, const std::string &path);
/// Sets it. EINVAL when the kernel does not take the value.
Outcome<Done> write_sysctl(const NetNamespace &where, const std::string &path, const std::string &value);

} // namespace etun

#endif
