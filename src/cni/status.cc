// SPDX-License-Identifier: GPL-2.0-only
#include "cni/commands.hpp"

#include "cni/cni_error.hpp"
#include "cni/delegate.hpp"
#include "cni/place.hpp"
#include "libetun/link_request.hpp"

#include <fmt/format.h>

namespace etun::cni {
namespace {

/// Asks for a pair that no kernel makes, as no device has this MTU. A kernel with etun refuses it for that; so it is
/// known that the module is there or could be loaded, and that this process may ask.
void need_driver(Place &host)
{
	const PairDescription impossible{.one = {.name = "etuncni0", .mtu = 1}, .other = {.name = "etuncni1"}};
	const auto asked = host.socket().ask(create_pair(impossible));
	if (asked || asked.error().number() == EINVAL)
		return;
	CniError error = refusal("a pair", asked.error());
	error.code = ErrorCode::not_available;
	throw CniError(error);
}

} // namespace

void status(const Network &network, const Call &call)
{
	if (network.version < with_gc)
		throw CniError{ErrorCode::incompatible_version,
			       fmt::format("CNI {} has no STATUS", version_text(network.version)),
			       "set cniVersion to 1.1.0, which has it"};
	const AttachmentSettings settings = read_attachment(network, call);
	Place host = Place::host();
	need_driver(host);
	if (const auto bridge = settings.bridge ? host.find(settings.bridge->name) : std::nullopt;
	    bridge && bridge->kind != "bridge")
		throw CniError{ErrorCode::not_available, fmt::format("{} is no bridge", bridge->name),
			       "remove it, or name another one"};
	Delegate(network, call).tell("STATUS");
}

} // namespace etun::cni
