// SPDX-License-Identifier: GPL-2.0-only
// Programs without maps need no library: their section is their instructions.
#include "bpf.hpp"

#include <climits>
#include <cstring>
#include <elf.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace bench {

namespace {

// As in xdp.bpf.c.
constexpr int placeholder = 0x7ac6e7;

std::string object()
{
	char self[PATH_MAX] = {};
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		fail("/proc/self/exe");
	const std::string path(self);
	return read_file(path.substr(0, path.rfind('/')) + "/xdp.bpf.o");
}

template <class T> T at(const std::string &data, std::size_t offset)
{
	T value;
	if (offset + sizeof(value) > data.size())
		throw std::runtime_error("xdp.bpf.o is cut off");
	std::memcpy(&value, data.data() + offset, sizeof(value));
	return value;
}

std::vector<bpf_insn> instructions(const std::string &data, const std::string &name)
{
	const auto head = at<Elf64_Ehdr>(data, 0);
	const auto part = [&](unsigned number) {
		return at<Elf64_Shdr>(data, head.e_shoff + std::size_t{number} * head.e_shentsize);
	};
	const auto names = part(head.e_shstrndx);
	for (unsigned i = 0; i < head.e_shnum; i++) {
		const auto found = part(i);
		if ("xdp/" + name != data.c_str() + names.sh_offset + found.sh_name || found.sh_type != SHT_PROGBITS)
			continue;
		std::vector<bpf_insn> code;
		for (std::size_t at_ = 0; at_ < found.sh_size; at_ += sizeof(bpf_insn))
			code.push_back(at<bpf_insn>(data, found.sh_offset + at_));
		return code;
	}
	throw std::runtime_error("xdp.bpf.o has no program " + name);
}

} // namespace

Descriptor load_xdp(const std::string &name, int target)
{
	auto code = instructions(object(), name);
	for (auto &instruction : code)
		if (instruction.imm == placeholder)
			instruction.imm = target;
	bpf_attr request{};
	request.prog_type = BPF_PROG_TYPE_XDP;
	request.insns = reinterpret_cast<std::uint64_t>(code.data());
	request.insn_cnt = static_cast<std::uint32_t>(code.size());
	request.license = reinterpret_cast<std::uint64_t>("GPL");
	Descriptor loaded(static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &request, sizeof(request))));
	if (loaded < 0)
		fail("XDP program " + name);
	return loaded;
}

} // namespace bench
