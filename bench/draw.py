# SPDX-License-Identifier: GPL-2.0-only
"""Pictures of results by gnuplot, each as SVG and as PNG."""
import re
import subprocess

import rows

COLOURS = {
    "lo": "#8c8c8c",
    "veth": "#4c72b0",
    "veth-napi": "#8da6d0",
    "netkit": "#55a868",
    "etun-backlog": "#f0b27a",
    "etun-napi": "#c08552",
    "etun-gro": "#e3c04f",
    "etun-direct": "#c0392b",
}
OF_VETH = [
    "pktgen-foreign", "pktgen-open", "pktgen-closed", "udp-burst", "udp-burst-server", "udp-rr-1", "udp-rr-2",
    "tcp-rr-1", "tcp-rr-2", "routed-burst", "routed-rr", "routed-tcp-rr", "bridged-burst", "bridged-rr",
    "bridged-tcp-rr", "xdp-drop", "xdp-pass", "xdp-tx", "xdp-redirect",
]
LIFETIME = [
    ("create-", "veth", "veth: create"),
    ("create-", "etun-backlog", "etun: create by rtnetlink"),
    ("create-newif-", "etun-backlog", "etun: create by newif"),
    ("delete-", "veth", "veth: delete one by one"),
    ("delete-", "etun-backlog", "etun: delete one by one"),
    ("delete-group-", "veth", "veth: delete a group"),
    ("delete-delif-", "etun-backlog", "etun: delete in one write"),
    ("delete-netns-", "etun-backlog", "etun: the namespace goes"),
]


def block(name, lines):
    """Data inside a gnuplot script."""
    return f"${name} << END\n" + "\n".join(lines) + "\nEND\n"


def curve(found, prefix, device, divide=1.0):
    """Points (number behind the prefix, value), by number."""
    points = []
    for (row, of), data in found.items():
        match = re.fullmatch(re.escape(prefix) + r"(\d+)", row)
        if match and of == device:
            points.append((int(match.group(1)), data["value"] / divide))
    return sorted(points)


def devices_in(found):
    return [device for device in rows.DEVICES if device in COLOURS and any(key[1] == device for key in found)]


def ratios(found):
    """Bars: each workload, each device, as a ratio to veth."""
    names = [name for name in OF_VETH if (name, "veth") in found]
    devices = [device for device in devices_in(found) if device not in ("veth", "veth-napi")]
    if not names or not devices:
        return None
    lines = ["workload " + " ".join(devices)]
    for name in names:
        values = [rows.ratio(found, name, device, "veth") for device in devices]
        lines.append(name + " " + " ".join("?" if value is None else f"{value:.4f}" for value in values))
    plots = [
        f"$data using {number + 2}:xtic(1) title '{device}' linecolor rgb '{COLOURS[device]}'"
        for number, device in enumerate(devices)
    ]
    return (
        block("data", lines)
        + "set title 'Cost beside veth (veth is 1; less is better)'\nset style data histogram\n"
        "set style histogram clustered gap 1\nset style fill solid border -1\nset xtics rotate by -40 scale 0\n"
        "set yrange [0.6:1.4]\nset ylabel 'instructions / instructions of veth'\nset datafile missing '?'\n"
        "set grid ytics\nset arrow from graph 0, first 1 to graph 1, first 1 nohead front linewidth 2\n"
        "set key outside below horizontal autotitle columnheader\nplot " + ", ".join(plots) + "\n"
    )


def packet(found):
    """Bars: what one packet costs, floor and device share upon it."""
    floor = found.get(("pktgen-foreign", "dummy"))
    devices = [device for device in devices_in(found) if ("pktgen-foreign", device) in found]
    if not floor or not devices:
        return None
    lines = [f"{device} {floor['value']} {found['pktgen-foreign', device]['share']}" for device in devices]
    return (
        block("data", lines)
        + "set title 'pktgen to a foreign address: one packet'\nset style data histogram\n"
        "set style histogram rowstacked\nset style fill solid border -1\nset boxwidth 0.6\nset yrange [0:*]\n"
        "set ylabel 'instructions per packet'\nset grid ytics\nset key outside below horizontal\n"
        "plot $data using 2:xtic(1) title 'floor (dummy)' linecolor rgb '#cccccc', "
        "$data using 3 title 'device share' linecolor rgb '#c0392b', "
        "$data using 0:($2+$3+60):(sprintf('%d', $2+$3)) with labels notitle\n"
    )


