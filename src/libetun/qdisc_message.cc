// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/qdisc_message.hpp"

#include "libetun/attributes.hpp"

#include <linux/rtnetlink.h>

namespace etun {

Message dump_qdiscs()
{
	Message message(RTM_GETQDISC, NLM_F_DUMP);
	message.put_header<tcmsg>();
	return message;
}

Outcome<Qdisc> read_qdisc(const nlmsghdr *message)
{
	const std::size_t head = sizeof(nlmsghdr) + MNL_ALIGN(sizeof(tcmsg));
	if (message->nlmsg_type != RTM_NEWQDISC || message->nlmsg_len < head)
		return fail(Error(EBADMSG, "not the description of a qdisc"));
	const auto *header = static_cast<const tcmsg *>(mnl_nlmsg_get_payload(message));
	Qdisc qdisc;
	qdisc.index = static_cast<unsigned>(header->tcm_ifindex);
	qdisc.made = header->tcm_handle != 0;
	if (!read_attributes(reinterpret_cast<const char *>(message) + head, message->nlmsg_len - head,
			     [&qdisc](const nlattr *attribute) {
				     return mnl_attr_get_type(attribute) != TCA_KIND ||
					    read_text(attribute, qdisc.kind);
			     }))
		return fail(Error(EBADMSG, "the kernel's description of a qdisc can't be read"));
	return qdisc;
}

} // namespace etun
