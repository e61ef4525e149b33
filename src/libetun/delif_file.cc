// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/delif_file.hpp"

#include "uapi/etun.h"

#include <fcntl.h>

namespace etun {

Outcome<Done> write_delif(const NetNamespace &where, std::span<const std::string> names)
{
	if (names.size() > delif_names)
		return fail(Error(E2BIG, "too many names for one write to delif"));
	std::string text;
	for (const std::string &name : names)
		text += name + '\n';
	// The file means the namespace of who writes.
	const auto visit = NamespaceVisit::enter(where);
	if (!visit)
		return fail(visit.error());
	const Descriptor file(open(ETUN_DELIF_FILE, O_WRONLY | O_CLOEXEC));
	if (!file || write(file.number(), text.data(), text.size()) < 0)
		return system_failure("delif can't be written");
	return Done{};
}

} // namespace etun
