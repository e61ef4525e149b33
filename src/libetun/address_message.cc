// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/address_message.hpp"

#include "libetun/attributes.hpp"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <algorithm>

namespace etun {
namespace {

Message address_message(std::uint16_t type, std::uint16_t flags, unsigned index, const IpAddress &address)
{
	Message message(type, flags);
	auto *header = message.put_header<ifaddrmsg>();
	header->ifa_family = static_cast<std::uint8_t>(address.family);
	header->ifa_prefixlen = static_cast<std::uint8_t>(address.prefix);
	header->ifa_index = index;
	message.put(IFA_LOCAL, address.host.data(), address.bytes());
	message.put(IFA_ADDRESS, address.host.data(), address.bytes());
	return message;
}

/// What is read before it is known which of two attributes holds the device's own address.
struct Found {
	DeviceAddress device;
	bool local = false;   ///< IFA_LOCAL was there; IFA_ADDRESS is the other side's then
	bool address = false; ///< one of them was
	std::uint32_t flags = 0;
	std::uint8_t made_by = IFAPROT_UNSPEC;
};

bool read_host(const nlattr *attribute, Found &found)
{
	IpAddress &address = found.device.address;
	if (mnl_attr_get_payload_len(attribute) != address.bytes())
		return false;
	std::copy_n(static_cast<const std::uint8_t *>(mnl_attr_get_payload(attribute)), address.bytes(),
		    address.host.data());
	found.address = true;
	return true;
}

bool read_of_address(const nlattr *attribute, Found &found)
{
	switch (mnl_attr_get_type(attribute)) {
	case IFA_LOCAL:
		found.local = true;
		return read_host(attribute, found);
	case IFA_ADDRESS:
		return found.local || read_host(attribute, found);
	case IFA_FLAGS:
		return read_number(attribute, found.flags);
	case IFA_PROTO:
		return read_number(attribute, found.made_by);
	default:
		return true;
	}
}

} // namespace

Message add_address(unsigned index, const IpAddress &address, AddressOptions options)
{
	Message message = address_message(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, index, address);
	const std::uint32_t flags =
		(options.prefix_route ? 0 : IFA_F_NOPREFIXROUTE) | (options.detect_duplicates ? 0 : IFA_F_NODAD);
	if (flags != 0)
		message.put_u32(IFA_FLAGS, flags);
	return message;
}

Message remove_address(unsigned index, const IpAddress &address)
{
	return address_message(RTM_DELADDR, NLM_F_ACK, index, address);
}

Message dump_addresses()
{
	Message message(RTM_GETADDR, NLM_F_DUMP);
	message.put_header<ifaddrmsg>()->ifa_family = AF_UNSPEC;
	return message;
}

Outcome<DeviceAddress> read_address(const nlmsghdr *message)
{
	const std::size_t head = sizeof(nlmsghdr) + MNL_ALIGN(sizeof(ifaddrmsg));
	if (message->nlmsg_type != RTM_NEWADDR || message->nlmsg_len < head)
		return fail(Error(EBADMSG, "not the description of an address"));

	const auto *header = static_cast<const ifaddrmsg *>(mnl_nlmsg_get_payload(message));
	if (header->ifa_family != AF_INET && header->ifa_family != AF_INET6)
		return fail(Error(EBADMSG, "an address of another family than IPv4 and IPv6"));
	Found found;
	found.device.index = header->ifa_index;
	found.device.address.family = header->ifa_family;
	found.device.address.prefix = header->ifa_prefixlen;
	found.flags = header->ifa_flags;
	if (!read_attributes(reinterpret_cast<const char *>(message) + head, message->nlmsg_len - head,
			     [&found](const nlattr *attribute) { return read_of_address(attribute, found); }) ||
	    !found.address || found.device.address.prefix > found.device.address.bits())
		return fail(Error(EBADMSG, "the kernel's description of an address can't be read"));
	found.device.lasting = (found.flags & IFA_F_PERMANENT) != 0 && found.made_by != IFAPROT_KERNEL_RA &&
			       found.made_by != IFAPROT_KERNEL_LL;
	return found.device;
}

} // namespace etun
