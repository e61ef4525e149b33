// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/command_line.hpp"

#include "core/setting_words.hpp"
#include "etunctl/complaint.hpp"
#include "etunctl/pair_commands.hpp"
#include "etunctl/report_commands.hpp"
#include "etunctl/top.hpp"
#include "etunctl/topology_commands.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <clocale>

namespace etun {
namespace {

/// The values of options that commands share, and of each command.
struct Options {
	AddCommand add;
	DeleteCommand del;
	LinkChange change;
	ApplyCommand apply;
	std::string file;
	std::string name;
	std::string netns;
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

void add_netns(CLI::App &command, std::string &netns)
{
	command.add_option("-n,--netns", netns, "the namespace of the end; else the current one")->type_name("NAME");
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
	add.add_option("--netns-a", command.netns_a, "namespace of the first end")->type_name("NAME");
	add.add_option("--netns-b", command.netns_b, "namespace of the other end")->type_name("NAME");
	add_address(add, "--mac-a", one.address, "address of the first end");
	add_address(add, "--mac-b", other.address, "address of the other end");
	add_number(add, "--mtu", one.mtu, "MTU of both ends");
	add_number(add, "--queues", one.queues, "queues of both ends, to receive and to transmit");
	add_choice(add, "--mode", one.mode, mode_words, "how frames arrive: backlog, napi or direct");
	add_choice(add, "--peer-mode", other.mode, mode_words,
		   "how they arrive at the other end, if not as at the first");
	add_number(add, "--ring", one.ring, "slots of each receive ring");
	add_number(add, "--peer-ring", other.ring, "the same of the other end, if not as of the first");
	add.add_flag_callback("--wire", [&one] { one.wire = true; }, "frames arrive as on a wire, at both ends");
	add_choice(add, "--mtu-policy", command.pair.mtu_policy, mtu_policy_words, "independent or equal");
	add.add_flag("--up", one.up, "both ends are up from the start");
	add.callback([&options] {
		AddCommand &asked = options.add;
		if (asked.pattern.empty() && asked.name_b.empty())
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
	LinkChange &change = options.change;
	set.add_option("NAME", options.name, "the end")->required();
	add_netns(set, options.netns);
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
	set.callback([&options] {
		if (options.up || options.down)
			options.change.up = options.up;
		if (options.change == LinkChange{})
			throw Complaint{ExitStatus::usage, "set: nothing to change",
					"etunctl set --help lists what can be"};
		set_end(options.name, options.netns, options.change);
	});
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
	define("list", "all pairs as a tree, with namespaces, state and mode", list_pairs)
		->add_flag("--rates", report.rates, "what passes through them in a second");
	define("doctor", "what is not as etun needs it, each with its remedy", report_health);
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
	graph.callback([&options] { draw_graph(options.format == "svg"); });
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

/// Help and version are no errors, to CLI11 they are. \p first is the word behind the program's name.
int tell(const CLI::App &app, const CLI::ParseError &error, std::string_view first)
{
	if (error.get_exit_code() == 0)
		return app.exit(error);
	// CLI11 would say that there is no command.
	if (app.get_subcommands().empty() && !first.empty() && !first.starts_with('-'))
		return tell(
			Complaint{ExitStatus::usage, fmt::format("there is no command '{}'", first), "etunctl --help"});
	return tell(Complaint{ExitStatus::usage, error.what(), "etunctl --help, or etunctl COMMAND --help"});
}

} // namespace

int run_command_line(int argc, char **argv)
{
	std::setlocale(LC_CTYPE, "");
	Options options;
	CLI::App app("Makes, shows and looks after pairs of etun devices.", "etunctl");
	app.set_version_flag("--version", ETUN_VERSION);
	app.require_subcommand(1);
	define_add(app, options);
	define_del(app, options);
	define_set(app, options);
	define_cable(app, options);
	define_topology(app, options);
	define_reports(app, options);
	define_pictures(app, options);
	try {
		app.parse(argc, argv);
	} catch (const CLI::ParseError &error) {
		return tell(app, error, argc > 1 ? argv[1] : "");
	} catch (const Complaint &complaint) {
		return tell(complaint);
	} catch (const ExitStatus status) {
		return status_of(status);
	} catch (const std::exception &error) {
		return tell(Complaint{ExitStatus::refused, error.what()});
	}
	return 0;
}

} // namespace etun
