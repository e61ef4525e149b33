// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/rule_message.hpp"

#include "libetun/attributes.hpp"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

namespace etun {

Message dump_rules(int family)
{
	Message message(RTM_GETRULE, NLM_F_DUMP);
	message.put_header<fib_rule_hdr>()->family = static_cast<std::uint8_t>(family);
	return message;
}

bool is_rule_of_somebody(const nlmsghdr *message)
{
	const std::size_t head = sizeof(nlmsghdr) + MNL_ALIGN(sizeof(fib_rule_hdr));
	if (message->nlmsg_type != RTM_NEWRULE || message->nlmsg_len < head)
		return false;
	std::uint8_t made_by = RTPROT_KERNEL;
	return read_attributes(reinterpret_cast<const char *>(message) + head, message->nlmsg_len - head,
			       [&made_by](const nlattr *attribute) {
				       return mnl_attr_get_type(attribute) != FRA_PROTOCOL ||
					      read_number(attribute, made_by);
			       }) &&
	       made_by != RTPROT_KERNEL;
}

} // namespace etun
