// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// errno values (errno(3)), positive, as Linux has them on every architecture that etun supports
/// (asm-generic/errno.h). They are spelled out because core includes no system header; a unit test compares.
#ifndef ETUN_CORE_ERRC_HPP
#define ETUN_CORE_ERRC_HPP

namespace etun::errc {

inline constexpr int eperm = 1;
inline constexpr int eagain = 11;
inline constexpr int enomem = 12;
inline constexpr int ebusy = 16;
inline constexpr int eexist = 17;
inline constexpr int enodev = 19;
inline constexpr int einval = 22;
inline constexpr int efbig = 27;
inline constexpr int enospc = 28;
inline constexpr int erange = 34;
inline constexpr int enametoolong = 36;
inline constexpr int enodata = 61;
inline constexpr int ebadmsg = 74;
inline constexpr int enotuniq = 76;
inline constexpr int eopnotsupp = 95;
inline constexpr int eaddrnotavail = 99;
inline constexpr int enetdown = 100;
inline constexpr int enotconn = 107;
inline constexpr int eshutdown = 108;
inline constexpr int eremoteio = 121;

} // namespace etun::errc

#endif
