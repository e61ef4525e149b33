// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Reading of netlink attributes. Nothing is believed before its length is checked.
#ifndef ETUN_LIBETUN_ATTRIBUTES_HPP
#define ETUN_LIBETUN_ATTRIBUTES_HPP

#include <libmnl/libmnl.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

namespace etun {

/// The number in an attribute; false when it has another size than T.
template <typename T> bool read_number(const nlattr *attribute, T &number)
{
	if (mnl_attr_get_payload_len(attribute) != sizeof(T))
		return false;
	std::copy_n(static_cast<const char *>(mnl_attr_get_payload(attribute)), sizeof(T),
		    reinterpret_cast<char *>(&number));
	return true;
}

template <typename T> bool read_number(const nlattr *attribute, std::optional<T> &number)
{
	return read_number(attribute, number.emplace());
}

/// A text, with or without a zero at its end.
inline bool read_text(const nlattr *attribute, std::string &text)
{
	text.assign(static_cast<const char *>(mnl_attr_get_payload(attribute)), mnl_attr_get_payload_len(attribute));
	text.resize(std::min(text.size(), text.find('\0')));
	return true;
}

/// Calls \p read for each attribute until one is refused. False then, and when the attributes don't fill \p bytes.
/// \p data is aligned as netlink aligns messages.
template <typename Read> bool read_attributes(const void *data, std::size_t bytes, const Read &read)
{
	const char *at = static_cast<const char *>(data);
	const char *const end = at + bytes;
	while (at < end) {
		// SAFETY: netlink aligns attributes to 4 bytes, as messages are; mnl_attr_ok looks no further than
		// `end`.
		const auto *attribute = reinterpret_cast<const nlattr *>(at);
		if (!mnl_attr_ok(attribute, static_cast<int>(end - at)) || !read(attribute))
			return false;
		at += MNL_ALIGN(mnl_attr_get_len(attribute));
	}
	return true;
}

/// The same for those inside of \p nest.
template <typename Read> bool read_nest(const nlattr *nest, const Read &read)
{
	return read_attributes(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), read);
}

} // namespace etun

#endif
