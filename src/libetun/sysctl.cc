// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/sysctl.hpp"

#include <fcntl.h>

#include <algorithm>
#include <vector>

namespace etun {
namespace {

constexpr std::string_view root = "/proc/sys/";
/// More than any value that a sysctl of the network takes.
constexpr std::size_t value_max = 65536;

char other_separator(char c)
{
	if (c == '.')
		return '/';
	return c == '/' ? '.' : c;
}

std::string swapped(std::string_view text)
{
	std::string result(text);
	std::transform(result.begin(), result.end(), result.begin(), other_separator);
	return result;
}

bool is_part(std::string_view part)
{
	const auto bad = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
	return !part.empty() && part != "." && part != ".." && std::none_of(part.begin(), part.end(), bad);
}

std::vector<std::string_view> parts_of(std::string_view path)
{
	std::vector<std::string_view> parts;
	for (;;) {
		const std::size_t end = path.find('/');
		parts.push_back(path.substr(0, end));
		if (end == std::string_view::npos)
			return parts;
		path.remove_prefix(end + 1);
	}
}

} // namespace

std::optional<std::string> sysctl_path(std::string_view name)
{
	std::string path = swapped(name);
	const auto parts = parts_of(path);
	if (parts.size() < 3 || parts[0] != "net" || !std::all_of(parts.begin(), parts.end(), is_part))
		return {};
	return path;
}

std::string sysctl_name(std::string_view path)
{
	return swapped(path);
}

std::string_view device_of_sysctl(std::string_view path)
{
	constexpr std::size_t with_device = 5; // net/ipv4/conf/eth0/forwarding
	const auto parts = parts_of(path);
	if (parts.size() != with_device || (parts[2] != "conf" && parts[2] != "neigh"))
		return {};
	return parts[3];
}

std::string sysctl_value(std::string_view text)
{
	std::string value;
	for (const char c : text) {
		const bool blank = c == ' ' || c == '\t' || c == '\n';
		if (!blank)
			value += c;
		else if (!value.empty() && value.back() != ' ')
			value += ' ';
	}
	if (!value.empty() && value.back() == ' ')
		value.pop_back();
	return value;
}

Outcome<Sysctl> read_sysctl(const NetNamespace &where, const std::string &path)
{
	const auto visit = NamespaceVisit::enter(where);
	if (!visit)
		return fail(visit.error());
	const std::string file = std::string(root) + path;
	const Descriptor opened(open(file.c_str(), O_RDONLY | O_CLOEXEC));
	if (!opened)
		return system_failure("the sysctl can't be read");
	std::string text(value_max, '\0');
	const ssize_t bytes = read(opened.number(), text.data(), text.size());
	if (bytes < 0)
		return system_failure("the sysctl can't be read");
	text.resize(static_cast<std::size_t>(bytes));
	// The mode that this namespace gives it counts for root as well, which access(2) asks for.
	return Sysctl{sysctl_value(text), access(file.c_str(), W_OK) == 0};
}

Outcome<Done> write_sysctl(const NetNamespace &where, const std::string &path, const std::string &value)
{
	const auto visit = NamespaceVisit::enter(where);
	if (!visit)
		return fail(visit.error());
	const Descriptor opened(open((std::string(root) + path).c_str(), O_WRONLY | O_CLOEXEC));
	const std::string line = value + '\n';
	if (!opened || write(opened.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
		return system_failure("the sysctl can't be set");
	return Done{};
}

} // namespace etun
