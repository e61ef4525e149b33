// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/json_place.hpp"

#include "libetun/complaint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace etun {
namespace {

using Json = nlohmann::json;

/// Notices what the parser would pass over: of two members of one name the last one would win.
class TwiceNamed {
public:
	bool operator()(Json::parse_event_t event, const Json &parsed)
	{
		if (event == Json::parse_event_t::object_start)
			names_.emplace_back();
		else if (event == Json::parse_event_t::object_end)
			names_.pop_back();
		else if (event == Json::parse_event_t::key && !names_.back().insert(parsed.get<std::string>()).second)
			throw Complaint{ExitStatus::bad_file,
					fmt::format("'{}' stands twice in one object", parsed.get<std::string>()),
					"take one of them out"};
		return true;
	}

private:
	std::vector<std::set<std::string>> names_;
};

std::string listed(std::initializer_list<std::string_view> words)
{
	return fmt::format("{}", fmt::join(words, ", "));
}

} // namespace

nlohmann::json parse_json(std::string_view text)
{
	TwiceNamed twice_named;
	try {
		return Json::parse(text, [&twice_named](int /*depth*/, Json::parse_event_t event, const Json &parsed) {
			return twice_named(event, parsed);
		});
	} catch (const Json::exception &error) {
		// The library's own number in brackets says nothing to who wrote the file.
		const std::string_view what = error.what();
		throw Complaint{
			ExitStatus::bad_file,
			fmt::format("this is no JSON: {}", what.substr(std::min(what.size(), what.find("] ") + 2))),
			"put it right there; etun.conf(5) has the format"};
	}
}

void JsonPlace::refuse(std::string_view what, std::string_view remedy) const
{
	throw Complaint{ExitStatus::bad_file, path_.empty() ? std::string(what) : fmt::format("{}: {}", path_, what),
			std::string(remedy)};
}

std::string JsonPlace::path_of(std::string_view member) const
{
	return path_.empty() ? std::string(member) : fmt::format("{}.{}", path_, member);
}

void JsonPlace::need_object(std::initializer_list<std::string_view> members) const
{
	if (!value_.is_object())
		refuse(fmt::format("an object is needed here, not {}", value_.type_name()),
		       fmt::format("{{...}} with members out of: {}", listed(members)));
	for (const auto &[name, value] : value_.items())
		if (std::find(members.begin(), members.end(), name) == members.end())
			JsonPlace(value, path_of(name))
				.refuse("there is no such member", "there are: " + listed(members));
}

std::optional<JsonPlace> JsonPlace::member(const char *name) const
{
	const auto found = value_.find(name);
	if (found == value_.end())
		return {};
	return JsonPlace(*found, path_of(name));
}

JsonPlace JsonPlace::need_member(const char *name) const
{
	const auto found = member(name);
	if (!found)
		refuse(fmt::format("'{}' is missing", name), fmt::format("add \"{}\": ... here", name));
	return *found;
}

std::vector<JsonPlace> JsonPlace::elements() const
{
	if (!value_.is_array())
		refuse(fmt::format("an array is needed here, not {}", value_.type_name()), "put it into [...]");
	std::vector<JsonPlace> places;
	for (std::size_t i = 0; i < value_.size(); i++)
		places.emplace_back(value_[i], fmt::format("{}[{}]", path_, i));
	return places;
}

std::vector<JsonPlace> JsonPlace::elements_of(const char *name) const
{
	const auto array = member(name);
	return array ? array->elements() : std::vector<JsonPlace>{};
}

const nlohmann::json &JsonPlace::object() const
{
	if (!value_.is_object())
		refuse(fmt::format("an object is needed here, not {}", value_.type_name()), "put it into {...}");
	return value_;
}

std::string JsonPlace::text() const
{
	if (!value_.is_string())
		refuse(fmt::format("a text is needed here, not {}", value_.dump()), "put it into double quotes");
	return value_.get<std::string>();
}

std::string JsonPlace::text_or_number() const
{
	if (value_.is_number_integer())
		return value_.dump();
	if (!value_.is_string())
		refuse(fmt::format("a text or a whole number is needed here, not {}", value_.dump()),
		       "put a text into double quotes");
	return value_.get<std::string>();
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::members() const
{
	std::vector<std::pair<std::string, JsonPlace>> found;
	for (const auto &[name, value] : object().items())
		found.emplace_back(name, JsonPlace(value, path_of(name)));
	return found;
}

bool JsonPlace::truth() const
{
	if (!value_.is_boolean())
		refuse(fmt::format("true or false is needed here, not {}", value_.dump()), "write it without quotes");
	return value_.get<bool>();
}

unsigned JsonPlace::number(unsigned least, unsigned most) const
{
	const bool whole = value_.is_number_unsigned();
	if (!whole || value_.get<std::uint64_t>() < least || value_.get<std::uint64_t>() > most)
		refuse(fmt::format("a whole number is needed here, not {}", value_.dump()),
		       fmt::format("it may be {} to {}", least, most));
	return value_.get<unsigned>();
}

} // namespace etun
