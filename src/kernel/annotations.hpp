// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Clang's thread-safety annotations; nothing under gcc. `make lint` compiles the driver with them
/// (https://clang.llvm.org/docs/ThreadSafetyAnalysis.html).
#ifndef ETUN_KERNEL_ANNOTATIONS_HPP
#define ETUN_KERNEL_ANNOTATIONS_HPP

#ifdef __clang__
#define ETUN_TSA(x) __attribute__((x))
#else
#define ETUN_TSA(x)
#endif

#define ETUN_CAPABILITY(name) ETUN_TSA(capability(name))
#define ETUN_SCOPED_CAPABILITY ETUN_TSA(scoped_lockable)
#define ETUN_GUARDED_BY(lock) ETUN_TSA(guarded_by(lock))
#define ETUN_ACQUIRE(...) ETUN_TSA(acquire_capability(__VA_ARGS__))
#define ETUN_RELEASE(...) ETUN_TSA(release_capability(__VA_ARGS__))
#define ETUN_REQUIRES(...) ETUN_TSA(requires_capability(__VA_ARGS__))
#define ETUN_ASSERT_CAPABILITY(...) ETUN_TSA(assert_capability(__VA_ARGS__))

#endif
