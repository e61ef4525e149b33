// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "device.hpp"

#include <string>

namespace bench {

/// Many pairs of one kind, both ends in one namespace of their own. Names have three letters, so that those of a
/// thousand pairs fit a write to etun's files.
class Crowd {
public:
	Crowd(const Device &device, unsigned count);
	Crowd(const Crowd &) = delete;
	Crowd &operator=(const Crowd &) = delete;
	~Crowd();

	std::string first(unsigned number) const;
	std::string second(unsigned number) const;
	Namespace &where() { return *where_; }

	/// One rtnetlink message for each pair.
	void create();
	/// As few writes to newif and delif as names fit in.
	void create_by_newif();
	void remove_by_delif();
	void remove_one_by_one();
	/// One message that names a group of links, which the kernel deletes as a batch.
	void join_group();
	void remove_group();
	/// The namespace goes with all that is in it. Returns the nanoseconds until the last link is gone.
	double remove_with_namespace();
	void up();
	/// Sends so many frames to nobody, through one pair after the other. Returns nanoseconds per frame.
	double send_in_turn(unsigned frames);

private:
	const Device &device_;
	unsigned count_;
	std::unique_ptr<Namespace> where_;
	bool there_ = false;
};

} // namespace bench
