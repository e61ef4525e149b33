// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The module's life: between loading and unloading it takes requests, before and after it does not.
#ifndef ETUN_DRIVER_MODULE_HPP
#define ETUN_DRIVER_MODULE_HPP

#include "core/refusal.hpp"
#include "core/result.hpp"
#include "kernel/context.hpp"

namespace etun {

/// Success while requests are taken. Under RTNL, which unloading takes too: a request that passed is done before
/// the pairs are destroyed. Errors: Rule::not_ready, Rule::unloading.
Result<Done, Refusal> taking_requests(const Rtnl &held) ETUN_REQUIRES(rtnl_mutex);

} // namespace etun

#endif
