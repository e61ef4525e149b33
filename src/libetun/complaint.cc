// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/complaint.hpp"

#include <fmt/core.h>

#include <cstring>

namespace etun {
namespace {

struct Advice {
	int number;
	ExitStatus status;
	std::string_view remedy;
};

/// What to do about an errno, where the kernel's sentence does not say so.
constexpr Advice advices[] = {
	{EPERM, ExitStatus::not_permitted, "run it as root, or with CAP_NET_ADMIN over the namespaces of both ends"},
	{EACCES, ExitStatus::not_permitted, "run it as root"},
	{EEXIST, ExitStatus::refused,
	 "choose another name; `ip link` lists those that are taken. One that goes with its peer's namespace is waited "
	 "for, up to ten seconds"},
	{ENODEV, ExitStatus::not_found, "`etunctl list` shows the pairs that there are"},
	{ENOENT, ExitStatus::not_found,
	 "`ip netns list` shows the namespaces that have a name, `ip netns add` makes one; a PID or a path as "
	 "/proc/PID/ns/net will do, too"},
	{ENOMEM, ExitStatus::refused, "smaller rings or fewer queues need less memory"},
};

} // namespace

Complaint complaint_about(std::string_view where, const Error &error)
{
	// What a kernel says that has no such kind and could not load a module for it.
	if (error.number() == EOPNOTSUPP && error.reason() == "Unknown device type")
		return complaint_about_module();

	const char *name = strerrorname_np(error.number());
	const std::string_view reason = error.reason().empty() ? strerror(error.number()) : error.reason();
	Complaint complaint{ExitStatus::refused,
			    fmt::format("{}: {} ({})", where, reason, name ? name : "unknown errno")};
	for (const Advice &advice : advices) {
		// The kernel says why when it is no privilege that is missing, as for a device without IPv6.
		if (advice.number == EACCES && !error.reason().empty())
			continue;
		if (advice.number == error.number()) {
			complaint.status = advice.status;
			complaint.remedy = advice.remedy;
		}
	}
	return complaint;
}

Complaint complaint_about_module()
{
	return {ExitStatus::no_module, "this kernel has no etun: the module is not loaded",
		"modprobe etun, as root; if that does not find it, in etun's source folder: make module && sudo make "
		"install. "
		"`etunctl doctor` says what is in the way"};
}

} // namespace etun
