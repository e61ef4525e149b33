// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Which places of a small set are taken.
#ifndef ETUN_CORE_SLOTS_HPP
#define ETUN_CORE_SLOTS_HPP

namespace etun {

/// Places 0 to \p room - 1, each free or taken. Whoever changes it sees to it that nobody else does.
template <unsigned room> class Slots {
public:
	static_assert(room > 0 && room <= 64, "one word holds them all");

	/// Takes the lowest that is free; there must be one.
	[[nodiscard]] unsigned take()
	{
		const auto slot = static_cast<unsigned>(__builtin_ctzll(~taken_));
		taken_ |= 1ULL << slot;
		return slot;
	}

	/// Frees one that is taken.
	void give_back(unsigned slot) { taken_ &= ~(1ULL << slot); }

	bool full() const { return taken_ == all; }
	bool empty() const { return taken_ == 0; }

private:
	static constexpr unsigned long long all = ~0ULL >> (64 - room);
	unsigned long long taken_ = 0;
};

} // namespace etun

#endif
