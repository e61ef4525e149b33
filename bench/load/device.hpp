// SPDX-License-Identifier: GPL-2.0-only
// The devices that are compared, and cables made of them.
#pragma once

#include "topology.hpp"
#include "uapi/etun.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bench {

/// How frames arrive at an end of an etun.
enum class Mode : std::uint8_t { Backlog = ETUN_MODE_BACKLOG, Napi = ETUN_MODE_NAPI, Direct = ETUN_MODE_DIRECT };

struct Device {
	std::string_view name;
	std::string_view kind;
	Mode mode = Mode::Backlog;
	/// GRO on at both ends, which is what makes veth receive by NAPI.
	bool gro = false;

	bool is_dummy() const { return kind == "dummy"; }
	bool is_loopback() const { return kind == "lo"; }
	bool is_pair() const { return !is_dummy() && !is_loopback(); }
};

/// All that are known; which of them this kernel has, the program finds out by trying.
std::span<const Device> all_devices();

/// Where a link is to be, and its name there.
struct Place {
	Namespace *where;
	std::string name;
};

/// Adds a pair by one message. Throws Refused.
void add_pair(const Device &device, const Place &a, const Place &b);
/// The words that make pairs of that kind, without names: for many pairs in a row, through one socket.
void add_pair(Rtnetlink &socket, const Device &device, const std::string &a, const std::string &b, int namespace_of_b);
/// Why the kernel refuses such a device, or nothing when it makes one.
std::string why_refused(const Device &device);

/// One end of a cable, with its address, and the only neighbour it has.
struct End {
	Namespace *where = nullptr;
	std::string name;
	Address address = 0;
};

/// Two ends that are up, have addresses and know each other, so that no ARP runs. lo is both ends of one, and dummy has
/// an end that nobody else hears.
class Cable {
public:
	/// Its own two namespaces.
	explicit Cable(const Device &device);
	Cable(const Device &device, const End &a, const End &b);
	Cable(const Cable &) = delete;
	Cable &operator=(const Cable &) = delete;
	~Cable();

	const End &a() const { return a_; }
	const End &b() const { return b_; }

private:
	void plug(const Device &device);

	std::unique_ptr<Namespace> left_;
	std::unique_ptr<Namespace> right_;
	End a_;
	End b_;
	bool made_ = false;
};

} // namespace bench
