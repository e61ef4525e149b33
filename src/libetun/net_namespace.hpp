// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Network namespaces: the current one, those that `ip netns` has given a name, and such as are given by a PID or a
/// path.
#ifndef ETUN_LIBETUN_NET_NAMESPACE_HPP
#define ETUN_LIBETUN_NET_NAMESPACE_HPP

#include "libetun/descriptor.hpp"
#include "libetun/error.hpp"

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace etun {

/// Where names of namespaces are bound to them (ip-netns(8)).
inline constexpr const char *netns_folder = "/run/netns";

/// A namespace that is kept open, so it can't go meanwhile.
struct NetNamespace {
	std::string name; ///< empty when it has none
	std::vector<std::string> other_names = {};
	bool current = false;
	std::pair<dev_t, ino_t> identity = {}; ///< two names of one namespace have the same
	Descriptor descriptor = Descriptor();
};

/// True when \p name is one of its names.
bool is_called(const NetNamespace &netns, const std::string &name);

/// The namespace that this thread is in.
Outcome<NetNamespace> current_namespace();
/// The one of that name. ENOENT when there is none, EINVAL when the file of that name is no network namespace.
Outcome<NetNamespace> named_namespace(const std::string &name);
/// The one that the file \p path is: below /proc or bound to a name. ENOENT when there is none, EINVAL when it is no
/// network namespace, as a file that lost its mount.
Outcome<NetNamespace> namespace_at(const std::string &path);
/// The one that a person gives as `ip` takes it: by a name, else by the PID of a process in it; or by a path, which has
/// a slash. It is called as it was given. ENOENT when there is none, else as the two above.
Outcome<NetNamespace> given_namespace(const std::string &given);
/// The current one first, then those with names in their order, then \p others; each once. Such as may not be opened
/// are left out. What one of \p others is called becomes another name of one that is there already.
Outcome<std::vector<NetNamespace>> reachable_namespaces(std::vector<NetNamespace> others = {});

/// Makes a namespace with a name, as `ip netns add` does. EEXIST when the name is taken. Needs CAP_SYS_ADMIN.
Outcome<Done> add_namespace(const std::string &name);

/// Makes one without a name, which goes with its descriptor: as new as one that add_namespace() makes. Needs
/// CAP_SYS_ADMIN.
Outcome<NetNamespace> unnamed_namespace();

/// This thread in another namespace, until the owner goes. Nothing happens where that is the current one, so that takes
/// no privilege; else CAP_SYS_ADMIN.
class NamespaceVisit {
public:
	static Outcome<NamespaceVisit> enter(const NetNamespace &where);
	/// For who has left \p home already.
	static NamespaceVisit returning(Descriptor home) { return NamespaceVisit(std::move(home)); }

	NamespaceVisit(NamespaceVisit &&) = default;
	NamespaceVisit &operator=(NamespaceVisit &&) = delete;
	~NamespaceVisit();

private:
	explicit NamespaceVisit(Descriptor home) : home_(std::move(home)) {}

	Descriptor home_;
};

} // namespace etun

#endif
