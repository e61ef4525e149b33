// SPDX-License-Identifier: GPL-2.0-only
// Fuzzes the grammar of newif and delif against a second implementation of it (reference.hpp).
#include "core/request.hpp"

#include "reference.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace etun;

/// An oracle's verdict; aborting is what libFuzzer takes for a finding.
void must(bool holds, const char *what)
{
	if (holds)
		return;
	std::fprintf(stderr, "oracle: not so: %s\n", what);
	std::abort();
}

bool lies_in(std::string_view part, std::string_view text)
{
	return part.empty() || (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

/// A refusal has an errno that is not 0, a reason, and blames a piece of the text and nothing outside it.
void check_refusal(const Refusal &refusal, std::string_view text)
{
	must(refusal.rule < Rule::count_, "the rule is one of the table");
	must(refusal.error() > 0, "the errno is positive");
	must(refusal.kernel_error == 0, "a parser's refusal is not the kernel's");
	must(!std::string_view(refusal.text()).empty(), "there is a reason");
	must(lies_in(refusal.input, text), "the blamed piece lies in the text");
	const bool about_the_whole = refusal.rule == Rule::write_too_long || refusal.rule == Rule::nothing_named;
	must(about_the_whole == refusal.input.empty(), "a piece is blamed exactly when one is at fault");
}

/// What the driver makes of an accepted newif text, word by word.
std::vector<std::string> names_made_of(std::string_view text)
{
	std::vector<std::string> names;
	Words words(text);
	for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
		must(lies_in(word, text), "a word lies in the text");
		auto pair = pair_request(word);
		must(static_cast<bool>(pair), "each word of an accepted text is a pair");
		names.emplace_back(pair->first.view());
		names.emplace_back(pair->second.view());
	}
	return names;
}

/// What the driver looks up for an accepted delif text. A zero byte can't come from the kernel, whose texts end there.
std::vector<std::string> names_looked_up_in(std::string_view text)
{
	std::vector<std::string> names;
	Words words(text);
	for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
		auto name = present_name(word);
		must(static_cast<bool>(name), "each word of an accepted text is a name");
		must(word.find('\0') != std::string_view::npos || name->view() == word, "the name is the word");
		names.emplace_back(word);
	}
	return names;
}

void check_against(const reference::Names &wanted, const Result<std::size_t, Refusal> &checked, std::string_view text,
		   std::size_t names_per_item, std::vector<std::string> (*names_of)(std::string_view))
{
	must(static_cast<bool>(checked) == wanted.has_value(), "both parsers accept, or both refuse");
	if (!checked) {
		check_refusal(checked.error(), text);
		return;
	}
	must(*checked * names_per_item == wanted->size(), "both parsers count the same");
	must(names_of(text) == *wanted, "both parsers find the same names in the same order");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
	// A copy that ends where the text ends, so that the address sanitizer sees a read past it.
	const std::vector<char> exact(data, data + size);
	const std::string_view text(exact.data(), exact.size());
	const std::string copy(text);

	check_against(reference::newif(copy), check_newif(text), text, 2, names_made_of);
	check_against(reference::delif(copy), check_delif(text), text, 1, names_looked_up_in);
	must(copy == text, "the text is left as it was");
	return 0;
}
