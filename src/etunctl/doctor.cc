// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/doctor.hpp"

#include <fmt/core.h>
#include <regex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace etun {
namespace {

namespace fs = std::filesystem;

/// An extended regular expression (regex(7)).
class Pattern {
public:
	explicit Pattern(const char *text) { regcomp(&compiled_, text, REG_EXTENDED); }
	Pattern(const Pattern &) = delete;
	Pattern &operator=(const Pattern &) = delete;
	~Pattern() { regfree(&compiled_); }

	bool matches(const std::string &text) const { return regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0; }
	/// What the first pair of parentheses matches; empty when nothing does.
	std::string part_of(const std::string &text) const
	{
		std::array<regmatch_t, 2> found{};
		if (regexec(&compiled_, text.c_str(), found.size(), found.data(), 0) != 0)
			return {};
		return text.substr(static_cast<std::size_t>(found[1].rm_so),
				   static_cast<std::size_t>(found[1].rm_eo - found[1].rm_so));
	}

private:
	regex_t compiled_{};
};

/// The content of a file; empty when it can't be read.
std::string content(const Machine &machine, const std::string &path)
{
	std::ifstream file(machine.root + path);
	return {std::istreambuf_iterator<char>(file), {}};
}

bool exists(const Machine &machine, const std::string &path)
{
	std::error_code error;
	return fs::exists(machine.root + path, error);
}

bool has_program(const Machine &machine, const std::string &name)
{
	std::string_view left = machine.search_path;
	while (!left.empty()) {
		const std::string_view folder = left.substr(0, left.find(':'));
		if (!folder.empty() && exists(machine, fmt::format("{}/{}", folder, name)))
			return true;
		left.remove_prefix(std::min(left.size(), folder.size() + 1));
	}
	return false;
}

/// True when a line of a file with \p ending in one of \p folders matches.
bool any_line(const Machine &machine, std::initializer_list<const char *> folders, std::string_view ending,
	      const Pattern &wanted)
{
	for (const char *folder : folders) {
		std::error_code error;
		for (const auto &entry : fs::directory_iterator(machine.root + folder, error)) {
			if (entry.path().extension() != ending)
				continue;
			std::ifstream file(entry.path());
			for (std::string line; std::getline(file, line);)
				if (wanted.matches(line))
					return true;
		}
	}
	return false;
}

bool module_loaded(const Machine &machine)
{
	return exists(machine, "/sys/module/etun");
}

bool module_installed(const Machine &machine)
{
	return content(machine, fmt::format("/lib/modules/{}/modules.dep", machine.release)).find("/etun.ko") !=
	       std::string::npos;
}

Finding module_finding(const Machine &machine)
{
	if (module_loaded(machine)) {
		std::string version = content(machine, "/sys/module/etun/version");
		version.resize(std::min(version.size(), version.find('\n')));
		if (version == ETUN_VERSION)
			return {Health::good, "module", fmt::format("loaded, version {}", version)};
		return {Health::note, "module",
			fmt::format("the module is of version '{}', etunctl of {}", version, ETUN_VERSION),
			"make module && sudo make install, then reload it, which destroys all pairs: modprobe -r etun "
			"&& "
			"modprobe etun"};
	}
	if (module_installed(machine))
		return {Health::note, "module", "installed, but not loaded",
			"modprobe etun; `etunctl add` and `ip link add type etun` load it too"};
	return {Health::problem, "module", fmt::format("not installed for the running kernel {}", machine.release),
		"in etun's source folder: make module && sudo make install; again after each kernel update"};
}

Finding kernel_finding(const Machine &machine)
{
	for (const char *series : {"6.1.", "6.12."})
		if (machine.release.starts_with(series))
			return {Health::good, "kernel",
				fmt::format("{}, a series that etun is tested on", machine.release)};
	return {Health::note, "kernel", fmt::format("{}; etun is tested on 6.1 and 6.12 of Debian 12", machine.release),
		"whether it works here is to be tried"};
}

/// What is missing for building the module is a problem only where there is none.
Finding for_building(const Machine &machine, const char *subject, std::string what, std::string remedy)
{
	const bool needed = !module_loaded(machine) && !module_installed(machine);
	return {needed ? Health::problem : Health::note, subject, std::move(what), std::move(remedy)};
}

Finding headers_finding(const Machine &machine)
{
	if (exists(machine, fmt::format("/lib/modules/{}/build/Makefile", machine.release)))
		return {Health::good, "headers", "there, the module can be built"};
	return for_building(machine, "headers", "the headers of the running kernel are missing: no module can be built",
			    fmt::format("apt install linux-headers-{}", machine.release));
}

Finding compiler_finding(const Machine &machine)
{
	const std::string version = content(machine, "/proc/version");
	// "(gcc-12 (Debian 12.2.0-14) 12.2.0, ..." or "(x86_64-linux-gnu-gcc-12 (Debian ...".
	const std::string major = Pattern("gcc[^,]*\\) ([0-9]+)\\.[0-9]+").part_of(version);
	if (major.empty())
		return {Health::note, "compiler", "what compiler built the kernel can't be read from /proc/version",
			"the module needs a g++ of the same major version"};
	const std::string program = "g++-" + major;
	if (has_program(machine, program))
		return {Health::good, "compiler", program + ", of the version that built the kernel"};
	return for_building(machine, "compiler",
			    fmt::format("{} is missing; the kernel was built by gcc {}", program, major),
			    fmt::format("apt install gcc-{} {}", major, program));
}

Finding signature_finding(const Machine &machine)
{
	const std::string lockdown = content(machine, "/sys/kernel/security/lockdown");
	if (lockdown.empty() || lockdown.find("[none]") != std::string::npos)
		return {Health::good, "signature", "this kernel loads modules that are not signed"};
	return {module_loaded(machine) ? Health::good : Health::problem, "signature",
		"the kernel is locked down (Secure Boot) and loads signed modules alone",
		"sign etun.ko with a key of yours that is enrolled (mokutil(1)), or switch Secure Boot off"};
}

Finding blocked_finding(const Machine &machine)
{
	const Pattern block("^[[:space:]]*(blacklist[[:space:]]+etun[[:space:]]*$|install[[:space:]]+etun[[:space:]])");
	if (!any_line(machine, {"/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"},
		      ".conf", block))
		return {Health::good, "modprobe.d", "nothing keeps the module from being loaded"};
	return {module_loaded(machine) ? Health::note : Health::problem, "modprobe.d",
		"a file in modprobe.d keeps the module from being loaded",
		"grep -rE '(blacklist|install) +etun' /etc/modprobe.d /run/modprobe.d /lib/modprobe.d, and remove the "
		"line"};
}

bool has_plugin(const Machine &machine)
{
	if (!machine.plugin_folder.empty())
		return exists(machine, machine.plugin_folder + "/link_etun.so");
	std::error_code error;
	for (const auto &entry : fs::directory_iterator(machine.root + "/usr/lib", error))
		if (fs::exists(entry.path() / "ip/link_etun.so", error))
			return true;
	return false;
}

Finding plugin_finding(const Machine &machine)
{
	if (!has_program(machine, "ip"))
		return {Health::note, "iproute2", "there is no `ip`; etunctl does not need it", "apt install iproute2"};
	if (has_plugin(machine))
		return {Health::good, "iproute2", "`ip` finds the plugin for the type etun"};
	return {Health::note, "iproute2", "`ip` has no plugin for the type etun: it can't name a peer",
		"in etun's source folder: sudo make install-plugin"};
}

struct Sysctl {
	const char *name;
	const char *file;
	bool (*matters)(long value);
	const char *what;
	const char *remedy;
};

constexpr std::array sysctls{
	Sysctl{"bridge-nf-call-iptables", "/proc/sys/net/bridge/bridge-nf-call-iptables",
	       [](long value) { return value != 0; },
	       "frames between ports of a bridge pass iptables, which may drop them",
	       "sysctl net.bridge.bridge-nf-call-iptables=0, unless Docker or Kubernetes need it"},
	Sysctl{"rp_filter", "/proc/sys/net/ipv4/conf/all/rp_filter", [](long value) { return value == 1; },
	       "packets between two ends in one namespace are dropped as from a wrong device",
	       "put the ends into different namespaces, or sysctl net.ipv4.conf.all.rp_filter=2"},
	Sysctl{"netdev_max_backlog", "/proc/sys/net/core/netdev_max_backlog", [](long value) { return value < 1000; },
	       "bursts in mode backlog are dropped early", "sysctl net.core.netdev_max_backlog=1000, or mode napi"},
};

void examine_sysctls(const Machine &machine, std::vector<Finding> &findings)
{
	const std::size_t before = findings.size();
	for (const Sysctl &sysctl : sysctls) {
		const std::string text = content(machine, sysctl.file);
		if (!text.empty() && sysctl.matters(std::strtol(text.c_str(), nullptr, 10)))
			findings.push_back({Health::note, "sysctl", fmt::format("{}: {}", sysctl.name, sysctl.what),
					    sysctl.remedy});
	}
	if (findings.size() == before)
		findings.push_back({Health::good, "sysctl", "nothing that drops a pair's frames"});
}

Finding addresses_finding(const Machine &machine)
{
	const auto any = [&machine](const char *line) {
		return any_line(machine,
				{"/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network",
				 "/lib/systemd/network"},
				".link", Pattern(line));
	};
	if (!any("^MACAddressPolicy=persistent") || any("^Driver=etun"))
		return {Health::good, "udev", "leaves the addresses of new ends alone"};
	return {Health::note, "udev", "replaces the random address of a new end (MACAddressPolicy=persistent)",
		"give addresses when the pair is made: etunctl add --mac-a ... --mac-b ..."};
}

Finding manager_finding(const Machine &machine)
{
	if (!exists(machine, "/run/NetworkManager"))
		return {Health::good, "manager", "NetworkManager does not run"};
	if (any_line(machine, {"/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d"},
		     ".rules", Pattern("etun.*NM_UNMANAGED")))
		return {Health::good, "manager", "NetworkManager leaves etun ends alone"};
	return {Health::note, "manager", "NetworkManager may configure ends that are in its namespace",
		"nmcli device set NAME managed no"};
}

Finding privilege_finding(const Machine &machine)
{
	if (machine.root_user)
		return {Health::good, "privilege", "root"};
	return {Health::note, "privilege", "not root: pairs can be listed in this namespace, and nothing else",
		"sudo etunctl ..."};
}

} // namespace

Machine this_machine()
{
	utsname name{};
	uname(&name);
	const char *path = std::getenv("PATH");
	const char *plugin_folder = std::getenv("IP_LIB_DIR");
	// `ip` lies where a user's path need not lead.
	return {{},
		name.release,
		fmt::format("{}:/usr/sbin:/sbin", path ? path : ""),
		plugin_folder ? plugin_folder : "",
		geteuid() == 0};
}

std::vector<Finding> examine(const Machine &machine)
{
	std::vector<Finding> findings{module_finding(machine),	 kernel_finding(machine),    headers_finding(machine),
				      compiler_finding(machine), signature_finding(machine), blocked_finding(machine),
				      plugin_finding(machine),	 addresses_finding(machine), manager_finding(machine),
				      privilege_finding(machine)};
	examine_sysctls(machine, findings);
	return findings;
}

} // namespace etun
