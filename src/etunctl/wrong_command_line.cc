// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/wrong_command_line.hpp"

#include "etunctl/near_word.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include <algorithm>

namespace etun {
namespace {

std::vector<std::string> commands_of(CLI::App &app)
{
	std::vector<std::string> names;
	for (const CLI::App *command : app.get_subcommands({}))
		names.push_back(command->get_name());
	return names;
}

std::vector<std::string> options_of(const CLI::App &command)
{
	std::vector<std::string> names;
	for (const CLI::Option *option : command.get_options())
		for (const std::string &name : option->get_lnames())
			names.push_back("--" + name);
	return names;
}

/// What may have been meant, and where all that there is is listed.
std::string remedy_for(std::string_view word, const std::vector<std::string> &known, std::string_view list)
{
	const std::string near = did_you_mean(word, known);
	return near.empty() ? std::string(list) : fmt::format("{} {} lists all", near, list);
}

Complaint no_such_command(CLI::App &app, std::string_view word)
{
	return {ExitStatus::usage, fmt::format("there is no command '{}'", word),
		remedy_for(word, commands_of(app), "etunctl --help")};
}

/// The first word that begins as an option and is none of the command's; empty when there is none.
std::string unknown_option(const CLI::App &command)
{
	const std::vector<std::string> words = command.remaining();
	const auto found =
		std::find_if(words.begin(), words.end(), [](const std::string &word) { return word.starts_with("-"); });
	return found == words.end() ? "" : found->substr(0, found->find('='));
}

} // namespace

std::string help_text(CLI::App &app, const std::string &command)
{
	// Not by help(), which tells of the command that was read, and that may be help itself.
	if (command.empty())
		return app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
	const auto known = commands_of(app);
	if (std::find(known.begin(), known.end(), command) == known.end())
		throw no_such_command(app, command);
	return app.get_subcommand(command)->help(app.get_name());
}

Complaint complaint_about_words(CLI::App &app, const CLI::ParseError &error, std::string_view first)
{
	// CLI11 would say that there is no command.
	const auto commands = app.get_subcommands();
	if (commands.empty() && !first.starts_with('-'))
		return no_such_command(app, first);
	const CLI::App &command = commands.empty() ? app : *commands.front();
	const std::string title = commands.empty() ? "" : command.get_name() + ": ";
	const std::string list =
		commands.empty() ? "etunctl --help" : fmt::format("etunctl {} --help", command.get_name());
	// Where something else is missing then, this is the cause.
	if (const std::string option = unknown_option(command); !option.empty())
		return {ExitStatus::usage, fmt::format("{}there is no option {}", title, option),
			remedy_for(option, options_of(command), list)};
	return {ExitStatus::usage, title + error.what(), list};
}

} // namespace etun
