// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/device_changes.hpp"

#include "etunctl/setting_text.hpp"
#include "libetun/complaint.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

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

std::string_view on_or_off(bool on)
{
	return on ? "on" : "off";
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

/// As in a file, so that whatever somebody wrote stays one line.
std::string quoted(const std::string &text)
{
	return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string number(unsigned value)
{
	return std::to_string(value);
}

const char *switch_word(bool on)
{
	return on ? "on" : "off";
}

/// True for a feature that this kernel does not have, where a word stands for it and for others that there are.
bool is_only_part_of_word(const Offload &present, const std::string &feature)
{
	const auto &words = offload_words();
	return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
		const auto features = features_of(word);
		return std::find(features.begin(), features.end(), feature) != features.end() &&
		       std::any_of(features.begin(), features.end(),
				   [&present](const std::string &other) { return present.contains(other); });
	});
}

std::optional<Step> offload_change(const WantedEnd &wanted, const Device &present, const std::string &path)
{
	Offload change;
	for (const auto &[feature, on] : wanted.offload) {
		const auto found = present.offload.find(feature);
		if (found == present.offload.end() && is_only_part_of_word(present.offload, feature))
			continue;
		if (found == present.offload.end())
			throw Complaint{ExitStatus::bad_file,
					fmt::format("{}.offload: this kernel lets nobody switch {}", path, feature),
					"take it out"};
		if (found->second != on)
			change[feature] = on;
	}
	Settings told;
	for (const auto &[said, on] : in_words(change))
		told.add(fmt::format("{} {} -> {}", said, switch_word(!on), switch_word(on)));
	if (told.empty())
		return {};
	return Step{fmt::format("~ {}: offload {}", to_text(wanted.device), told.text()),
		    SetOffload{wanted.device, std::move(change)}};
}

} // namespace

std::string settings_text(const WantedEnd &end)
{
	Settings told;
	if (end.mode)
		told.add("mode", to_text(*end.mode));
	if (end.ring)
		told.add("ring", *end.ring);
	if (end.wire)
		told.add("wire", on_or_off(*end.wire));
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

std::vector<Step> new_end_changes(const WantedEnd &end)
{
	std::vector<Step> steps;
	const std::string name = to_text(end.device);
	Settings told;
	if (end.tx_queue_length)
		told.add("txqueuelen", *end.tx_queue_length);
	if (end.group)
		told.add("group", *end.group);
	if (end.alias && !end.alias->empty())
		told.add("alias", quoted(*end.alias));
	if (!told.empty())
		steps.push_back(
			{fmt::format("+ {}: {}", name, told.text()),
			 ChangeDevice{
				 end.device,
				 {.alias = end.alias, .group = end.group, .tx_queue_length = end.tx_queue_length}}});
	Settings switches;
	for (const auto &[said, on] : in_words(end.offload))
		switches.add(said, switch_word(on));
	if (!switches.empty())
		steps.push_back(
			{fmt::format("+ {}: offload {}", name, switches.text()), SetOffload{end.device, end.offload}});
	return steps;
}

Step new_vlan(const DeviceName &end, const WantedVlan &vlan)
{
	Settings told;
	told.add(fmt::format("VLAN {} on {}", vlan.id, end.name));
	if (vlan.mtu)
		told.add("mtu", *vlan.mtu);
	if (vlan.up)
		told.add(word(*vlan.up));
	return {fmt::format("+ {}: {}", to_text(vlan.device), told.text()), AddVlan{end.name, vlan}};
}

std::vector<Step> vlan_changes(const WantedVlan &wanted, const Link &now)
{
	LinkChange change;
	Settings told;
	compare(wanted.mtu, std::optional(now.mtu), "mtu", change.mtu, told, number);
	if (wanted.up && *wanted.up != now.up) {
		change.up = wanted.up;
		told.add(fmt::format("{} -> {}", word(now.up), word(*wanted.up)));
	}
	if (told.empty())
		return {};
	return {{fmt::format("~ {}: {}", to_text(wanted.device), told.text()), ChangeDevice{wanted.device, change}}};
}

std::vector<Step> end_changes(const WantedEnd &wanted, const Device &present, const std::string &path)
{
	const Link &link = present.link;
	const std::string name = to_text(wanted.device);
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
	compare(wanted.wire, std::optional(link.end->wire), "wire", change.wire, told, on_or_off);
	compare(wanted.mtu, std::optional(link.mtu), "mtu", change.mtu, told, number);
	compare(wanted.mac, link.address, "mac", change.address, told,
		[](const HardwareAddress &address) { return to_text(address); });
	compare(wanted.tx_queue_length, std::optional(link.tx_queue_length), "txqueuelen", change.tx_queue_length, told,
		number);
	compare(wanted.group, std::optional(link.group), "group", change.group, told, number);
	compare(wanted.alias, std::optional(link.alias), "alias", change.alias, told, quoted);
	if (wanted.up && *wanted.up != link.up) {
		change.up = wanted.up;
		told.add(fmt::format("{} -> {}", word(link.up), word(*wanted.up)));
	}
	if (!told.empty())
		steps.push_back({fmt::format("~ {}: {}", name, told.text()), ChangeDevice{wanted.device, change}});
	if (auto step = offload_change(wanted, present, path))
		steps.push_back(std::move(*step));
	return steps;
}

} // namespace etun
