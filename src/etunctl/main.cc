// SPDX-License-Identifier: GPL-2.0-only
// etunctl: makes, shows and looks after pairs of etun devices.
#include "etunctl/command_line.hpp"

int main(int argc, char **argv)
{
	return etun::run_command_line(argc, argv);
}
