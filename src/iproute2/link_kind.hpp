// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What a plugin for a kind of pairs does. The kind's name is that of its link_util.
#ifndef ETUN_IPROUTE2_LINK_KIND_HPP
#define ETUN_IPROUTE2_LINK_KIND_HPP

#include "iproute2/iproute2.hpp"

namespace etun {

/// link_util::parse_opt: `[mode ...] [ring ...] ... [peer ...]`.
int parse_options(link_util *kind, int argc, char **argv, nlmsghdr *message);

/// link_util::print_opt: the attributes as text, or as members of a JSON object.
void print_attributes(link_util *kind, std::FILE *out, rtattr *attributes[]);

/// link_util::print_help.
void print_help(link_util *kind, int argc, char **argv, std::FILE *out);

/// Says on standard error why a command of \p kind is refused, as one line. Returns what parse_opt returns then.
[[gnu::format(printf, 2, 3)]] int refuse(const link_util *kind, const char *format, ...);

} // namespace etun

#endif
