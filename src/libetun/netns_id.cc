// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/netns_id.hpp"

#include "libetun/attributes.hpp"

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

namespace etun {
namespace {

Message question(std::uint16_t type, std::uint32_t value)
{
	Message message(RTM_GETNSID, 0);
	message.put_header<rtgenmsg>();
	message.put_u32(type, value);
	return message;
}

Outcome<int> answer_to(RouteSocket &socket, const Message &message)
{
	int id = -1;
	const auto done = socket.query(message, [&id](const nlmsghdr *answer) -> Outcome<Done> {
		const auto read = read_netns_id(answer);
		if (!read)
			return fail(read.error());
		id = *read;
		return Done{};
	});
	if (!done)
		return fail(done.error());
	return id;
}

} // namespace

Message get_netns_id(int descriptor)
{
	return question(NETNSA_FD, static_cast<std::uint32_t>(descriptor));
}

Message get_netns(int id)
{
	return question(NETNSA_NSID, static_cast<std::uint32_t>(id));
}

Outcome<int> read_netns_id(const nlmsghdr *message)
{
	const std::size_t bytes = message->nlmsg_len;
	const std::size_t head = sizeof(nlmsghdr) + MNL_ALIGN(sizeof(rtgenmsg));
	std::optional<int> id;
	if (message->nlmsg_type != RTM_NEWNSID || bytes < head ||
	    !read_attributes(reinterpret_cast<const char *>(message) + head, bytes - head,
			     [&id](const nlattr *attribute) {
				     return mnl_attr_get_type(attribute) != NETNSA_NSID || read_number(attribute, id);
			     }) ||
	    !id)
		return fail(Error(EBADMSG, "the kernel's number of a network namespace can't be read"));
	return *id;
}

Outcome<int> netns_id(RouteSocket &socket, const NetNamespace &netns)
{
	return answer_to(socket, get_netns_id(netns.descriptor.number()));
}

Outcome<bool> is_netns_there(RouteSocket &socket, int id)
{
	if (id < 0)
		return false;
	const auto found = answer_to(socket, get_netns(id));
	if (!found && found.error().number() != ENOENT)
		return fail(found.error());
	return static_cast<bool>(found);
}

} // namespace etun
