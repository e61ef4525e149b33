// SPDX-License-Identifier: GPL-2.0-only
#include "cni/commands.hpp"

#include "cni/cni_error.hpp"
#include "cni/delegate.hpp"
#include "cni/host_end.hpp"
#include "cni/place.hpp"
#include "libetun/link_request.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace etun::cni {
namespace {

/// What went wrong, while the rest was done nevertheless.
class Collected {
public:
	template <typename Act> void attempt(const Act &act)
	{
		try {
			act();
		} catch (const CniError &error) {
			errors_.push_back(error);
		}
	}

	/// One error stays as it is; of several the first one's code stays.
	void throw_if_any() const
	{
		if (errors_.empty())
			return;
		CniError all = errors_.front();
		for (std::size_t i = 1; i < errors_.size(); i++)
			all.message += "; " + errors_[i].message;
		throw CniError(all);
	}

private:
	std::vector<CniError> errors_;
};

/// With the host's end goes the container's, with its addresses and routes. The container's namespace need not be there
/// any more, as both ends go with it.
void remove(Place &host, const Link &end)
{
	const auto removed = host.socket().ask(delete_link(end.index));
	if (!removed && removed.error().number() != ENODEV)
		throw refusal("removing " + end.name, removed.error());
}

void need_gc(const Network &network)
{
	if (network.version < with_gc)
		throw CniError{ErrorCode::incompatible_version,
			       fmt::format("CNI {} has no GC", version_text(network.version)),
			       "set cniVersion to 1.1.0, which has it"};
}

} // namespace

void del(const Network &network, const Call &call)
{
	Collected errors;
	errors.attempt([&] { Delegate(network, call).tell("DEL"); });
	errors.attempt([&] {
		Place host = Place::host();
		const auto end = host.find(host_end_name(network.name, call.attachment));
		if (end && is_host_end(*end, network.name, call.attachment))
			remove(host, *end);
	});
	errors.throw_if_any();
}

void collect_garbage(const Network &network, const Call &call)
{
	need_gc(network);
	std::vector<std::string> valid;
	for (const AttachmentName &attachment : read_valid_attachments(network))
		valid.push_back(host_end_name(network.name, attachment));

	Collected errors;
	errors.attempt([&] { Delegate(network, call).tell("GC"); });
	errors.attempt([&] {
		Place host = Place::host();
		for (const Link &link : or_refusal(host.socket().links(link_kind), "the host's devices"))
			if (is_host_end_of(link, network.name) &&
			    std::find(valid.begin(), valid.end(), link.name) == valid.end())
				errors.attempt([&] { remove(host, link); });
	});
	errors.throw_if_any();
}

} // namespace etun::cni
