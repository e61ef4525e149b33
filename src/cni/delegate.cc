// SPDX-License-Identifier: GPL-2.0-only
#include "cni/delegate.hpp"

#include "cni/cni_error.hpp"
#include "libetun/descriptor.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace etun::cni {
namespace {

using Json = nlohmann::json;

constexpr std::string_view command_variable = "CNI_COMMAND=";

CniError failure(std::string message, std::string details = {})
{
	return {ErrorCode::delegate_failed, std::move(message), std::move(details)};
}

std::string find_plugin(const std::string &name, const std::vector<std::string> &path)
{
	for (const std::string &folder : path)
		if (std::string file = fmt::format("{}/{}", folder, name); access(file.c_str(), X_OK) == 0)
			return file;
	throw failure(fmt::format("there is no plugin '{}' in CNI_PATH, which is '{}'", name, fmt::join(path, ":")),
		      "install it there: Debian's package containernetworking-plugins has host-local, static and dhcp");
}

/// A file in memory with \p text, which is read from its beginning: whoever reads it need not hurry.
Descriptor file_with(const std::string &text)
{
	Descriptor file(memfd_create("cni", MFD_CLOEXEC));
	if (!file || write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
	    lseek(file.number(), 0, SEEK_SET) != 0)
		throw refusal("a copy of the network configuration", Error(errno));
	return file;
}

/// Our environment, with another command.
std::vector<std::string> environment_for(const char *command)
{
	std::vector<std::string> variables{std::string(command_variable) + command};
	for (char **variable = environ; *variable; variable++)
		if (!std::string_view(*variable).starts_with(command_variable))
			variables.emplace_back(*variable);
	return variables;
}

/// Runs \p program with \p input; what it writes, and whether it succeeded.
struct Ended {
	std::string output;
	bool success = false;
};

Ended run(const std::string &program, std::vector<std::string> environment, const Descriptor &input)
{
	std::array<int, 2> ends{};
	if (pipe2(ends.data(), O_CLOEXEC) != 0)
		throw refusal("a pipe for " + program, Error(errno));
	const Descriptor reading(ends[0]);
	Descriptor writing(ends[1]);

	std::vector<char *> variables;
	variables.reserve(environment.size() + 1);
	for (std::string &variable : environment)
		variables.push_back(variable.data());
	variables.push_back(nullptr);
	std::string name = program;
	std::array<char *, 2> arguments{name.data(), nullptr};

	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input.number(), STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, writing.number(), STDOUT_FILENO);
	pid_t process = 0;
	const int error = posix_spawn(&process, program.c_str(), &actions, nullptr, arguments.data(), variables.data());
	posix_spawn_file_actions_destroy(&actions);
	if (error != 0)
		throw failure(fmt::format("{} can't be run: {}", program, strerror(error)));

	writing = Descriptor();
	Ended ended;
	std::array<char, 4096> piece{};
	ssize_t size = 0;
	while ((size = read(reading.number(), piece.data(), piece.size())) > 0 || (size < 0 && errno == EINTR))
		ended.output.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
	int status = 0;
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	ended.success = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return ended;
}

std::string text_in(const Json &json, const char *name)
{
	const auto member = json.find(name);
	return member != json.end() && member->is_string() ? member->get<std::string>() : "";
}

/// The error that a plugin wrote, passed on as it is; or one about what it wrote instead.
CniError error_in(const std::string &name, const std::string &output)
{
	const Json json = Json::parse(output, nullptr, false);
	if (json.is_object() && json.contains("code") && json["code"].is_number_unsigned())
		return {static_cast<ErrorCode>(json["code"].get<unsigned>()),
			fmt::format("{}: {}", name, text_in(json, "msg")), text_in(json, "details")};
	return failure(fmt::format("the plugin '{}' failed and did not say why", name), output);
}

AddResult result_in(const std::string &name, const std::string &output)
{
	try {
		const Json json = without_nulls(Json::parse(output));
		return read_result(JsonPlace(json, ""));
	} catch (const Json::exception &error) {
		throw CniError{ErrorCode::undecodable, fmt::format("what the plugin '{}' answered is no JSON", name),
			       error.what()};
	} catch (const Complaint &complaint) {
		throw CniError{ErrorCode::undecodable, fmt::format("the plugin '{}': {}", name, complaint.what),
			       complaint.remedy};
	}
}

} // namespace

std::string Delegate::output_of(const char *command) const
{
	const std::string program = find_plugin(network_.ipam, call_.path);
	const Ended ended = run(program, environment_for(command), file_with(network_.document));
	if (!ended.success)
		throw error_in(network_.ipam, ended.output);
	return ended.output;
}

AddResult Delegate::add() const
{
	if (network_.ipam.empty())
		return {};
	try {
		return result_in(network_.ipam, output_of("ADD"));
	} catch (const CniError &) {
		release();
		throw;
	}
}

void Delegate::tell(const char *command) const
{
	if (!network_.ipam.empty())
		static_cast<void>(output_of(command));
}

void Delegate::release() const
{
	try {
		tell("DEL");
	} catch (const CniError &) {
		// The runtime is told what went wrong before; and DEL will come once more.
	}
}

} // namespace etun::cni
