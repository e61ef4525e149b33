// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// An owner of a file descriptor.
#ifndef ETUN_LIBETUN_DESCRIPTOR_HPP
#define ETUN_LIBETUN_DESCRIPTOR_HPP

#include <unistd.h>

#include <utility>

namespace etun {

/// Closes its descriptor; -1 is none.
class Descriptor {
public:
	explicit Descriptor(int number = -1) : number_(number) {}
	Descriptor(Descriptor &&other) noexcept : number_(std::exchange(other.number_, -1)) {}
	Descriptor &operator=(Descriptor &&other) noexcept
	{
		std::swap(number_, other.number_);
		return *this;
	}
	Descriptor(const Descriptor &) = delete;
	Descriptor &operator=(const Descriptor &) = delete;
	~Descriptor()
	{
		if (number_ >= 0)
			close(number_);
	}

	explicit operator bool() const { return number_ >= 0; }
	int number() const { return number_; }

private:
	int number_;
};

} // namespace etun

#endif
