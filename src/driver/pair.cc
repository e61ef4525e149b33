// SPDX-License-Identifier: GPL-2.0-only
#include "driver/pair.hpp"

#include "core/address.hpp"
#include "core/errc.hpp"
#include "driver/announcement.hpp"
#include "driver/channels.hpp"
#include "driver/end.hpp"
#include "driver/link_state.hpp"
#include "driver/queue_totals.hpp"
#include "driver/receive.hpp"

#include <initializer_list>

namespace etun {
namespace {

/// The last pair_id given out.
constinit u64 last_pair_id ETUN_GUARDED_BY(rtnl_mutex) = 0;

/// Tells what the kernel's errno means in terms of the request.
Refusal refusal_of(int kernel_error, std::string_view input)
{
	if (kernel_error == errc::eexist)
		return {Rule::name_taken, input};
	if (kernel_error == errc::enomem)
		return {Rule::no_memory, input};
	return {Rule::kernel_refused, input, kernel_error};
}

void join(const Rtnl &held, net_device *first, net_device *second) ETUN_REQUIRES(rtnl_mutex);
void join(const Rtnl &held, net_device *first, net_device *second)
{
	const u64 id = ++last_pair_id;
	End::of(first).join(held, second, id);
	End::of(second).join(held, first, id);
}

/// Turns generic receive offload off, as if nobody had asked for it.
void gro_off(const Rtnl &held, net_device *dev)
{
	etun_k_dev_features_off(dev, koffset::feature_gro);
	End::of(dev).settings(held).gro = false;
}

void part(const Rtnl &held, net_device *dev, net_device *peer)
{
	End::of(dev).part(held);
	if (peer)
		End::of(peer).part(held);
}

/// Joins two ends for as long as it lives, or for good after keep().
class [[nodiscard]] Joined {
public:
	Joined(const Rtnl &held, net_device *first, net_device *second) ETUN_REQUIRES(rtnl_mutex)
		: rtnl_(held), first_(first), second_(second)
	{
		join(held, first, second);
	}
	Joined(const Joined &) = delete;
	Joined &operator=(const Joined &) = delete;
	~Joined()
	{
		if (first_)
			part(rtnl_, first_, second_);
	}
	void keep() { first_ = nullptr; }

private:
	const Rtnl &rtnl_;
	net_device *first_;
	net_device *second_;
};

} // namespace

void address_unless_given(net_device *dev, nlattr **attributes)
{
	const u8 *address;
	int bytes;
	if (!attributes || !etun_k_attribute_address(attributes, &address, &bytes))
		etun_k_dev_addr_random(dev, random_address(get_random_u64()).octets);
}

Result<UnregisteredDevice, Refusal> make_end(const Rtnl &held, const EndRequest &request)
{
	net_device *dev = etun_k_rtnl_create_link(request.net, request.name.c_str(), request.name_given,
						  request.attributes, request.extack);
	if (is_error(dev))
		return fail(refusal_of(error_of(dev), {}));

	address_unless_given(dev, request.described ? request.attributes : nullptr);
	queues_unless_given(held, dev, request.attributes);
	set_initial_ifindex(held, dev, request.index);
	return UnregisteredDevice(dev);
}

Result<Done, Refusal> register_pair(const Rtnl &held, UnregisteredDevice &first, UnregisteredDevice &second)
{
	// Declared first, so parted last: while either can be seen, it has its peer.
	Joined joined(held, first.get(), second.get());

	for (net_device *dev : {first.get(), second.get()}) {
		etun_k_dev_perm_addr_keep(dev);
		netif_carrier_off(dev);
		update_xdp_features(held, dev);
	}
	if (const int error = register_netdevice(first.get()); error < 0)
		return fail(refusal_of(-error, {}));
	if (const int error = register_netdevice(second.get()); error < 0) {
		// The kernel frees what was registered once; free_netdev() would only be told to wait for that.
		unregister_netdevice_queue(first.release(), nullptr);
		return fail(refusal_of(-error, {}));
	}
	// Registration turns it on; on a pair it costs more than it gains.
	for (net_device *dev : {first.get(), second.get()})
		gro_off(held, dev);
	// The core worked out the first end's operational state when its peer had no index yet.
	linkwatch_fire_event(first.get());
	joined.keep();
	return Done{};
}

void retire_pair(const Rtnl &held, net_device *dev, list_head *batch)
{
	End &end = End::of(dev);
	net_device *peer = end.peer(held);

	if (std::exchange(end.retired(held), true))
		return;
	part(held, dev, peer);
	unregister_netdevice_queue(dev, batch);
	if (!peer)
		return;
	End::of(peer).retired(held) = true;
	etun_k_unregister_queue_net(etun_k_dev_net(dev), peer, batch);
}

PairBatch::~PairBatch()
{
	if (!head_)
		return;
	UnregisterBatch batch(rtnl_);
	while (head_) {
		net_device *dev = head_;
		head_ = End::of(dev).batch_next(rtnl_);
		retire_pair(rtnl_, dev, batch.list());
	}
}

Result<Done, Refusal> PairBatch::add(const EndRequest &first, const EndRequest &second)
{
	auto one = make_end(rtnl_, first);
	if (!one)
		return fail(one.error());
	auto other = make_end(rtnl_, second);
	if (!other)
		return fail(other.error());
	auto registered = register_pair(rtnl_, *one, *other);
	if (!registered)
		return registered;

	static_cast<void>(other->release()); // its peer leads to it
	net_device *dev = one->release();
	(tail_ ? End::of(tail_).batch_next(rtnl_) : head_) = dev;
	tail_ = dev;
	return Done{};
}

Result<Done, Refusal> PairBatch::publish()
{
	for (net_device *dev = head_; dev; dev = End::of(dev).batch_next(rtnl_))
		for (net_device *end : {dev, End::of(dev).peer(rtnl_)})
			if (const int error = etun_k_rtnl_configure_link(end, nullptr); error < 0)
				return fail(refusal_of(-error, {}));

	while (head_)
		head_ = std::exchange(End::of(head_).batch_next(rtnl_), nullptr);
	return Done{};
}

} // namespace etun

