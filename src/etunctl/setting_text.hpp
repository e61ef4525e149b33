// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Settings of an end as text.
#ifndef ETUN_ETUNCTL_SETTING_TEXT_HPP
#define ETUN_ETUNCTL_SETTING_TEXT_HPP

#include "core/delivery.hpp"
#include "core/mtu_policy.hpp"

#include <string>

namespace etun {

/// Its word; the number of one that this program does not know, which a newer module may have.
std::string to_text(Mode mode);
std::string to_text(MtuPolicy policy);

} // namespace etun

#endif
