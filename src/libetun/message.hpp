// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A netlink message that is being built, on libmnl.
#ifndef ETUN_LIBETUN_MESSAGE_HPP
#define ETUN_LIBETUN_MESSAGE_HPP

#include <libmnl/libmnl.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace etun {

/// A request in a buffer of its own. Attributes are appended to the innermost nest that is open.
class Message {
public:
	/// \p type as RTM_NEWLINK, \p flags beside NLM_F_REQUEST.
	Message(std::uint16_t type, std::uint16_t flags)
	{
		nlmsghdr *header = mnl_nlmsg_put_header(bytes_.data());
		header->nlmsg_type = type;
		header->nlmsg_flags = NLM_F_REQUEST | flags;
	}

	/// Appends a header of the family, zeroed; valid until the message goes.
	template <typename Header> Header *put_header()
	{
		static_assert(sizeof(Header) <= sizeof(spare_));
		if (header()->nlmsg_len + MNL_ALIGN(sizeof(Header)) > bytes_.size()) {
			complete_ = false;
			// SAFETY: aligned for any header, and as large as asserted.
			return reinterpret_cast<Header *>(spare_.data());
		}
		return static_cast<Header *>(mnl_nlmsg_put_extra_header(header(), sizeof(Header)));
	}

	void put(std::uint16_t type, const void *data, std::size_t bytes)
	{
		complete_ &= mnl_attr_put_check(header(), bytes_.size(), type, bytes, data);
	}
	void put_u8(std::uint16_t type, std::uint8_t value) { put(type, &value, sizeof(value)); }
	void put_u32(std::uint16_t type, std::uint32_t value) { put(type, &value, sizeof(value)); }

	void put_text(std::uint16_t type, const std::string &text) { put(type, text.c_str(), text.size() + 1); }

	/// Opens an attribute that holds others; \p content appends them.
	template <typename Content> void nest(std::uint16_t type, const Content &content)
	{
		nlattr *attribute = mnl_attr_nest_start_check(header(), bytes_.size(), type);
		if (!attribute) {
			complete_ = false;
			return;
		}
		content();
		mnl_attr_nest_end(header(), attribute);
	}

	/// False once something did not fit: such a message must not be sent.
	bool complete() const { return complete_; }
	// SAFETY: the buffer is aligned for a header, and the constructor has put one there.
	nlmsghdr *header() { return reinterpret_cast<nlmsghdr *>(bytes_.data()); }
	const nlmsghdr *header() const { return reinterpret_cast<const nlmsghdr *>(bytes_.data()); }

private:
	alignas(nlmsghdr) std::array<char, 2048> bytes_{};
	/// Where a header is written that did not fit.
	alignas(nlmsghdr) std::array<char, 32> spare_{};
	bool complete_ = true;
};

} // namespace etun

#endif
