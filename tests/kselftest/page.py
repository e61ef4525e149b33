# SPDX-License-Identifier: GPL-2.0-only
"""docs/compatibility.md, made of the results that are on file."""
import compare
from cases import FAIL, OK, SKIP

KERNELS = ("6.1", "6.12")

HEAD = """\
# Compatibility

With kernels, and with veth.

"""
KERNELS_TITLE = "## Kernels\n"
VETH_TITLE = "## With veth\n"
VETH = VETH_TITLE + """
Linux tests veth, and much of networking over veth, by its own selftests. `make kselftest` runs those that put a pair to
use, unmodified, out of Debian's `linux-source` packages: first on veth, then with etun in its place, on the same kernel.
The claim is that the verdicts are the same, case by case, but for what is listed here.

Apart from the table of kernels, this page is written by the tool, from results on the kernels named below:

    make kselftest KERNEL=6.1
    make kselftest KERNEL=6.12
    tests/kselftest/verdict document >compatibility.new && mv compatibility.new docs/compatibility.md

"""

HOW = """\
### How it is done

- The scripts say `type veth`. [link_veth.so](../tests/kselftest/link_veth.cc), a plugin of `ip`, turns that into `type
  etun` in the request; a [small `ip`](../tests/kselftest/path/ip) in front of the real one does so where no word
  follows the type, which does not call the plugin. No file of the selftests is changed.
- The module veth cannot be loaded meanwhile, and the guest checks that. A probe of the kernel counts the pairs that are
  made, of either kind; a test that makes none says nothing about pairs, and counts as skipped.
- Each test has a guest of its own, which is asked for harm to its kernel afterwards. The verdict is made of the exit
  status, of each case that the test prints, of errors that it prints without failing, and of the kernel's health.
- Processors are emulated. Tests with deadlines of milliseconds run on a clock that counts instructions (`guest/run
  --icount`), the others in real time, and a test that fails gets up to two more tries; a case has passed when it passed
  in one of them. The number of tries is in the table.
- Five tests of 6.1 count on GRO being on with an XDP program. Its kernel has the driver's change that it is not (`net:
  veth: do not manipulate GRO when using XDP`), but not the change of the selftests that goes with it: as they are,
  `veth.sh` is at 37/40 and `udpgro.sh` at 6/16 on veth itself. For both kinds, a
  [small `ip`](../tests/kselftest/with-gro/ip) turns GRO on where a program is attached.
- `test_progs_target` is `test_progs` with `xdp_do_redirect` once more, where [a header](../tests/kselftest/xdp-target.h) in
  front of it lets it expect of an etun, and not of veth, that it tells NDO_XMIT and NDO_XMIT_SG from the start.
- `PASS 52/52` is how many of the cases passed that the test tells. A test may pass and have no cases to tell.

### What is not run

- `link_netns.py`, `test_peer_net` and what else is newer than Linux 6.12 is in neither source package.
- `rps_default_mask.sh` and `big_tcp.sh` are not in 6.1.
- `big_tcp.sh` needs an `ip` that knows `gso_ipv4_max_size`: that of Debian's backports is unpacked for it. It also needs
  netperf, which Debian's main archive does not have: [a stand-in](../tests/kselftest/stand-in/netperf) sends the same
  stream by iperf3.
- `test_xdp_veth`: in 6.1 a shell script, in 6.12 one of `test_progs`. That program is built with the tests listed here
  only, by Debian's gcc, clang and bpftool and the kernel tree's libbpf; the module `bpf_testmod`, which other tests in it
  need, is not built.
- The other tests in the kernel's tree that mention veth have not been tried.
"""


def remark(one):
    if one.veth is None or one.etun is None:
        return "not compared"
    if one.worse:
        return f"{len(one.worse)} worse"
    if one.listed:
        return f"{len(one.listed)} expected to differ"
    if one.result == SKIP:
        return "tells nothing: no pair is made" if not one.veth.pairs else "tells nothing: nothing passes on veth"
    return f"{len(one.better)} better" if one.better else "the same"


def _file(path, default):
    return path.read_text().strip() if path.exists() else default


def _table(kernel):
    running = _file(compare.ROOT / f"build/kernels/{kernel}/version", kernel)
    sources = _file(compare.ROOT / f"build/kselftest/{kernel}/version", f"linux-source-{kernel}")
    lines = [f"### Linux {kernel}", "", f"Kernel `{running}`, selftests of `{sources}`.", "",
             "| Test | veth | etun | Compared |", "|---|---|---|---|"]
    found = [compare.compare(kernel, name) for name in compare.tests(kernel)]
    for one in found:
        command = compare.tests(kernel)[one.test][4]
        lines.append(f"| `{command.replace('bash ', '').replace('./', '')}` | {one.veth or 'not run'} | "
                     f"{one.etun or 'not run'} | {remark(one)} |")
    lines.append("")
    details = [f"- {one.test}: {name}: worse than veth." for one in found for name in one.worse]
    details += [f"- {one.test}: {name}: {reason}" for one in found for name, reason in one.listed.items()]
    details += [f"- {one.test}: {name}: passes on etun, not on veth." for one in found for name in one.better]
    details += [f"- {one.test}: {name}: fails on both." for one in found if one.veth and one.etun
                for name, result in one.veth.cases.items()
                if result == FAIL and one.etun.cases.get(name) == FAIL and not name.startswith("says: ")]
    return lines + (details + [""] if details else [])


def _kernels():
    """What the page says of the project's own tests, which tests/kernels tells: kept as it is."""
    text = (compare.ROOT / "docs/compatibility.md").read_text()
    start, end = text.index(KERNELS_TITLE), text.index(VETH_TITLE)
    return text[start:end]


def document():
    lines = []
    for kernel in KERNELS:
        lines += _table(kernel)
    return HEAD + _kernels() + VETH + "\n".join(lines) + "\n" + HOW
