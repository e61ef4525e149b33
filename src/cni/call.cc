// SPDX-License-Identifier: GPL-2.0-only
#include "cni/call.hpp"

#include "cni/cni_error.hpp"
#include "libetun/device_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace etun::cni {
namespace {

/// What a command needs in the environment beside its own name.
struct Needs {
	std::string_view word;
	Command command;
	bool attachment = false;
	bool netns = false;
};

constexpr std::array<Needs, 6> all_needs{{{"ADD", Command::add, true, true},
					  {"DEL", Command::del, true},
					  {"CHECK", Command::check, true, true},
					  {"GC", Command::gc},
					  {"STATUS", Command::status},
					  {"VERSION", Command::version}}};

bool is_container_id(std::string_view text)
{
	constexpr std::string_view also = "_.-";
	return !text.empty() && is_ascii_alnum(text.front()) && std::all_of(text.begin(), text.end(), [also](char c) {
		return is_ascii_alnum(c) || also.find(c) != also.npos;
	});
}

std::vector<std::string> split(const std::string &text, char separator)
{
	std::vector<std::string> parts;
	std::size_t begin = 0;
	while (begin <= text.size()) {
		const std::size_t end = std::min(text.find(separator, begin), text.size());
		if (end > begin)
			parts.push_back(text.substr(begin, end - begin));
		begin = end + 1;
	}
	return parts;
}

/// What is no pair of a key and a value is passed over: it is for somebody else.
std::map<std::string, std::string> read_args(const std::string &text)
{
	std::map<std::string, std::string> args;
	for (const std::string &part : split(text, ';'))
		if (const std::size_t sign = part.find('='); sign != std::string::npos)
			args[part.substr(0, sign)] = part.substr(sign + 1);
	return args;
}

} // namespace

Call read_call(const Variables &variables)
{
	const auto text_of = [&variables](const char *name) { return variables(name).value_or(""); };
	const std::string word = text_of("CNI_COMMAND");
	const auto *const needs = std::find_if(all_needs.begin(), all_needs.end(),
					       [&word](const Needs &candidate) { return candidate.word == word; });
	if (needs == all_needs.end())
		throw CniError{ErrorCode::invalid_environment, fmt::format("CNI_COMMAND is '{}'", word),
			       "a container runtime calls this program with ADD, DEL, CHECK, GC, STATUS or VERSION; "
			       "docs/cni.md has the configuration"};

	Call call{.command = needs->command,
		  .attachment = {text_of("CNI_CONTAINERID"), text_of("CNI_IFNAME")},
		  .netns = text_of("CNI_NETNS"),
		  .args = read_args(text_of("CNI_ARGS")),
		  .path = split(text_of("CNI_PATH"), ':')};
	std::vector<std::string> wrong;
	if (needs->attachment && !is_container_id(call.attachment.container))
		wrong.push_back(fmt::format("CNI_CONTAINERID is '{}'", call.attachment.container));
	if (needs->attachment && !is_device_name(call.attachment.interface))
		wrong.push_back(fmt::format("CNI_IFNAME is '{}'", call.attachment.interface));
	if (needs->netns && call.netns.empty())
		wrong.emplace_back("CNI_NETNS is ''");
	if (!wrong.empty())
		throw CniError{ErrorCode::invalid_environment, fmt::format("{}", fmt::join(wrong, ", ")),
			       fmt::format("{} needs them as the CNI specification has them", word)};
	return call;
}

} // namespace etun::cni
