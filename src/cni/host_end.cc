// SPDX-License-Identifier: GPL-2.0-only
#include "cni/host_end.hpp"

#include "core/name.hpp"

#include <cstdint>

namespace etun::cni {
namespace {

constexpr std::string_view prefix = "ec";
constexpr unsigned network_digits = 5;
constexpr unsigned attachment_digits = 8;
static_assert(prefix.size() + network_digits + attachment_digits == name_length_max);

constexpr std::string_view alias_begin = "cni ";

/// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). Names of one network that meet by chance are told apart by
/// their aliases, so it need not withstand anybody.
std::uint64_t hash(std::string_view text)
{
	std::uint64_t sum = 0xcbf29ce484222325;
	for (const char c : text)
		sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
	return sum;
}

/// The upper bits, which more of the text has gone into.
std::string digits_of(std::uint64_t sum, unsigned count)
{
	constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
	std::string text;
	for (unsigned i = 1; i <= count; i++)
		text += digits[(sum >> (64 - 5 * i)) & 31];
	return text;
}

std::string network_prefix(const std::string &network)
{
	return std::string(prefix) + digits_of(hash(network), network_digits);
}

std::string alias_of_network(const std::string &network)
{
	return std::string(alias_begin) + network + ' ';
}

/// An alias may be missing: the plugin was killed before it gave it, or it was too long.
bool may_be(const Link &link, std::string_view name, std::string_view alias)
{
	return link.kind == link_kind && link.name.starts_with(name) &&
	       (link.alias.empty() || link.alias.starts_with(alias));
}

} // namespace

std::string host_end_name(const std::string &network, const AttachmentName &attachment)
{
	// A container's name has no slash, so no two attachments are one text.
	return network_prefix(network) +
	       digits_of(hash(attachment.container + '/' + attachment.interface), attachment_digits);
}

std::string host_end_alias(const std::string &network, const AttachmentName &attachment)
{
	std::string alias = alias_of_network(network) + attachment.container + ' ' + attachment.interface;
	return alias.size() <= link_alias_max ? alias : "";
}

bool is_host_end(const Link &link, const std::string &network, const AttachmentName &attachment)
{
	const std::string alias = host_end_alias(network, attachment);
	return may_be(link, host_end_name(network, attachment), alias) && (link.alias.empty() || link.alias == alias);
}

bool is_host_end_of(const Link &link, const std::string &network)
{
	return may_be(link, network_prefix(network), alias_of_network(network));
}

} // namespace etun::cni
