#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The book's command blocks do what the pages say: see book.py.
#
#   tests/guest/book.sh [PAGE...]     paths below the repository's root; without one, all that have commands
set -u
here=$(dirname "$(readlink -f "$0")")
root=$(readlink -f "$here/../..")
export LC_ALL=C IP_LIB_DIR=$root/build/plugin PATH=$root/build/tools:$PATH:/usr/sbin:/sbin
cd "$root" || exit 1
exec /usr/bin/python3 -ESB "$here/book.py" "$@"
