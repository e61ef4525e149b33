// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/command_line.hpp"

#include "core/setting_words.hpp"
#include "etunctl/end_commands.hpp"
#include "etunctl/name_fault.hpp"
#include "etunctl/pair_commands.hpp"
#include "etunctl/report_commands.hpp"
#include "etunctl/top.hpp"
#include "etunctl/topology_commands.hpp"
#include "etunctl/wrong_command_line.hpp"
#include "libetun/complaint.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstring>

namespace etun {
namespace {

/// The values of options that commands share, and of each command.
struct Options {
	AddCommand add;
	DeleteCommand del;
	SetCommand set;
	RenameCommand rename;
	MoveCommand move;
	ApplyCommand apply;
	std::string file;
	std::string name;
	std::string netns;
	std::string help_about;
	ReportCommand report;
	std::string format = "dot";
	unsigned count = 0;
	bool once = false;
	bool up = false;
	bool down = false;
};

int status_of(ExitStatus status)
{
	return static_cast<int>(status);
}

/// An option whose value is one of \p words, which stand in the order of \p Choice.
template <typename Choice, std::size_t count>
void add_choice(CLI::App &command, const char *name, std::optional<Choice> &value,
		const std::array<const char *, count> &words, const char *help)
{
	std::vector<std::string> allowed(words.begin(), words.end());
	command.add_option_function<std::string>(
		       name,
		       [&value, allowed](const std::string &word) {
			       const auto found = std::find(allowed.begin(), allowed.end(), word);
			       value = static_cast<Choice>(found - allowed.begin());
		       },
		       help)
		->check(CLI::IsMember(allowed))
		->type_name("WORD");
}

void add_number(CLI::App &command, const char *name, std::optional<unsigned> &value, const char *help)
{
	command.add_option_function<unsigned>(
		       name, [&value](unsigned number) { value = number; }, help)
		->type_name("NUMBER");
}

void add_address(CLI::App &command, const char *name, std::optional<HardwareAddress> &value, const char *help)
{
	command.add_option_function<std::string>(
		       name, [&value](const std::string &text) { value = parse_hardware_address(text); }, help)
		->check([](const std::string &text) {
			return parse_hardware_address(text) ? ""
							    : "'" + text + "' is no address like 02:00:00:00:00:01";
		})
		->type_name("ADDRESS");
}

std::string need_text(const std::string &text)
{
	const auto fault = text.empty() ? fault_of_netns_name(text) : std::nullopt;
	return fault ? fault->what : "";
}

/// A namespace as `ip` takes it. An empty one is what is left of a variable that was not set.
CLI::Option *add_netns(CLI::App &command, const char *name, std::string &netns, const char *help)
{
	return command.add_option(name, netns, help)->check(need_text)->type_name("NETNS");
}

void add_netns(CLI::App &command, std::string &netns)
{
	add_netns(command, "-n,--netns", netns,
		  "the namespace of the end: a name, a PID or a path; else the current one");
}

/// For who looks at all namespaces that have a name.
void add_also(CLI::App &command, std::vector<std::string> &also)
{
	command.add_option("-n,--netns", also, "a namespace to look into too, by a PID or a path; may be repeated")
		->allow_extra_args(false)
		->check(need_text)
		->type_name("NETNS");
}

void add_numbering(CLI::App &command, std::string &pattern, unsigned &count, unsigned &start, const char *help)
{
	auto *pattern_option = command.add_option("--pattern", pattern, help)->type_name("PATTERN");
	command.add_option("--count", count, "how many")->needs(pattern_option)->check(CLI::Range(1U, 1000000U));
	command.add_option("--start", start, "the first number in place of %d")->needs(pattern_option);
}

void define_add(CLI::App &app, Options &options)
{
	CLI::App &add = *app.add_subcommand("add", "make a pair, or many");
	AddCommand &command = options.add;
	EndDescription &one = command.pair.one;
	EndDescription &other = command.pair.other;
	auto *name_a = add.add_option("A", command.name_a, "name of the first end");
	auto *name_b = add.add_option("B", command.name_b, "name of the other end")->needs(name_a);
	add_numbering(add, command.pattern, command.count, command.start, "names of many pairs: 'v%d,w%d'");
	add.get_option("--pattern")->excludes(name_a)->excludes(name_b);
	add_netns(add, "--netns-a", command.netns_a, "namespace of the first end: a name, a PID or a path");
	add_netns(add, "--netns-b", command.netns_b, "namespace of the other end");
	add_address(add, "--mac-a", one.address, "address of the first end");
	add_address(add, "--mac-b", other.address, "address of the other end");
	add_number(add, "--mtu", one.mtu, "MTU of both ends");
	add_number(add, "--queues", one.queues, "queues of both ends, to receive and to transmit");
	add_choice(add, "--mode", one.mode, mode_words, "how frames arrive: backlog, napi or direct");
	add_choice(add, "--peer-mode", other.mode, mode_words,
		   "how they arrive at the other end, if not as at the first");
	add_number(add, "--ring", one.ring, "slots of each receive ring");
	add_number(add, "--peer-ring", other.ring, "the same of the other end, if not as of the first");
	add.add_flag_callback(
		"--wire", [&one] { one.wire = true; }, "frames arrive as on a wire, at both ends");
	add_choice(add, "--mtu-policy", command.pair.mtu_policy, mtu_policy_words, "independent or equal");
	add.add_flag("--up", one.up, "both ends are up from the start");
	add.callback([&options, name_b] {
		AddCommand &asked = options.add;
		if (asked.pattern.empty() && name_b->count() == 0)
			throw Complaint{ExitStatus::usage, "add: two names are needed, or --pattern",
					"etunctl add A B, or etunctl add --count 10 --pattern 'v%d,w%d'"};
		asked.pair.other.mtu = asked.pair.one.mtu;
		asked.pair.other.queues = asked.pair.one.queues;
		asked.pair.other.up = asked.pair.one.up;
		add_pairs(asked);
	});
}

void define_del(CLI::App &app, Options &options)
{
	CLI::App &del = *app.add_subcommand("del", "destroy pairs; either end's name will do");
	auto *names = del.add_option("NAME", options.del.names, "ends");
	add_numbering(del, options.del.pattern, options.del.count, options.del.start, "names of many ends: 'v%d'");
	del.get_option("--pattern")->excludes(names);
	add_netns(del, options.del.netns);
	del.callback([&options] {
		if (options.del.names.empty() && options.del.pattern.empty())
			throw Complaint{ExitStatus::usage, "del: a name is needed, or --pattern",
					"etunctl del A, or etunctl del --count 10 --pattern 'v%d'"};
		delete_pairs(options.del);
	});
}

void define_set(CLI::App &app, Options &options)
{
	CLI::App &set = *app.add_subcommand("set", "change an end; what is not named stays");
	SetCommand &command = options.set;
	LinkChange &change = command.change;
	set.add_option("NAME", command.name, "the end")->required();
	add_netns(set, command.netns);
	add_address(set, "--mac", change.address, "address");
	add_number(set, "--mtu", change.mtu, "MTU");
	add_choice(set, "--mode", change.mode, mode_words, "how frames arrive: backlog, napi or direct");
	add_choice(set, "--peer-mode", change.peer_mode, mode_words, "how they arrive at the peer");
	add_number(set, "--ring", change.ring, "slots of each receive ring");
	add_number(set, "--peer-ring", change.peer_ring, "the same of the peer");
	add_choice(set, "--wire", change.wire, switch_words, "on: frames arrive as on a wire; or off");
	add_choice(set, "--peer-wire", change.peer_wire, switch_words, "the same at the peer");
	add_choice(set, "--mtu-policy", change.mtu_policy, mtu_policy_words, "independent or equal");
	auto *up = set.add_flag("--up", options.up, "the end is up");
	set.add_flag("--down", options.down, "the end is down")->excludes(up);
	set.add_flag("--both", command.both, "MTU, mode, ring, wire, and up or down are for the peer, too");
	set.get_option("--both")->excludes(set.get_option("--mac"));
	set.callback([&options] {
		if (options.up || options.down)
			options.set.change.up = options.up;
		if (options.set.change == LinkChange{})
			throw Complaint{ExitStatus::usage, "set: nothing to change",
					"etunctl set --help lists what can be"};
		set_end(options.set);
	});
}

void define_rename_and_move(CLI::App &app, Options &options)
{
	CLI::App &rename = *app.add_subcommand("rename", "give an end another name");
	rename.add_option("NAME", options.rename.name, "the end")->required();
	rename.add_option("NEW", options.rename.new_name, "its new name")->required();
	add_netns(rename, options.rename.netns);
	rename.callback([&options] { rename_end(options.rename); });
	CLI::App &move = *app.add_subcommand("move", "move an end into another namespace, where it is down at first");
	move.add_option("NAME", options.move.name, "the end")->required();
	add_netns(move, options.move.netns);
	add_netns(move, "--to", options.move.to, "the namespace to move it into: a name, a PID or a path")->required();
	move.add_option("--name", options.move.new_name, "its name there, if not the same")->type_name("NAME");
	move.add_flag("--up", options.move.up, "it is up there");
	move.callback([&options] { move_end(options.move); });
}

void define_cable(CLI::App &app, Options &options)
{
	const auto define = [&](const char *word, const char *help,
				void (*act)(const std::string &, const std::string &)) {
		CLI::App &command = *app.add_subcommand(word, help);
		command.add_option("NAME", options.name, "an end of the pair")->required();
		add_netns(command, options.netns);
		command.callback([&options, act] { act(options.name, options.netns); });
	};
	define("cut", "cut the cable at this end: no carrier at both", cut_cable);
	define("join", "mend the cable at both ends", join_cable);
}

void define_topology(CLI::App &app, Options &options)
{
	CLI::App &apply =
		*app.add_subcommand("apply", "bring about what a file describes; what it does not name stays");
	apply.add_option("FILE", options.apply.file, "the file, see etun.conf(5); - for standard input")->required();
	apply.add_flag("--dry-run", options.apply.dry_run, "show the difference, and change nothing");
	apply.add_flag("--prune", options.apply.prune, "destroy pairs that the file does not name");
	apply.callback([&options] { apply_file(options.apply); });
	CLI::App &save = *app.add_subcommand("save", "write what is there as apply takes it");
	save.add_option("FILE", options.file, "the file; else standard output");
	save.callback([&options] { save_file(options.file); });
}

void define_reports(CLI::App &app, Options &options)
{
	ReportCommand &report = options.report;
	const auto define = [&](const char *word, const char *help, void (*act)(const ReportCommand &)) {
		CLI::App &command = *app.add_subcommand(word, help);
		command.add_flag("--json", report.json, "for programs");
		command.callback([&report, act] { act(report); });
		return &command;
	};
	CLI::App &list = *define("list", "all pairs as a tree, with namespaces, state and mode", list_pairs);
	list.add_flag("--rates", report.rates, "what passes through them in a second");
	add_also(list, report.also);
	define("doctor", "what is not as etun needs it, and what is wrong with pairs, each with its remedy",
	       report_health);
	CLI::App &show = *define("show", "all about one pair", show_pairs);
	show.add_option("NAME", report.names, "an end of each pair")->required();
	add_netns(show, report.netns);
	CLI::App &stats = *define("stats", "traffic, and drops by cause", show_statistics);
	stats.add_option("NAME", report.names, "an end of each pair; all pairs without");
	stats.add_flag("--all", report.all, "counters that are 0, too");
	add_netns(stats, report.netns);
}

void define_pictures(CLI::App &app, Options &options)
{
	CLI::App &graph = *app.add_subcommand("graph", "a picture of namespaces, pairs and bridges");
	graph.add_option("--format", options.format, "dot, graphviz's language, or svg, which graphviz makes of it")
		->check(CLI::IsMember({"dot", "svg"}))
		->type_name("WORD");
	add_also(graph, options.report.also);
	graph.callback([&options] { draw_graph(options.format == "svg", options.report.also); });
	CLI::App &top = *app.add_subcommand("top", "what passes through the ends, each second anew; q ends it");
	auto *count = top.add_option("--count", options.count, "print so many tables, and no more")
			      ->check(CLI::Range(1U, 1000000U))
			      ->type_name("NUMBER");
	top.add_flag("--once", options.once, "print one table")->excludes(count);
	top.callback([&options] {
		if (options.once || options.count)
			print_flows(options.once ? 1 : options.count);
		else
			watch_flows();
	});
}

int tell(const Complaint &complaint)
{
	fmt::print(stderr, "etunctl: {}\n", complaint.what);
	if (!complaint.remedy.empty())
		fmt::print(stderr, "etunctl: remedy: {}\n", complaint.remedy);
	return status_of(complaint.status);
}

void define_help(CLI::App &app, Options &options)
{
	CLI::App &help = *app.add_subcommand("help", "all commands, or what one of them takes");
	help.add_option("COMMAND", options.help_about, "the command");
	help.callback([&app, &options] { fmt::print("{}", help_text(app, options.help_about)); });
}

int run(int argc, char **argv)
{
	Options options;
	CLI::App app("Makes, shows and looks after pairs of etun devices.", "etunctl");
	app.set_version_flag("--version", ETUN_VERSION);
	app.require_subcommand(1);
	define_add(app, options);
	define_del(app, options);
	define_set(app, options);
	define_rename_and_move(app, options);
	define_cable(app, options);
	define_topology(app, options);
	define_reports(app, options);
	define_pictures(app, options);
	define_help(app, options);
	try {
		app.parse(argc, argv);
	} catch (const CLI::ParseError &error) {
		// Help and version are no errors, to CLI11 they are.
		if (error.get_exit_code() == 0)
			return app.exit(error);
		if (argc > 1)
			return tell(complaint_about_words(app, error, argv[1]));
		fmt::print(stderr, "{}", help_text(app));
		return status_of(ExitStatus::usage);
	} catch (const Complaint &complaint) {
		return tell(complaint);
	} catch (const ExitStatus status) {
		return status_of(status);
	} catch (const std::exception &error) {
		return tell(Complaint{ExitStatus::refused, error.what()});
	}
	return 0;
}

} // namespace

int run_command_line(int argc, char **argv)
{
	std::setlocale(LC_CTYPE, "");
	const int status = run(argc, argv);
	// What was printed may still lie in memory, and be lost.
	if (std::fflush(stdout) == 0 || status != 0)
		return status;
	return tell(Complaint{ExitStatus::refused,
			      fmt::format("standard output can't be written: {}", std::strerror(errno))});
}

} // namespace etun
