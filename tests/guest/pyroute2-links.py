# SPDX-License-Identifier: GPL-2.0-only
"""What pyroute2.sh runs: python3 pyroute2-links.py PLUGINS COMMAND, with the plugin out of the folder PLUGINS."""
import sys

from pyroute2 import NDB, IPRoute, NetNS
from pyroute2.netlink.exceptions import NetlinkError
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

OWN = "MODE PEER_MODE RING PEER_RING MTU_POLICY PEER_IFINDEX PEER_NETNSID PAIR_ID"


def shown(ip, name):
    """Address, MTU and etun's own attributes of an end."""
    (link,) = ip.get_links(ip.link_lookup(ifname=name)[0])
    data = link.get_nested("IFLA_LINKINFO", "IFLA_INFO_DATA")
    own = [data.get_attr(f"ETUN_INFO_{word}") for word in OWN.split()]
    return " ".join(map(str, [link.get_attr("IFLA_ADDRESS"), link.get_attr("IFLA_MTU"), *own[:5]])), own[5:]


def make(ip):
    ip.link("add", ifname="a0", kind="etun", mtu=1600, mode="napi", peer_mode="direct", ring=64, mtu_policy="independent",
            peer={"ifname": "b0", "net_ns_fd": "blue", "address": "02:00:00:00:00:07", "mtu": 1700, "state": "up"})


def show(ip):
    with NetNS("blue") as blue:
        one, (peer, netnsid, pair) = shown(ip, "a0")
        other, (_, _, same_pair) = shown(blue, "b0")
        print(one.split(" ", 1)[1])
        print(other)
        print(peer == blue.link_lookup(ifname="b0")[0], netnsid >= 0, pair == same_pair)


def by_name(ip):
    ip.link("add", ifname="a0", kind="etun", peer="b0")
    print(shown(ip, "a0")[1][0] == ip.link_lookup(ifname="b0")[0])


def change(ip):
    ip.link("set", index=ip.link_lookup(ifname="a0")[0], kind="etun", mode="direct", ring=128)


def refused(ip):
    try:
        ip.link("add", ifname="x0", kind="etun", peer="a0")
    except NetlinkError as error:
        print(error.code)


def delete(ip):
    ip.link("del", index=ip.link_lookup(ifname="a0")[0])


def told(end, *words):
    return " ".join(str(end[word]) for word in words)


def ndb_make(ndb):
    """All of etun's own words in one transaction; those that are not given are known from it on."""
    end = ndb.interfaces.create(ifname="a0", kind="etun", mtu=1600, mode="napi", peer_mode="direct", ring=64,
                                peer_ring=128, mtu_policy="independent",
                                peer={"ifname": "b0", "mtu": 1700, "state": "up"}).commit()
    print(told(end, "state", "mtu", "mode", "ring", "mtu_policy"))
    print(told(ndb.interfaces.wait(ifname="b0"), "state", "mtu", "mode", "ring", "mtu_policy"))
    print(told(ndb.interfaces.create(ifname="a1", kind="etun", peer="b1").commit(), "mode", "ring", "peer_mode"))


def ndb_change(ndb):
    with ndb.interfaces["a0"] as end:
        end["mode"] = "direct"
        end["ring"] = 256
        end["mtu"] = 1500
    print(told(ndb.interfaces["a0"], "mode", "ring", "peer_ring", "mtu"))


def ndb_refused(ndb):
    """What the kernel refuses leaves nothing."""
    try:
        ndb.interfaces.create(ifname="x0", kind="etun", ring=1, peer="y0").commit()
    except NetlinkError as error:
        print(error.code, any(name in ndb.interfaces for name in ("x0", "y0")))


def ndb_delete(ndb):
    ndb.interfaces["a0"].remove().commit()
    ndb.interfaces["a1"].remove().commit()


ifinfmsg.ifinfo.register_link_kind(path=sys.argv[1])
command = globals()[sys.argv[2]]
with NDB(log=None) if sys.argv[2].startswith("ndb") else IPRoute() as opened:
    command(opened)
