// SPDX-License-Identifier: GPL-2.0-only
#include "iproute2/link_kind.hpp"

#include "core/setting_words.hpp"
#include "iproute2/words.hpp"
#include "uapi/etun.h"

#include <cstdarg>
#include <cstring>
#include <string_view>

namespace etun {
namespace {

/// The header of a link request: it lies directly behind the message's own.
ifinfomsg *link_header(nlmsghdr *message)
{
	return static_cast<ifinfomsg *>(NLMSG_DATA(message));
}

/// Appends what the words ask for. False when there is no room left, which `ip` has then said.
bool append(nlmsghdr *message, const Settings &settings)
{
	for (unsigned number = 0; number < settings.values.size(); number++) {
		if (!settings.values[number])
			continue;
		// A u8 is the first byte of the number only where the lowest comes first, hence the copy.
		const std::uint32_t word = *settings.values[number];
		const auto byte = static_cast<std::uint8_t>(word);
		const int bytes = static_cast<int>(attribute_bytes(number));
		const void *data = bytes == 1 ? static_cast<const void *>(&byte) : &word;
		if (addattr_l(message, request_bytes, static_cast<int>(number), data, bytes) < 0)
			return false;
	}
	return true;
}

/// refuse() with a complaint about a word.
int complain(const link_util *kind, const BadWord &complaint)
{
	return refuse(kind, "%s%s\"%s\"%s", complaint.before, *complaint.before ? " " : "", complaint.word,
		      complaint.after);
}

/// The peer: a header of its own and attributes, as ETUN_INFO_PEER. `ip` parses the words as it does those of any
/// link, and puts what belongs in a header into the message's, which is lent to it meanwhile.
int append_peer(link_util *kind, int argc, char **argv, nlmsghdr *message)
{
	if (!(message->nlmsg_flags & NLM_F_CREATE))
		return refuse(kind, "the peer is given at creation only");
	// `ip` ends the program over a word that it does not know.
	const std::span<const char *const> words(argv, static_cast<std::size_t>(argc));
	if (const auto complaint = misplaced_word(words))
		return complain(kind, *complaint);

	const ifinfomsg own = *link_header(message);
	*link_header(message) = {};

	const ifinfomsg empty{};
	rtattr *peer = addattr_nest(message, request_bytes, ETUN_INFO_PEER);
	if (static_cast<int>(NLMSG_ALIGN(message->nlmsg_len) + sizeof(empty)) > request_bytes)
		return refuse(kind, "no room for the peer in the request");
	std::memcpy(RTA_DATA(peer), &empty, sizeof(empty));
	message->nlmsg_len += sizeof(empty);

	char *type = nullptr;
	// SAFETY: the message is the first member of the iplink_req in which `ip` builds every link request.
	const int used = iplink_parse(argc, argv, reinterpret_cast<iplink_req *>(message), &type);
	if (used < 0)
		return used;
	if (type)
		return refuse(kind, "the peer is of the same type; \"type %s\" can't stand behind `peer`", type);

	std::memcpy(RTA_DATA(peer), link_header(message), sizeof(ifinfomsg));
	*link_header(message) = own;
	addattr_nest_end(message, peer);
	return 0;
}

/// The number that an attribute holds, if there is one of the right length.
template <typename T> std::optional<T> number_in(const rtattr *attribute)
{
	if (!attribute || RTA_PAYLOAD(attribute) < sizeof(T))
		return {};
	T number;
	std::memcpy(&number, RTA_DATA(attribute), sizeof(number));
	return number;
}

/// Prints what `ip link add` calls \p word and JSON \p key, in words where there is one.
void print_choice(std::FILE *out, const char *word, const char *key, const rtattr *attribute,
		  std::span<const char *const> names)
{
	const auto number = number_in<std::uint8_t>(attribute);
	if (!number)
		return;
	const bool known = *number < names.size();
	if (is_json_context()) {
		if (known)
			jsonw_string_field(get_json_writer(), key, names[*number]);
		else
			jsonw_uint_field(get_json_writer(), key, *number);
	} else if (known) {
		std::fprintf(out, "%s %s ", word, names[*number]);
	} else {
		std::fprintf(out, "%s %u ", word, static_cast<unsigned>(*number));
	}
}

template <typename T> void print_number(std::FILE *out, const char *word, const char *key, const rtattr *attribute)
{
	const auto number = number_in<T>(attribute);
	if (!number)
		return;
	if (!is_json_context())
		std::fprintf(out, std::is_signed_v<T> ? "%s %lld " : "%s %llu ", word, static_cast<long long>(*number));
	else if constexpr (std::is_signed_v<T>)
		jsonw_s64_field(get_json_writer(), key, *number);
	else
		jsonw_u64_field(get_json_writer(), key, *number);
}

} // namespace

int refuse(const link_util *kind, const char *format, ...)
{
	std::va_list arguments;

	std::fprintf(stderr, "Error: %s: ", kind->id);
	va_start(arguments, format);
	std::vfprintf(stderr, format, arguments);
	va_end(arguments);
	std::fputs(".\n", stderr);
	return -1;
}

int parse_options(link_util *kind, int argc, char **argv, nlmsghdr *message)
{
	const std::span<const char *const> words(argv, static_cast<std::size_t>(argc));
	auto settings = parse_words(words);
	if (!settings)
		return complain(kind, settings.error());
	if (!append(message, *settings))
		return -1;
	if (settings->used == words.size())
		return 0;
	if (std::string_view(words[settings->used]) == "help") {
		print_help(kind, 0, nullptr, stderr);
		return -1;
	}
	const int behind = static_cast<int>(settings->used) + 1;
	return append_peer(kind, argc - behind, argv + behind, message);
}

void print_attributes(link_util *, std::FILE *out, rtattr *attributes[])
{
	if (!attributes)
		return;
	print_choice(out, "mode", "mode", attributes[ETUN_INFO_MODE], mode_words);
	print_number<std::uint32_t>(out, "ring", "ring", attributes[ETUN_INFO_RING]);
	print_choice(out, "mtu-policy", "mtu_policy", attributes[ETUN_INFO_MTU_POLICY], mtu_policy_words);
	print_choice(out, "wire", "wire", attributes[ETUN_INFO_WIRE], switch_words);
	print_number<std::uint32_t>(out, "peer-ifindex", "peer_ifindex", attributes[ETUN_INFO_PEER_IFINDEX]);
	print_number<std::int32_t>(out, "peer-netnsid", "peer_netnsid", attributes[ETUN_INFO_PEER_NETNSID]);
	print_choice(out, "peer-mode", "peer_mode", attributes[ETUN_INFO_PEER_MODE], mode_words);
	print_number<std::uint64_t>(out, "pair-id", "pair_id", attributes[ETUN_INFO_PAIR_ID]);
}

void print_help(link_util *kind, int, char **, std::FILE *out)
{
	std::fprintf(
		out,
		"Usage: ip link add [ name ] NAME [ LINK-OPTIONS ] type %s\n"
		"                   [ mode MODE ] [ ring SLOTS ] [ peer-mode MODE ] [ peer-ring SLOTS ]\n"
		"                   [ wire SWITCH ] [ peer-wire SWITCH ] [ mtu-policy POLICY ]\n"
		"                   [ peer [ name ] NAME [ LINK-OPTIONS ] ]\n"
		"       ip link set NAME type %s\n"
		"                   [ mode MODE ] [ ring SLOTS ] [ peer-mode MODE ] [ peer-ring SLOTS ]\n"
		"                   [ wire SWITCH ] [ peer-wire SWITCH ] [ mtu-policy POLICY ]\n"
		"\n"
		"MODE   := { backlog | napi | direct } how frames arrive at an end\n"
		"SLOTS  := 2..32768                  of each receive ring of an end\n"
		"SWITCH := { on | off }              frames arrive as on a wire: whole sums, no longer than the MTU\n"
		"POLICY := { independent | equal }   MTUs of the two ends\n"
		"LINK-OPTIONS as in 'ip link help': netns, address, mtu, numtxqueues, numrxqueues, ...\n"
		"Everything behind 'peer' is about the peer.\n",
		kind->id, kind->id);
}

} // namespace etun
