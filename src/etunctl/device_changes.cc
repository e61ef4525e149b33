// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/device_changes.hpp"

#include "etunctl/complaint.hpp"
#include "etunctl/setting_text.hpp"

#include <fmt/format.h>

namespace etun {
namespace {

/// Settings as text, and whether one was there.
class Settings {
public:
	template <typename Value> void add(std::string_view name, const Value &value)
	{
		parts_.push_back(fmt::format("{} {}", name, value));
	}
	void add(std::string_view word) { parts_.emplace_back(word); }

	bool empty() const { return parts_.empty(); }
	std::string text() const { return fmt::format("{}", fmt::join(parts_, ", ")); }

private:
	std::vector<std::string> parts_;
};

const char *word(bool up)
{
	return up ? "up" : "down";
}

/// Puts \p wanted into \p change, and both values into \p told, when it is not what is there. \p text makes text of a
/// value.
template <typename Value, typename Text>
void compare(const std::optional<Value> &wanted, const std::optional<Value> &present, std::string_view name,
	     std::optional<Value> &change, Settings &told, const Text &text)
{
	if (!wanted || wanted == present)
		return;
	change = wanted;
	told.add(name, fmt::format("{} -> {}", present ? text(*present) : "none", text(*wanted)));
}

} // namespace

std::string settings_text(const WantedEnd &end)
{
	Settings told;
	if (end.mode)
		told.add("mode", to_text(*end.mode));
	if (end.ring)
		told.add("ring", *end.ring);
	if (end.queues)
		told.add("queues", *end.queues);
	if (end.mtu)
		told.add("mtu", *end.mtu);
	if (end.mac)
		told.add("mac", to_text(*end.mac));
	if (end.up)
		told.add(word(*end.up));
	return told.text();
}

std::vector<Step> end_changes(const WantedEnd &wanted, const Device &present, const std::string &path)
{
	const Link &link = present.link;
	const std::string name = to_text(wanted.device);
	const auto number = [](unsigned value) { return std::to_string(value); };
	std::vector<Step> steps;
	if (wanted.queues && present.queues != QueuesInUse{*wanted.queues, *wanted.queues}) {
		const unsigned room = std::min(link.rx_queues, link.tx_queues);
		if (*wanted.queues > room)
			throw Complaint{
				ExitStatus::bad_file,
				fmt::format("{}.queues: '{}' was made with room for {} queues", path, name, room),
				fmt::format("etunctl del {}, and apply again: it is made with {} then", link.name,
					    *wanted.queues)};
		const QueuesInUse before = present.queues.value_or(QueuesInUse{});
		steps.push_back({fmt::format("~ {}: queues {} -> {}", name,
					     before.rx == before.tx ? number(before.rx)
								    : fmt::format("rx {} tx {}", before.rx, before.tx),
					     *wanted.queues),
				 SetQueues{wanted.device, {*wanted.queues, *wanted.queues}}});
	}
	LinkChange change;
	Settings told;
	compare(wanted.mode, std::optional(link.end->mode), "mode", change.mode, told,
		[](Mode mode) { return to_text(mode); });
	compare(wanted.ring, std::optional(link.end->ring), "ring", change.ring, told, number);
	compare(wanted.mtu, std::optional(link.mtu), "mtu", change.mtu, told, number);
	compare(wanted.mac, link.address, "mac", change.address, told,
		[](const HardwareAddress &address) { return to_text(address); });
	if (wanted.up && *wanted.up != link.up) {
		change.up = wanted.up;
		told.add(fmt::format("{} -> {}", word(link.up), word(*wanted.up)));
	}
	if (!told.empty())
		steps.push_back({fmt::format("~ {}: {}", name, told.text()), ChangeDevice{wanted.device, change}});
	return steps;
}

} // namespace etun
