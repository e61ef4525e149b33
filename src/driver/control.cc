// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The control files newif and delif: a write is checked whole, then carried out whole or refused.
#include "core/request.hpp"
#include "driver/end.hpp"
#include "driver/module.hpp"
#include "driver/pair.hpp"
#include "kernel/context.hpp"
#include "kernel/log.hpp"

#include <string_view>

namespace etun {
namespace {

/// Nothing of a well-formed request may be taken already. Errors: Rule::name_taken.
Result<Done, Refusal> names_free(const Rtnl & /*held*/, net *here, std::string_view text)
{
	Words words(text);
	for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
		auto pair = pair_request(word);
		if (!pair)
			return fail(pair.error());
		for (const Name &name : {pair->first, pair->second})
			if (netdev_name_in_use(here, name.c_str()))
				return fail(Refusal{Rule::name_taken, word});
	}
	return Done{};
}

Result<Done, Refusal> make_pairs(const Rtnl &held, net *here, std::string_view text) ETUN_REQUIRES(rtnl_mutex);
Result<Done, Refusal> make_pairs(const Rtnl &held, net *here, std::string_view text)
{
	auto free = names_free(held, here, text);
	if (!free)
		return free;

	PairBatch batch(held);
	Words words(text);
	for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
		auto pair = pair_request(word);
		if (!pair)
			return fail(pair.error());
		auto added = batch.add({here, pair->first}, {here, pair->second});
		if (!added)
			return fail(Refusal{added.error().rule, word, added.error().kernel_error});
	}
	return batch.publish();
}

/// The end that \p word names. Errors: Rule::no_such_device, Rule::foreign_device.
Result<net_device *, Refusal> find_end(const Rtnl & /*held*/, net *here, std::string_view word)
{
	net_device *dev = __dev_get_by_name(here, Name(word).c_str());

	if (!dev)
		return fail(Refusal{Rule::no_such_device, word});
	if (!etun_k_is_etun(dev))
		return fail(Refusal{Rule::foreign_device, word});
	return dev;
}

Result<Done, Refusal> destroy_pairs(const Rtnl &held, net *here, std::string_view text)
{
	Words check(text);
	for (std::string_view word = check.next(); !word.empty(); word = check.next()) {
		auto end = find_end(held, here, word);
		if (!end)
			return fail(end.error());
	}

	UnregisterBatch batch(held);
	Words words(text);
	for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
		auto end = find_end(held, here, word);
		if (!end)
			return fail(end.error());
		retire_pair(held, *end, batch.list());
	}
	return Done{};
}

/// How the two control files differ.
struct Verb {
	const char *name;
	Result<std::size_t, Refusal> (*check)(std::string_view text);
	Result<Done, Refusal> (*carry_out)(const Rtnl &held, net *here, std::string_view text);
};

Result<Done, Refusal> serve(const Verb &verb, std::string_view text)
{
	net *here = etun_k_current_net();
	if (!etun_k_ns_capable_net_admin(here))
		return fail(Refusal{Rule::not_permitted, {}});
	auto checked = verb.check(text);
	if (!checked)
		return fail(checked.error());

	const RtnlGuard rtnl;
	auto taking = taking_requests(rtnl);
	if (!taking)
		return fail(Refusal{taking.error().rule, text});
	return verb.carry_out(rtnl, here, text);
}

/// 0, or the negative errno of the refusal, which the log explains.
int answer(const Verb &verb, const char *text)
{
	// A parameter on the loader's command line may come without a value.
	auto served = serve(verb, text ? std::string_view(text) : std::string_view());
	if (served)
		return 0;
	log_refusal(verb.name, served.error());
	return -served.error().error();
}

} // namespace
} // namespace etun

using namespace etun;

// CONTEXT: task, holding the module's parameter lock (sysfs write, or the loader).
int etun_newif(const char *text)
{
	return answer({"newif", check_newif, make_pairs}, text);
}

// CONTEXT: task, holding the module's parameter lock (sysfs write, or the loader).
int etun_delif(const char *text)
{
	return answer({"delif", check_delif, destroy_pairs}, text);
}
