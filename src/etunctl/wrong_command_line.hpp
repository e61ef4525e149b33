// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What is said of a command line that makes no sense, and to who asks for help.
#ifndef ETUN_ETUNCTL_WRONG_COMMAND_LINE_HPP
#define ETUN_ETUNCTL_WRONG_COMMAND_LINE_HPP

#include "libetun/complaint.hpp"

#include <string>
#include <string_view>

namespace CLI { // NOLINT(readability-identifier-naming): the library's name
class App;
class ParseError;
} // namespace CLI

namespace etun {

/// All commands, or what \p command takes. Throws a Complaint when there is no such command.
std::string help_text(CLI::App &app, const std::string &command = {});

/// What was wrong, with the command or option that may have been meant. \p first is the word behind the program's name.
Complaint complaint_about_words(CLI::App &app, const CLI::ParseError &error, std::string_view first);

} // namespace etun

#endif
