// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/net_namespace.hpp"

#include "libetun/device_name.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace etun {
namespace {

/// That of the thread: a visit changes it for the thread alone.
constexpr const char *own_file = "/proc/thread-self/ns/net";

std::string file_of(const std::string &name)
{
	return std::string(netns_folder) + '/' + name;
}

Outcome<NetNamespace> open_namespace(const std::string &path, const std::string &name)
{
	NetNamespace found{
		.name = name, .identity = {}, .descriptor = Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC))};
	struct stat file {};
	if (!found.descriptor || fstat(found.descriptor.number(), &file) != 0)
		return system_failure("the network namespace can't be opened");
	found.identity = {file.st_dev, file.st_ino};
	return found;
}

std::vector<std::string> names()
{
	std::vector<std::string> found;
	const std::unique_ptr<DIR, int (*)(DIR *)> folder(opendir(netns_folder), closedir);
	while (const dirent *entry = folder ? readdir(folder.get()) : nullptr)
		if (entry->d_name[0] != '.')
			found.emplace_back(entry->d_name);
	std::sort(found.begin(), found.end());
	return found;
}

bool is_number(const std::string &text)
{
	return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A name before a PID, as `ip` has it.
Outcome<NetNamespace> named_or_at(const std::string &given)
{
	if (given.find('/') != std::string::npos)
		return namespace_at(given);
	auto named = named_namespace(given);
	if (!named && named.error().number() == ENOENT && is_number(given))
		return namespace_at("/proc/" + given + "/ns/net");
	return named;
}

/// The folder is a mount that is shared, so that names appear in all mount namespaces, as `ip netns` has it.
bool prepare_folder()
{
	if (mkdir(netns_folder, 0755) != 0 && errno != EEXIST)
		return false;
	if (mount("", netns_folder, "none", MS_SHARED | MS_REC, nullptr) == 0)
		return true;
	// It is no mount yet.
	return errno == EINVAL && mount(netns_folder, netns_folder, "none", MS_BIND | MS_REC, nullptr) == 0 &&
	       mount("", netns_folder, "none", MS_SHARED | MS_REC, nullptr) == 0;
}

} // namespace

bool is_called(const NetNamespace &netns, const std::string &name)
{
	return !name.empty() && (netns.name == name || std::find(netns.other_names.begin(), netns.other_names.end(),
								 name) != netns.other_names.end());
}

Outcome<NetNamespace> current_namespace()
{
	auto found = open_namespace(own_file, {});
	if (found)
		found->current = true;
	return found;
}

Outcome<NetNamespace> named_namespace(const std::string &name)
{
	if (name.empty() || name.find('/') != std::string::npos || name == "." || name == "..")
		return fail(Error(EINVAL, "not a name of a network namespace"));
	auto found = open_namespace(file_of(name), name);
	if (!found)
		return found;
	auto current = current_namespace();
	if (!current)
		return fail(current.error());
	// An empty file stays behind where a name's mount was lost. It lies on a file system of its own.
	if (found->identity.first != current->identity.first)
		return fail(Error(EINVAL, "the file is no network namespace"));
	found->current = found->identity == current->identity;
	return found;
}

Outcome<NetNamespace> namespace_at(const std::string &path)
{
	auto found = open_namespace(path, {});
	if (!found)
		return found;
	if (ioctl(found->descriptor.number(), NS_GET_NSTYPE) != CLONE_NEWNET)
		return fail(Error(EINVAL, "the file is no network namespace"));
	auto current = current_namespace();
	if (!current)
		return fail(current.error());
	found->current = found->identity == current->identity;
	return found;
}

Outcome<NetNamespace> given_namespace(const std::string &given)
{
	auto found = named_or_at(given);
	if (!found && found.error().number() == ENOENT)
		return fail(Error(ENOENT, "there is no such network namespace"));
	if (found)
		found->name = given;
	return found;
}

Outcome<std::vector<NetNamespace>> reachable_namespaces(std::vector<NetNamespace> others)
{
	auto current = current_namespace();
	if (!current)
		return fail(current.error());
	std::vector<NetNamespace> all;
	all.push_back(std::move(*current));
	for (const std::string &name : names()) {
		auto found = named_namespace(name);
		if (!found)
			continue;
		const auto same = [&found](const NetNamespace &other) { return other.identity == found->identity; };
		const auto known = std::find_if(all.begin(), all.end(), same);
		if (known == all.end())
			all.push_back(std::move(*found));
		else if (known->name.empty())
			known->name = name;
		else
			known->other_names.push_back(name);
	}
	for (NetNamespace &other : others) {
		const auto known = std::find_if(all.begin(), all.end(), [&other](const NetNamespace &candidate) {
			return candidate.identity == other.identity;
		});
		if (known == all.end())
			all.push_back(std::move(other));
		else if (!is_called(*known, other.name))
			known->other_names.push_back(other.name);
	}
	return all;
}

Outcome<Done> add_namespace(const std::string &name)
{
	auto home = current_namespace();
	if (!home)
		return fail(home.error());
	if (!is_netns_name(name))
		return fail(Error(EINVAL, "not a name of a network namespace"));
	if (!prepare_folder())
		return system_failure("the folder of named network namespaces can't be prepared");
	const std::string path = file_of(name);
	const Descriptor file(open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0));
	if (!file)
		return system_failure("the name of the network namespace can't be made");
	if (unshare(CLONE_NEWNET) != 0) {
		const Failure<Error> failure = system_failure("the network namespace can't be made");
		unlink(path.c_str());
		return failure;
	}
	const NamespaceVisit back(NamespaceVisit::returning(std::move(home->descriptor)));
	if (mount(own_file, path.c_str(), "none", MS_BIND, nullptr) != 0) {
		const Failure<Error> failure = system_failure("the network namespace can't be given its name");
		unlink(path.c_str());
		return failure;
	}
	return Done{};
}

Outcome<NetNamespace> unnamed_namespace()
{
	auto home = current_namespace();
	if (!home)
		return fail(home.error());
	if (unshare(CLONE_NEWNET) != 0)
		return system_failure("the network namespace can't be made");
	const NamespaceVisit back(NamespaceVisit::returning(std::move(home->descriptor)));
	return open_namespace(own_file, {});
}

Outcome<NamespaceVisit> NamespaceVisit::enter(const NetNamespace &where)
{
	if (where.current)
		return NamespaceVisit(Descriptor());
	Descriptor home(open(own_file, O_RDONLY | O_CLOEXEC));
	if (!home || setns(where.descriptor.number(), CLONE_NEWNET) != 0)
		return system_failure("the network namespace can't be entered");
	return NamespaceVisit(std::move(home));
}

NamespaceVisit::~NamespaceVisit()
{
	// Going on in the wrong namespace would act on other people's devices.
	if (home_ && setns(home_.number(), CLONE_NEWNET) != 0)
		std::abort();
}

} // namespace etun
