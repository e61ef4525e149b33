// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What ethtool(8) shows of a device as a whole; its statistics are in ethtool_statistics.cc.
#include "driver/end.hpp"
#include "driver/version.hpp"
#include "kernel/context.hpp"

#include <array>
#include <string_view>

namespace etun {
namespace {

/// Memory is fast; but what 2007 said is what scripts compare with.
constexpr unsigned megabits_per_second = 10000;

/// A decimal number as a zero-terminated text behind a prefix.
template <std::size_t size> class Numbered {
public:
	Numbered(std::string_view prefix, u64 number)
	{
		std::size_t end = 0;
		for (char c : prefix)
			text_[end++] = c;
		std::size_t digits = 1;
		for (u64 rest = number; rest >= 10; rest /= 10)
			digits++;
		for (std::size_t i = digits; i-- > 0; number /= 10)
			text_[end + i] = static_cast<char>('0' + number % 10);
	}
	const char *c_str() const { return text_.data(); }

private:
	std::array<char, size> text_{};
};

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (ethtool_ops.get_drvinfo).
void etun_get_drvinfo(net_device *dev, ethtool_drvinfo *info)
{
	const RtnlHeld rtnl;
	// The bus is the cable: two ends with the same bus_info are a pair. 32 bytes hold any 64-bit number.
	const Numbered<32> bus("pair-", End::of(dev).pair_id(rtnl));

	etun_k_drvinfo_set(info, driver_name, version, "N/A", bus.c_str());
}

// CONTEXT: task, under RTNL (ethtool_ops.get_link_ksettings), which __ethtool_get_link_ksettings() asserts for bonds,
// bridges, schedulers and the rest. Without a carrier there is no speed, as on any NIC.
int etun_get_link_ksettings(net_device *dev, ethtool_link_ksettings *settings)
{
	const RcuGuard section;
	const bool carrier = End::of(dev).receiver(section);

	etun_k_link_ksettings_set(settings, carrier ? megabits_per_second : 0, carrier);
	return 0;
}
