// SPDX-License-Identifier: GPL-2.0-only
#include "cni/place.hpp"

#include "cni/cni_error.hpp"

#include <fmt/format.h>

#include <fstream>

namespace etun::cni {

Place Place::host()
{
	NetNamespace netns = or_refusal(current_namespace(), "the host's network namespace");
	RouteSocket socket = or_refusal(RouteSocket::open(netns), "the host's network namespace");
	return {std::move(netns), std::move(socket)};
}

Place Place::container(const std::string &path)
{
	auto netns = namespace_at(path);
	if (!netns && (netns.error().number() == ENOENT || netns.error().number() == EINVAL))
		throw CniError{ErrorCode::unknown_container, fmt::format("there is no network namespace at {}", path),
			       "the container is gone; nothing of it is left here"};
	NetNamespace found = or_refusal(std::move(netns), path);
	if (found.current)
		throw CniError{ErrorCode::invalid_environment,
			       fmt::format("CNI_NETNS is '{}', which is the host's network namespace", path),
			       "a container needs a namespace of its own"};
	RouteSocket socket = or_refusal(RouteSocket::open(found), path);
	return {std::move(found), std::move(socket)};
}

void Place::ask(const Message &message, const std::string &what)
{
	static_cast<void>(or_refusal(socket_.ask(message), what));
}

std::optional<Link> Place::find(const std::string &name)
{
	auto link = socket_.link(name);
	if (!link && link.error().number() == ENODEV)
		return {};
	return or_refusal(std::move(link), name);
}

Link Place::link(const std::string &name)
{
	return or_refusal(socket_.link(name), name);
}

void Place::set(const std::string &path, const std::string &value)
{
	const auto visit = or_refusal(NamespaceVisit::enter(netns_), path);
	const std::string file = "/proc/sys/net/" + path;
	std::string now;
	if (!(std::ifstream(file) >> now) || now == value)
		return;
	errno = 0;
	std::ofstream setting(file);
	setting << value << std::flush;
	if (!setting)
		throw refusal(file, Error(errno != 0 ? errno : EIO));
}

} // namespace etun::cni
