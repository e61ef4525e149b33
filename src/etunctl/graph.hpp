// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// `etunctl graph`: a picture of namespaces, pairs and bridges.
#ifndef ETUN_ETUNCTL_GRAPH_HPP
#define ETUN_ETUNCTL_GRAPH_HPP

#include "etunctl/inventory.hpp"

#include <string>

namespace etun {

/// The picture in graphviz's language: namespaces are clusters, ends and the bridges that have ends as ports are nodes,
/// pairs are edges with mode and state.
std::string graph_dot(const Inventory &inventory);

/// Prints \p dot as SVG, which graphviz's `dot` makes. Throws a Complaint when that is not there or fails.
void print_svg(const std::string &dot);

} // namespace etun

#endif
