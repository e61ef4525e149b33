// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What the program `ip` offers to a plugin for a link kind, and what it asks of one.
///
/// iproute2 installs no header for this, so it is declared here, after ip/ip_common.h, include/libnetlink.h and
/// include/json_writer.h of iproute2. It is the same from 6.1 to 7.1 (struct link_util since 4.20 of 2018), but carries
/// no version: src/iproute2/build asks the `ip` at hand whether it still knows all that is declared here.
///
/// `ip` looks for link_<kind>.so in $IP_LIB_DIR, else in its own folder, and in there for <kind>_link_util.
#ifndef ETUN_IPROUTE2_IPROUTE2_HPP
#define ETUN_IPROUTE2_IPROUTE2_HPP

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>

extern "C" {

/// A link kind, as `ip` keeps it in a list.
struct link_util {
	link_util *next; ///< belongs to `ip`
	const char *id;	 ///< the kind's name
	int maxattr;	 ///< highest attribute number within IFLA_INFO_DATA that print_opt is given

	/// Words behind `type <kind>`; IFLA_INFO_DATA is open at the end of \p message. 0, or the command has failed.
	int (*parse_opt)(link_util *kind, int argc, char **argv, nlmsghdr *message);
	/// `ip -d link show`; \p attributes is null when the kernel sent none, as each of its members may be.
	void (*print_opt)(link_util *kind, std::FILE *out, rtattr *attributes[]);
	void (*print_xstats)(link_util *kind, std::FILE *out, rtattr *statistics);
	/// `ip link help <kind>`.
	void (*print_help)(link_util *kind, int argc, char **argv, std::FILE *out);
	int (*parse_ifla_xstats)(link_util *kind, int argc, char **argv);
	int (*print_ifla_xstats)(nlmsghdr *message, void *argument);
};

/// The request that `ip` builds; it begins with the nlmsghdr that parse_opt is given.
struct iplink_req;

/// Parses what may stand in front of `type` in `ip link add` and `set`, into the header and to the end of \p request.
/// Returns how many words that were, or a negative number; \p type is the kind's name if one came. May end the program.
int iplink_parse(int argc, char **argv, iplink_req *request, char **type);

/// Appends an attribute; 0, or negative with a message when the request would be longer than \p room bytes.
int addattr_l(nlmsghdr *message, int room, int type, const void *data, int bytes);
/// Opens an attribute that holds others; addattr_nest_end() sets its length.
rtattr *addattr_nest(nlmsghdr *message, int room, int type);
int addattr_nest_end(nlmsghdr *message, rtattr *nest);

/// True between the braces of `ip -j`.
bool is_json_context();
struct json_writer;
json_writer *get_json_writer();
void jsonw_string_field(json_writer *json, const char *key, const char *value);
void jsonw_uint_field(json_writer *json, const char *key, unsigned value);
void jsonw_s64_field(json_writer *json, const char *key, std::int64_t value);
void jsonw_u64_field(json_writer *json, const char *key, std::uint64_t value);

} // extern "C"

namespace etun {

/// Bytes of the whole request: struct iplink_req has a buffer of 1024 behind its two headers.
inline constexpr int request_bytes = NLMSG_LENGTH(sizeof(ifinfomsg)) + 1024;

} // namespace etun

#endif
