// SPDX-License-Identifier: GPL-2.0-only
// link_veth.so: with it, `ip link add ... type veth peer ...` makes an etun, so that scripts written for veth run on
// etun unchanged.
//
// `ip` prefers a plugin to its built-in kinds, but calls it only when words follow the type: `ip link add type veth`
// alone still makes a veth. Whoever uses this keeps the module veth from being loaded, to see it fail.
#include "iproute2/link_kind.hpp"
#include "uapi/etun.h"

#include <cstring>
#include <string_view>

namespace {

constexpr std::string_view theirs = "veth";
constexpr std::string_view ours = "etun";
// The name is overwritten where it lies.
static_assert(theirs.size() == ours.size());

/// The attribute IFLA_INFO_KIND of a request that is being built, or null.
rtattr *kind_in(nlmsghdr *message)
{
	int left = static_cast<int>(message->nlmsg_len - NLMSG_LENGTH(sizeof(ifinfomsg)));
	auto *attribute =
		reinterpret_cast<rtattr *>(static_cast<char *>(NLMSG_DATA(message)) + NLMSG_ALIGN(sizeof(ifinfomsg)));

	while (RTA_OK(attribute, left)) {
		const bool is_nest = (attribute->rta_type & NLA_TYPE_MASK) == IFLA_LINKINFO;
		// The nest is still open, and so has no length yet: what it holds comes directly behind its head.
		attribute = RTA_NEXT(attribute, left);
		if (is_nest)
			return RTA_OK(attribute, left) && attribute->rta_type == IFLA_INFO_KIND ? attribute : nullptr;
	}
	return nullptr;
}

int parse_as_etun(link_util *kind, int argc, char **argv, nlmsghdr *message)
{
	rtattr *name = kind_in(message);

	// iproute2 6.1 sends the name without a zero byte behind it, later ones with.
	if (!name || RTA_PAYLOAD(name) < theirs.size() ||
	    std::memcmp(RTA_DATA(name), theirs.data(), theirs.size()) != 0)
		return etun::refuse(kind, "the shim does not find the kind in the request");
	std::memcpy(RTA_DATA(name), ours.data(), ours.size());
	return etun::parse_options(kind, argc, argv, message);
}

} // namespace

extern "C" {

extern link_util veth_link_util;

[[gnu::visibility("default")]] link_util veth_link_util{
	.next = nullptr,
	.id = "veth",
	.maxattr = ETUN_INFO_MAX,
	.parse_opt = parse_as_etun,
	.print_opt = etun::print_attributes,
	.print_xstats = nullptr,
	.print_help = etun::print_help,
	.parse_ifla_xstats = nullptr,
	.print_ifla_xstats = nullptr,
};

} // extern "C"
