# SPDX-License-Identifier: GPL-2.0-only
"""Numbers and names of src/uapi/etun.h, by the names that they have there: abi.ETUN_INFO_MODE, abi.ETUN_STAT_TX_DIRECT."""
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
# Some tests copy this file and the header to where everybody may read.
HEADER = HERE / "etun.h" if (HERE / "etun.h").exists() else HERE.parents[1] / "src/uapi/etun.h"


def constants(header):
    """What a header of that form defines: enumerators, and macros of texts, which may be made of others."""
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    found = {}
    for body in re.findall(r"enum\s*\w*\s*\{(.*?)\}", code, re.S):
        for number, name in enumerate(name.strip() for name in body.split(",") if name.strip()):
            found[name] = number
    for name, value in re.findall(r"^#define (\w+) (.+)$", code, re.M):
        words = re.findall(r'"([^"]*)"|(\w+)', value)
        if all(text or isinstance(found.get(word), str) for text, word in words):
            found[name] = "".join(text or found[word] for text, word in words)
    return found


globals().update(constants(HEADER.read_text()))


def words(prefix):
    """The words for what an enumeration counts, in the order of its numbers: those of ETUN_MODE_ are backlog, napi, direct."""
    numbers = {name[len(prefix):].lower(): value for name, value in globals().items() if name.startswith(prefix)}
    numbers.pop("count")
    return tuple(sorted(numbers, key=numbers.get))
