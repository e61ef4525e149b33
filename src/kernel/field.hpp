// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Fields of kernel structures, read and written in place. The offsets are computed by the C compiler for
/// the kernel at hand (offsets.c), so an access is the one machine instruction that C would make.
#ifndef ETUN_KERNEL_FIELD_HPP
#define ETUN_KERNEL_FIELD_HPP

#include "kernel/boundary.h"
#include "kernel/koffsets.h"

namespace etun {

/// The field of type \p T at \p offset bytes in a kernel object that is opaque here.
template <typename T, unsigned long offset, unsigned long bytes> struct Field {
	static_assert(sizeof(T) == bytes, "the kernel's field has another size");

	/// Reads the field. The context is that of the field.
	static T get(const void *object)
	{
		// SAFETY: offset and size are the kernel's own, and the caller's object is of that kind.
		return *reinterpret_cast<const T *>(static_cast<const char *>(object) + offset);
	}

	/// Writes the field.
	static void set(void *object, T value)
	{
		// SAFETY: as in get(), and the caller may change the object.
		*reinterpret_cast<T *>(static_cast<char *>(object) + offset) = value;
	}

	/// Writes a field that others read or write at the same time, as WRITE_ONCE() does.
	static void write_once(void *object, T value)
	{
		// SAFETY: as in set().
		__atomic_store_n(reinterpret_cast<T *>(static_cast<char *>(object) + offset), value, __ATOMIC_RELAXED);
	}
};

#define ETUN_FIELD(type, structure, field)                                                                             \
	::etun::Field<type, koffset::structure##_##field, koffset::structure##_##field##_bytes>

} // namespace etun

#endif
