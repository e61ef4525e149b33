// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/topology_commands.hpp"

#include "etunctl/end_lookup.hpp"
#include "etunctl/interrupt.hpp"
#include "etunctl/step_carrier.hpp"
#include "etunctl/surroundings.hpp"
#include "etunctl/topology_file.hpp"
#include "etunctl/topology_plan.hpp"
#include "libetun/complaint.hpp"
#include "libetun/descriptor.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace etun {
namespace {

Complaint complaint_about_file(const std::string &file, std::string_view what, int number, std::string remedy)
{
	Complaint complaint = complaint_about(file, Error(number, what));
	complaint.remedy = std::move(remedy);
	return complaint;
}

std::string content_of(const std::string &file)
{
	std::ifstream opened;
	errno = 0;
	if (file != "-")
		opened.open(file);
	int number = errno;
	std::istream &from = file == "-" ? std::cin : opened;
	std::ostringstream content;
	content << from.rdbuf();
	// A folder can be opened, but not read; what the streams say of that they say of an empty file, too.
	std::error_code error;
	if (std::filesystem::is_directory(file, error))
		number = EISDIR;
	if (!from || number == EISDIR)
		throw complaint_about_file(file, "the file can't be read", number, "`etunctl save FILE` writes one");
	return content.str();
}

/// What is said of standard input.
std::string title_of(const std::string &file)
{
	return file == "-" ? "standard input" : file;
}

/// Where in a file something is wrong, together with the file.
template <typename Act> auto in_file(const std::string &file, const Act &act)
{
	try {
		return act();
	} catch (Complaint &complaint) {
		complaint.what = fmt::format("{}: {}", title_of(file), complaint.what);
		throw;
	}
}

std::string_view first_line(std::string_view text)
{
	return text.substr(0, text.find('\n'));
}

constexpr std::string_view again = "then apply again: it does what is left";

[[noreturn]] void complain(const Step &step, const Error &error, std::size_t done, std::size_t total)
{
	Complaint complaint = complaint_about(fmt::format("apply: {}", first_line(step.text)), error);
	complaint.what += fmt::format("; {} of {} steps were done before it, and stay", done, total);
	complaint.remedy = complaint.remedy.empty() ? fmt::format("put it right, {}", again)
						    : fmt::format("{}; {}", complaint.remedy, again);
	throw complaint;
}

void carry_out(const std::vector<Step> &steps)
{
	notice_interrupts();
	StepCarrier carrier;
	for (std::size_t done = 0; done < steps.size(); done++) {
		if (interrupted())
			throw Complaint{ExitStatus::refused,
					fmt::format("apply: interrupted; {} of {} steps were done, and stay", done,
						    steps.size()),
					std::string(again)};
		if (const auto outcome = carrier.carry_out(steps[done]); !outcome)
			complain(steps[done], outcome.error(), done, steps.size());
		fmt::print("{}\n", steps[done].text);
		// So that it stands in front of what may be said on standard error.
		std::fflush(stdout);
	}
}

void tell_unsaved(const Topology &saved, const Inventory &present)
{
	if (const auto lacks = left_out(saved, present); !lacks.empty())
		fmt::print(stderr, "etunctl: save: not in the file: {}\n", fmt::join(lacks, "; "));
	for (const Pair &pair : present.census.pairs) {
		if (!pair.other)
			fmt::print(stderr, "etunctl: save: {} is left out, as its peer can't be seen from here\n",
				   to_text(name_of(present.census, pair.one)));
		for (const PlacedEnd *end : ends_of(pair))
			if (!is_mode(static_cast<unsigned>(end->link.end->mode)))
				fmt::print(stderr,
					   "etunctl: save: the mode of {} is one that this etunctl does not know\n",
					   to_text(name_of(present.census, *end)));
	}
}

bool write_all(const Descriptor &file, std::string_view text)
{
	while (!text.empty()) {
		const ssize_t written = write(file.number(), text.data(), text.size());
		if (written < 0 && errno != EINTR)
			return false;
		text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
	}
	return true;
}

/// Writes \p file as a whole, or leaves it as it was: beside it first, then in its place. A symbolic link stays, and
/// what is no regular file, as a pipe, is written to. False with errno when that fails.
bool write_whole(const std::string &file, std::string_view text)
{
	std::error_code error;
	const std::filesystem::path resolved = std::filesystem::weakly_canonical(file, error);
	const std::string place = error ? file : resolved.string();
	struct stat there = {};
	const bool exists = stat(place.c_str(), &there) == 0;
	if (exists && !S_ISREG(there.st_mode)) {
		const Descriptor to(open(file.c_str(), O_WRONLY | O_CLOEXEC));
		return to && write_all(to, text);
	}
	const std::string beside = fmt::format("{}.{}.new", place, getpid());
	const Descriptor to(open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
	if (!to)
		return false;
	if ((!exists || fchmod(to.number(), there.st_mode & 07777) == 0) && write_all(to, text) &&
	    fsync(to.number()) == 0 && std::rename(beside.c_str(), place.c_str()) == 0)
		return true;
	const int number = errno;
	unlink(beside.c_str());
	errno = number;
	return false;
}

} // namespace

void apply_file(const ApplyCommand &command)
{
	const std::string content = content_of(command.file);
	const auto steps = in_file(command.file, [&] {
		const Topology wanted = parse_topology(content);
		Inventory present = take_inventory_for(wanted);
		look_around(present, wanted);
		return plan_changes(wanted, present, command.prune);
	});
	if (steps.empty()) {
		fmt::print("nothing to do: all is as {} has it\n", title_of(command.file));
	} else if (command.dry_run) {
		for (const Step &step : steps)
			fmt::print("{}\n", step.text);
		fmt::print("dry run: {} steps, none of them done\n", steps.size());
	} else {
		carry_out(steps);
	}
}

void save_file(const std::string &file)
{
	need_module();
	Inventory present = take_inventory();
	look_at_all(present);
	const Topology saved = topology_of(present);
	const std::string text = topology_text(saved);
	if (file.empty() || file == "-") {
		fmt::print("{}", text);
	} else {
		if (!write_whole(file, text))
			throw complaint_about_file(file, "the file can't be written", errno,
						   "without a name it is written to standard output");
	}
	tell_unsaved(saved, present);
	tell_closed(present.census);
}

} // namespace etun
