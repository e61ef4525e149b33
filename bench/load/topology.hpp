// SPDX-License-Identifier: GPL-2.0-only
// Network namespaces, and what is set on the links in them.
#pragma once

#include "netlink.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace bench {

using Mac = std::array<unsigned char, 6>;
/// An IPv4 address in the host's byte order.
using Address = std::uint32_t;

constexpr Address address(unsigned a, unsigned b, unsigned c, unsigned d)
{
	return a << 24 | b << 16 | c << 8 | d;
}

/// A network namespace, and what can be asked of it. It goes with the last descriptor, socket or process in it.
class Namespace {
public:
	/// A new one, with its loopback up and IPv6 off, as its timers and messages would disturb the numbers.
	static std::unique_ptr<Namespace> make();
	/// That which the program was started in.
	static Namespace &home();

	Namespace(const Namespace &) = delete;
	Namespace &operator=(const Namespace &) = delete;
	~Namespace();

	int fd() const { return fd_; }
	void enter() const;
	Rtnetlink &rtnetlink() { return *rtnetlink_; }

	int index_of(const std::string &link) const;
	Mac mac_of(const std::string &link) const;
	/// Frames that the link has received since it was made.
	unsigned long long received(const std::string &link) const;
	bool has(const std::string &link) const;

	void up(const std::string &link, bool on = true);
	void set_mtu(const std::string &link, int mtu);
	void add_address(const std::string &link, Address address, int prefix);
	void add_neighbour(const std::string &link, Address address, const Mac &mac);
	void add_route(Address to, int prefix, Address gateway);
	void enslave(const std::string &link, const std::string &bridge);
	void add_plain(const std::string &kind, const std::string &link);
	void remove(const std::string &link);
	/// An old-style ethtool value, such as ETHTOOL_SGRO.
	void ethtool(const std::string &link, unsigned command, unsigned value);
	/// Attaches an XDP program; flags are those of IFLA_XDP_FLAGS. -1 takes it off.
	void attach_xdp(const std::string &link, int program, unsigned flags);
	void sysctl(const std::string &name, const std::string &value) const;

private:
	explicit Namespace(int fd);

	int fd_;
	std::optional<Rtnetlink> rtnetlink_;
};

/// The thread is in the namespace while this lives, and then at home again.
class Inside {
public:
	explicit Inside(const Namespace &where) { where.enter(); }
	Inside(const Inside &) = delete;
	Inside &operator=(const Inside &) = delete;
	~Inside() { Namespace::home().enter(); }
};

void write_file(const std::string &path, const std::string &text);
std::string read_file(const std::string &path);

} // namespace bench
