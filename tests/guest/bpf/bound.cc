// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Loads an XDP program that is bound to a device, as one that asks for metadata has to be, and attaches it.
/// it.
///
///   bound OBJECT PROGRAM DEVICE FOLDER     the maps are pinned in FOLDER
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <net/if.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

/// Newer than the kernel's headers in Debian 12 (linux/bpf.h of 6.3).
constexpr unsigned bound_only = 1U << 6;

int fail(const char *what)
{
	std::printf("%s: %s\n", what, std::strerror(errno));
	return 1;
}

} // namespace

int main(int count, char **words)
{
	if (count != 5) {
		std::printf("usage: bound OBJECT PROGRAM DEVICE FOLDER\n");
		return 2;
	}
	const unsigned device = if_nametoindex(words[3]);
	bpf_object *object = bpf_object__open(words[1]);
	bpf_program *program = object ? bpf_object__find_program_by_name(object, words[2]) : nullptr;
	if (device == 0 || !program)
		return fail(words[device == 0 ? 3 : 2]);
	bpf_program__set_ifindex(program, device);
	bpf_program__set_flags(program, bpf_program__flags(program) | bound_only);
	if (bpf_object__load(object) != 0)
		return fail("load");
	if (bpf_object__pin_maps(object, words[4]) != 0)
		return fail("pin");
	if (bpf_xdp_attach(static_cast<int>(device), bpf_program__fd(program), XDP_FLAGS_DRV_MODE, nullptr) != 0)
		return fail("attach");
	return 0;
}