using namespace etun;

// CONTEXT: task, under RTNL (ndo_init): the device is being registered.
int etun_init(net_device *dev)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);

	etun_k_dev_lockdep_classes(dev);
	return end.counter_place().take(rtnl, end.counters()) ? 0 : -errc::enomem;
}

// CONTEXT: task, under RTNL (NETDEV_REGISTER): the device is new, or has just come into another namespace.
//
// Where it went, and under which index, is what a dump of the peer shows. Whose namespace it is decides on direct
// delivery, in both directions.
void etun_device_registered(net_device *dev)
{
	const RtnlHeld rtnl;
	End &end = End::of(dev);
	net_device *peer = end.peer(rtnl);

	if (end.registered(rtnl) && peer) {
		update_direct(rtnl, dev);
		update_direct(rtnl, peer);
		announce(rtnl, peer);
	}
	end.registered(rtnl) = true;
}

// CONTEXT: task (priv_destructor): nobody knows the device any more. Without RTNL, but for a registration that failed.
void etun_destroy(net_device *dev)
{
	QueueTotals::destroy(dev);
	End &end = End::of(dev);

	end.counter_place().give_back(end.counters());
}

// CONTEXT: task, under RTNL (ndo_uninit): the device is unregistered and its readers have gone, or its registration
// failed. Who holds a reference, as Open vSwitch does for a port, may still call what needs no RTNL.
//
// Whoever unregisters an end without dellink (another module can) leaves its peer without one, not with a
// pointer to nothing.
void etun_uninit(net_device *dev)
{
	const RtnlHeld rtnl;
	net_device *peer = End::of(dev).peer(rtnl);

	part(rtnl, dev, peer);
	if (!peer)
		return;
	update_link(rtnl, peer);
	// Of an end that was never there nobody has heard, nor of its peer.
	if (End::of(dev).registered(rtnl))
		announce(rtnl, peer);
}
