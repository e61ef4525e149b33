// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A value of a JSON document that knows where in it it stands, so that who wrote it can be told what is wrong there.
#ifndef ETUN_LIBETUN_JSON_PLACE_HPP
#define ETUN_LIBETUN_JSON_PLACE_HPP

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace etun {

/// Reads \p text. Throws a Complaint with line and column when it is not JSON, and when a member stands twice in an
/// object.
nlohmann::json parse_json(std::string_view text);

/// A value. Each function that wants a type throws a Complaint when the value has another.
class JsonPlace {
public:
	/// \p value must outlive it; \p path as `pairs[0].ends[1].mtu`, empty for the document.
	JsonPlace(const nlohmann::json &value, std::string path) : value_(value), path_(std::move(path)) {}

	/// Throws a Complaint: what is wrong here, and what to do about it.
	[[noreturn]] void refuse(std::string_view what, std::string_view remedy) const;

	/// An object that has none but these members.
	void need_object(std::initializer_list<std::string_view> members) const;
	/// A member of the object.
	std::optional<JsonPlace> member(const char *name) const;
	/// The same; it has to be there.
	JsonPlace need_member(const char *name) const;
	/// The elements of the array.
	std::vector<JsonPlace> elements() const;
	/// The elements of an array that is a member; none when there is no such member.
	std::vector<JsonPlace> elements_of(const char *name) const;

	/// The object itself, for who passes it on.
	const nlohmann::json &object() const;
	bool is_text() const { return value_.is_string(); }
	std::string text() const;
	bool truth() const;
	/// A text, or a whole number as text.
	std::string text_or_number() const;
	/// The members of the object, in the order of their names.
	std::vector<std::pair<std::string, JsonPlace>> members() const;
	/// A whole number in these bounds.
	unsigned number(unsigned least, unsigned most) const;

private:
	std::string path_of(std::string_view member) const;

	const nlohmann::json &value_;
	std::string path_;
};

} // namespace etun

#endif