def curves(data, title, axes, extra=""):
    """Lines over a logarithmic axis, from (label, colour, points)."""
    shown = [(label, colour, points) for label, colour, points in data if points]
    # A point is no curve.
    if not any(len(points) > 1 for _, _, points in shown):
        return None
    text = "".join(block(f"c{number}", [f"{x} {y}" for x, y in points]) for number, (_, _, points) in enumerate(shown))
    plots = [
        f"$c{number} using 1:2 with linespoints pointtype {5 + number} "
        + (f"linecolor rgb '{colour}' " if colour else "")
        + f"title '{label}'"
        for number, (label, colour, _) in enumerate(shown)
    ]
    return (
        f"{text}set title '{title}'\nset logscale x\nset xlabel '{axes[0]}'\nset ylabel '{axes[1]}'\nset grid\n"
        f"set key outside right\n{extra}plot " + ", ".join(plots) + "\n"
    )


def by_device(found, prefix):
    return [(device, COLOURS[device], curve(found, prefix, device)) for device in devices_in(found)]


def lifetime(found):
    data = [(label, None, curve(found, prefix, device, 1e6)) for prefix, device, label in LIFETIME]
    return curves(data, "Creation and deletion, waits included", ("pairs", "virtual ms per pair"),
                  "set logscale y\nset yrange [0.1:30]\n")


def among(found):
    return curves(by_device(found, "packet-among-"), "A packet through one of many pairs",
                  ("pairs", "instructions per packet"), "set yrange [0:*]\n")


def memory(found):
    return curves(by_device(found, "memory-"), "Memory of a pair that is down", ("possible processors", "kB per pair"),
                  "set logscale x 2\nset yrange [0:*]\n")


def ping(found):
    """Bars: the median round trip of a ping under load."""
    devices = [device for device in devices_in(found) if ("ping-loaded-threaded", device) in found]
    if not devices:
        return None
    lines = [f"{device} {found['ping-loaded-threaded', device]['value'] / 1e6:.4f}" for device in devices]
    return (
        block("data", lines)
        + "set title 'A ping while six programs send all they can, NAPI in a thread'\nset style data histogram\n"
        "set style fill solid border -1\nset boxwidth 0.6\nset yrange [0:*]\nset ylabel 'virtual ms, median'\n"
        "set grid ytics\nunset key\nplot $data using 2:xtic(1) linecolor rgb '#4c72b0', "
        "$data using 0:2:(sprintf('%.2f', $2)) with labels offset 0,0.7\n"
    )


PICTURES = {"ratios": ratios, "packet": packet, "lifetime": lifetime, "among": among, "memory": memory, "ping": ping}


def licence(picture):
    """Each file of the project names its licence; a comment may stand behind the first line of XML."""
    first, rest = picture.read_text(encoding="utf-8").split("\n", 1)
    picture.write_text(f"{first}\n<!-- SPDX-License-Identifier: GPL-2.0-only -->\n{rest}", encoding="utf-8")


def draw(results, folder):
    """Draws what the results have rows for, and returns the names of the pictures."""
    found = rows.index(results["rows"])
    folder.mkdir(parents=True, exist_ok=True)
    below = f"Linux {results['kernel']}, QEMU {results['qemu'].split()[0]}, {results['mode']}"
    drawn = []
    for name, make in PICTURES.items():
        script = make(found)
        if script is None:
            continue
        size = "1100,560" if name == "ratios" else "860,460"
        for terminal, suffix in ((f"svg size {size} background 'white'", "svg"), (f"pngcairo size {size}", "png")):
            head = (
                f"set terminal {terminal} font 'sans,11'\nset output '{folder / name}.{suffix}'\n"
                f"set label '{below}' at screen 0.99,0.985 right font 'sans,8' textcolor rgb '#666666'\n"
            )
            subprocess.run(["gnuplot", "-"], input=head + script, text=True, check=True)
        licence(folder / f"{name}.svg")
        drawn.append(name)
    return drawn
