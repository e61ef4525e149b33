// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Why a control request was refused: one rule, one errno, one sentence.
#ifndef ETUN_CORE_REFUSAL_HPP
#define ETUN_CORE_REFUSAL_HPP

#include "core/errc.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace etun {

/// The rules that a control request can break, in the order in which they are checked.
enum class Rule : unsigned char {
	not_permitted,	 ///< the writer lacks CAP_NET_ADMIN over its network namespace
	write_too_long,	 ///< the text fills the control file's buffer, so its end may be missing
	nothing_named,	 ///< the text is empty or blank
	pair_malformed,	 ///< no comma: not `name0,name1`
	name_too_long,	 ///< more than 15 bytes
	name_characters, ///< a new name that is empty or has anything but ASCII letters and digits
	name_repeated,	 ///< the same name twice in one request
	not_ready,	 ///< the module is still loading
	unloading,	 ///< the module is going away
	name_taken,	 ///< a device of that name exists
	no_such_device,	 ///< no device of that name in the writer's network namespace
	foreign_device,	 ///< a device of that name exists but is not an etun end
	no_memory,	 ///< an allocation failed
	kernel_refused,	 ///< the kernel's device registration failed; the errno is its own
	count_		 ///< how many rules there are; not a rule
};

/// What a rule's breach is reported as.
struct RuleText {
	Rule rule;
	int error;	  ///< positive errno, never 0 (errno(3)); each refusal of input has its own
	const char *text; ///< a sentence for the log and for netlink's extack; static storage
};

inline constexpr std::array<RuleText, static_cast<std::size_t>(Rule::count_)> rule_texts{{
	{Rule::not_permitted, errc::eperm, "CAP_NET_ADMIN over this network namespace is needed"},
	{Rule::write_too_long, errc::efbig, "a write may have at most 4095 bytes; split it between pairs"},
	{Rule::nothing_named, errc::enodata, "no name given"},
	{Rule::pair_malformed, errc::ebadmsg, "a pair is written name0,name1 with no blank around the comma"},
	{Rule::name_too_long, errc::enametoolong, "a name may have at most 15 characters"},
	{Rule::name_characters, errc::einval,
	 "a new name is 1 to 15 ASCII letters and digits, no blank beside the comma"},
	{Rule::name_repeated, errc::enotuniq, "the same name is given twice"},
	{Rule::not_ready, errc::eagain, "the module is still loading; write after it has loaded"},
	{Rule::unloading, errc::eshutdown, "the module is being unloaded"},
	{Rule::name_taken, errc::eexist, "a device of this name exists in this network namespace"},
	{Rule::no_such_device, errc::enodev, "no device of this name in this network namespace"},
	{Rule::foreign_device, errc::eopnotsupp, "this device is not an end of an etun pair"},
	{Rule::no_memory, errc::enomem, "out of memory"},
	{Rule::kernel_refused, errc::eremoteio, "the kernel refused to register the device"},
}};

/// A rule that was broken and the piece of input that broke it.
struct Refusal {
	Rule rule;
	std::string_view input; ///< points into the caller's text; may be empty
	int kernel_error = 0;	///< Rule::kernel_refused only: the positive errno that the kernel gave

	/// The positive errno to report; never 0. Any context.
	constexpr int error() const
	{
		return kernel_error != 0 ? kernel_error : rule_texts[static_cast<std::size_t>(rule)].error;
	}

	/// The rule as a sentence, static storage. Any context.
	constexpr const char *text() const { return rule_texts[static_cast<std::size_t>(rule)].text; }
};

/// True when the table above can be indexed by Rule and no two refusals look alike to the writer.
consteval bool rule_texts_hold()
{
	for (std::size_t i = 0; i < rule_texts.size(); i++) {
		if (rule_texts[i].rule != static_cast<Rule>(i) || rule_texts[i].error <= 0)
			return false;
		for (std::size_t j = 0; j < i; j++)
			if (rule_texts[i].error == rule_texts[j].error)
				return false;
	}
	return true;
}
static_assert(rule_texts_hold(), "rule_texts stands in the order of Rule, and every refusal has an errno of its own");

} // namespace etun

#endif
