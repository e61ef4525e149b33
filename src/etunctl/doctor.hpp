// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// `etunctl doctor`: what on this machine is as etun needs it, and what to do about the rest.
#ifndef ETUN_ETUNCTL_DOCTOR_HPP
#define ETUN_ETUNCTL_DOCTOR_HPP

#include <string>
#include <vector>

namespace etun {

/// What is looked at.
struct Machine {
	std::string root;	   ///< in front of each absolute path; empty for the machine itself
	std::string release;	   ///< of the running kernel
	std::string search_path;   ///< where programs are looked for, as $PATH
	std::string plugin_folder; ///< $IP_LIB_DIR, or empty
	bool root_user = false;
};

/// This machine.
Machine this_machine();

/// How bad it is.
enum class Health { good, note, problem };

/// One thing that was looked at. \c remedy is empty for what is good.
struct Finding {
	Health health;
	std::string subject;
	std::string what;
	std::string remedy = {};
};

/// Looks at everything.
std::vector<Finding> examine(const Machine &machine);

std::string findings_text(const std::vector<Finding> &findings);
std::string findings_json(const std::vector<Finding> &findings);

} // namespace etun

#endif
