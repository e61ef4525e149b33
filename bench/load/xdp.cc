// SPDX-License-Identifier: GPL-2.0-only
// XDP programs at the receiving end of a flood. netkit has no XDP of its own, and 6.12 panics when the generic one
// meets pktgen's frames behind it: their buffers are shared, and netkit passes them on as they are.
#include "bpf.hpp"
#include "pktgen.hpp"
#include "workload.hpp"

#include <linux/ethtool.h>
#include <linux/if_link.h>

namespace bench {

namespace {

constexpr unsigned frames = 30'000;
constexpr Mac nobody{2, 0, 0, 0, 0, 0x99};

bool native_xdp(const Device &device)
{
	return plain_pairs(device) && device.kind != "netkit";
}

// veth takes frames of XDP only at an end that receives by NAPI.
void take_xdp_frames(const Device &device, const End &end)
{
	if (device.kind == "veth")
		end.where->ethtool(end.name, ETHTOOL_SGRO, 1);
}

// At home where pktgen is, a0; in a namespace of its own b0, which has the program, and c0; d0 in another.
class Field {
public:
	explicit Field(const Device &device)
		: first_(device, {&Namespace::home(), "a0", address(10, 0, 0, 1)},
			 {middle_.get(), "b0", address(10, 0, 0, 2)}),
		  second_(device, {middle_.get(), "c0", 0}, {far_.get(), "d0", 0})
	{
		take_xdp_frames(device, first_.a());
		take_xdp_frames(device, second_.b());
	}

	void attach(const std::string &action)
	{
		const Descriptor program = load_xdp(action, middle_->index_of("c0"));
		middle_->attach_xdp("b0", program, XDP_FLAGS_DRV_MODE);
		// What comes back wakes a veth only where there is a program too; for all devices, to compare like with
		// like.
		if (action == "tx")
			Namespace::home().attach_xdp("a0", load_xdp("pass"), XDP_FLAGS_DRV_MODE);
	}

	// Frames that the end has received to which the program lets them go.
	unsigned long long arrived(const std::string &action) const
	{
		if (action == "tx")
			return Namespace::home().received("a0");
		return action == "redirect" ? far_->received("d0") : middle_->received("b0");
	}

private:
	std::unique_ptr<Namespace> middle_ = Namespace::make(), far_ = Namespace::make();
	Cable first_, second_;
};

double flood()
{
	Flood plan;
	plan.devices = {"a0"};
	plan.mac = nobody;
	plan.to = address(10, 0, 0, 2);
	plan.frames = frames / 10;
	pktgen(plan);
	plan.frames = frames;
	return pktgen(plan);
}

// A workload is called xdp- and what its program does. What a device drops costs it little; so the frames are counted
// where they have to arrive.
std::vector<Value> run(const Workload &self, const Device &device)
{
	const std::string action(self.name.substr(4));
	Field field(device);
	field.attach(action);
	const auto before = field.arrived(action);
	const double each = flood();
	const auto arrived = field.arrived(action) - before;
	if (action != "drop" && arrived < frames)
		throw std::runtime_error("only " + std::to_string(arrived) + " frames arrived");
	return {{std::string(self.name), "ns/packet", each}};
}

const Workload workloads[] = {
	{"xdp-drop", run, native_xdp, "pktgen"},
	{"xdp-pass", run, native_xdp, "pktgen"},
	{"xdp-tx", run, native_xdp, "pktgen"},
	{"xdp-redirect", run, native_xdp, "pktgen"},
};

} // namespace

std::span<const Workload> xdp_workloads()
{
	return workloads;
}

} // namespace bench
