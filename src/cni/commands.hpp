// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The commands of the CNI. Each throws a CniError when it could not do its work.
#ifndef ETUN_CNI_COMMANDS_HPP
#define ETUN_CNI_COMMANDS_HPP

#include "cni/call.hpp"
#include "cni/network.hpp"

#include <nlohmann/json.hpp>

namespace etun::cni {

/// ADD: attaches the container, whole or not at all, and gives the result.
nlohmann::json add(const Network &network, const Call &call);
/// DEL: takes the attachment away; what is not there any more is no failure.
void del(const Network &network, const Call &call);
/// GC: takes away the network's attachments that are not listed as valid.
void collect_garbage(const Network &network, const Call &call);
/// CHECK: whether the attachment is as the result of ADD has it.
void check(const Network &network, const Call &call);
/// STATUS: whether ADD could be served. The module is loaded if it is not.
void status(const Network &network, const Call &call);

} // namespace etun::cni

#endif
