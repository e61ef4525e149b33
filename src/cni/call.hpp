// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How a runtime calls the plugin: what stands in the environment.
#ifndef ETUN_CNI_CALL_HPP
#define ETUN_CNI_CALL_HPP

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace etun::cni {

enum class Command { add, del, check, gc, status, version };

/// An attachment of a network is named by its container and the interface there.
struct AttachmentName {
	std::string container;
	std::string interface;

	auto operator<=>(const AttachmentName &) const = default;
};

/// A call. What a command does not need may be empty.
struct Call {
	Command command = Command::version;
	AttachmentName attachment;
	std::string netns;			 ///< path of the container's network namespace
	std::map<std::string, std::string> args; ///< CNI_ARGS
	std::vector<std::string> path;		 ///< where plugins are
};

/// The value of a variable of the environment; nothing when it is not set.
using Variables = std::function<std::optional<std::string>(const char *name)>;

/// Reads a call. Throws a CniError that names all variables which are missing or make no sense.
Call read_call(const Variables &variables);

} // namespace etun::cni

#endif
