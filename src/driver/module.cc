// SPDX-License-Identifier: GPL-2.0-only
#include "driver/module.hpp"

#include "driver/counter_pool.hpp"
#include "driver/version.hpp"

namespace etun {
namespace {

enum class Stage : unsigned char { loading, running, unloading };

/// The control files exist before etun_load() and after etun_unload(), so both ends of the module's life are
/// states of their own.
constinit Stage stage ETUN_GUARDED_BY(rtnl_mutex) = Stage::loading;

void enter(Stage next)
{
	const RtnlGuard rtnl;

	stage = next;
}

} // namespace

Result<Done, Refusal> taking_requests(const Rtnl & /*held*/)
{
	switch (stage) {
	case Stage::loading:
		return fail(Refusal{Rule::not_ready, {}});
	case Stage::running:
		return Done{};
	case Stage::unloading:
		break;
	}
	return fail(Refusal{Rule::unloading, {}});
}

} // namespace etun

using namespace etun;

// CONTEXT: task (module_init).
int etun_load()
{
	prepare_counter_pool();
	if (const int error = etun_k_notifier_register())
		return error;
	if (const int error = etun_k_link_register()) {
		etun_k_notifier_unregister();
		return error;
	}
	enter(Stage::running);
	etun_k_log("Ethernet devices joined back to back, version " ETUN_VERSION);
	return 0;
}

// CONTEXT: task (module_exit). Destroys every pair in every namespace.
void etun_unload()
{
	enter(Stage::unloading);
	etun_k_link_unregister();
	etun_k_notifier_unregister();
}
