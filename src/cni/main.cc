// SPDX-License-Identifier: GPL-2.0-only
// etun: a plugin of the Container Network Interface. docs/cni.md is its manual.
#include "cni/call.hpp"
#include "cni/cni_error.hpp"
#include "cni/commands.hpp"
#include "cni/network.hpp"
#include "cni/version.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <iterator>

namespace etun::cni {
namespace {

std::optional<std::string> variable(const char *name)
{
	const char *value = std::getenv(name);
	return value ? std::optional<std::string>(value) : std::nullopt;
}

/// The version that the runtime speaks, as far as that can be read.
std::string asked_version(const std::string &document)
{
	const auto json = nlohmann::json::parse(document, nullptr, false);
	if (!json.is_object() || !json.contains("cniVersion") || !json["cniVersion"].is_string())
		return "";
	return json["cniVersion"].get<std::string>();
}

void print(const nlohmann::json &json)
{
	// What is no UTF-8 came from somebody else, and must not keep us from answering.
	fmt::print("{}\n", json.dump(4, ' ', false, nlohmann::json::error_handler_t::replace));
}

void carry_out(const Call &call, const std::string &document)
{
	if (call.command == Command::version)
		return print(version_answer(asked_version(document)));
	const Network network = read_network(document);
	switch (call.command) {
	case Command::add:
		return print(add(network, call));
	case Command::del:
		return del(network, call);
	case Command::check:
		return check(network, call);
	case Command::gc:
		return collect_garbage(network, call);
	case Command::status:
		return status(network, call);
	case Command::version:
		break;
	}
}

/// An error is answered in the runtime's own version, where that is one of ours.
std::string version_for_error(const std::string &document)
{
	try {
		return version_text(parse_version(asked_version(document)));
	} catch (const CniError &) {
		return version_text(newest);
	}
}

int run()
{
	std::string document;
	try {
		const Call call = read_call(variable);
		document.assign(std::istreambuf_iterator<char>(std::cin), {});
		carry_out(call, document);
		return EXIT_SUCCESS;
	} catch (const CniError &error) {
		print(to_json(error, version_for_error(document)));
	} catch (const std::exception &error) {
		print(to_json({ErrorCode::input_output, error.what()}, version_for_error(document)));
	}
	return EXIT_FAILURE;
}

} // namespace
} // namespace etun::cni

int main()
{
	return etun::cni::run();
}
