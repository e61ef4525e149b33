// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Devices that have a name which is wanted, and go. A pair goes with the namespace of either end, but the kernel
/// destroys namespaces in its own time: when `ip netns del` has returned, or a container's last process has ended, the
/// other end is there for a while yet, and its name is taken.
#ifndef ETUN_LIBETUN_NAMESAKE_HPP
#define ETUN_LIBETUN_NAMESAKE_HPP

#include "libetun/message.hpp"
#include "libetun/net_namespace.hpp"
#include "libetun/route_socket.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace etun {

/// What is to be expected of the device that has a name.
enum class Stay {
	gone,	///< there is none
	goes,	///< the namespace that it leads into is being destroyed, and it with that
	may_go, ///< that namespace has no name: nothing tells whether somebody keeps it
	stays,	///< it leads into a namespace that has a name, or into no other one
};

/// That of the device called \p name in the namespace of \p socket.
Outcome<Stay> stay_of(RouteSocket &socket, const std::string &name);

/// A name that a request takes, and where. The namespace must outlive it.
struct WantedName {
	const NetNamespace &where;
	std::string name;
};

/// How long it is waited for names, from the first one on: a second, and longer once one was seen to go.
class NamesakeWait {
public:
	NamesakeWait() : begin_(std::chrono::steady_clock::now()) {}

	/// Waits until no device has that name, as long as one may go. False when there is one, or nothing can be seen
	/// there.
	bool until_free(const WantedName &wanted);
	/// The same for all of them.
	bool until_free(const std::vector<WantedName> &all);
	/// True once it has waited for as long as it does.
	bool is_over() const { return std::chrono::steady_clock::now() - begin_ >= patience_; }

private:
	std::chrono::steady_clock::time_point begin_;
	std::chrono::milliseconds patience_{1000};
};

/// Sends \p request, which takes the names \p wanted; when one is taken by a device that goes or may go, again until it
/// has gone. EEXIST with our reason when that was waited for in vain.
Outcome<Done> ask_for_names(RouteSocket &socket, const Message &request, const std::vector<WantedName> &wanted);

} // namespace etun

#endif
