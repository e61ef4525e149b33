# SPDX-License-Identifier: GPL-2.0-only
"""Teaches pyroute2 the link kind etun (docs/cni.md).

    from pyroute2 import IPRoute
    from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

    ifinfmsg.ifinfo.register_link_kind(path="/usr/local/share/etun/pyroute2")
    with IPRoute() as ip:
        ip.link("add", ifname="a0", kind="etun", mode="napi", peer={"ifname": "b0", "net_ns_fd": "blue"})

NDB has to be opened after that. pyroute2 takes the class from this file that is called as the file is, and swallows what goes wrong in doing so. The
numbers are those of docs/control.md, rtnetlink.
"""
from pyroute2.netlink import nla

IFF_UP = 1


def peer_class():
    """Made when it is needed: while pyroute2 itself is being imported, what it is made of is not there yet."""
    from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg, ifinfveth

    fields = {name for name, _ in ifinfmsg.fields}

    class Peer(ifinfveth):
        """The peer's header and attributes; from its name, or a dictionary with the words of link()."""

        def setvalue(self, value):
            if isinstance(value, str):
                value = {"ifname": value}
            if not value.get("attrs"):
                # pyroute2 has put members of its own beside ours.
                words = {key: word for key, word in value.items() if key not in ("attrs", "value", "header")}
                state = words.pop("state", None)
                if state is not None:
                    words.update(flags=IFF_UP if state == "up" else 0, change=IFF_UP)
                value = {key: word for key, word in words.items() if key in fields}
                value["attrs"] = [
                    (ifinfmsg.name2nla(key), word) for key, word in words.items() if key not in fields
                ]
            return super().setvalue(value)

    return Peer


class etun(nla):
    """IFLA_INFO_DATA of an end."""

    prefix = "ETUN_INFO_"
    nla_map = (
        ("ETUN_INFO_UNSPEC", "none"),
        ("ETUN_INFO_PEER", "peer_end"),
        ("ETUN_INFO_MODE", "delivery"),
        ("ETUN_INFO_PEER_MODE", "delivery"),
        ("ETUN_INFO_RING", "uint32"),
        ("ETUN_INFO_PEER_RING", "uint32"),
        ("ETUN_INFO_MTU_POLICY", "policy"),
        ("ETUN_INFO_PEER_IFINDEX", "uint32"),
        ("ETUN_INFO_PEER_NETNSID", "int32"),
        ("ETUN_INFO_PAIR_ID", "uint64"),
        ("ETUN_INFO_PAD", "none"),
        ("ETUN_INFO_WIRE", "switch"),
        ("ETUN_INFO_PEER_WIRE", "switch"),
    )

    @staticmethod
    def peer_end(self, *_arguments, **_words):
        return peer_class()

    class delivery(nla.uint8):
        """A word, as `ip link` has it, or its number."""

        value_map = {0: "backlog", 1: "napi", 2: "direct"}

    class switch(nla.uint8):
        value_map = {0: "off", 1: "on"}

    class policy(nla.uint8):
        value_map = {0: "independent", 1: "equal"}


def tell_ndb():
    """Has each NDB() from now on keep etun's attributes, else it waits in vain for what it has set to appear."""
    from pyroute2.ndb.objects import interface

    if any(name == "ifinfo_etun" for name, _ in interface.init["classes"]):
        return
    of_interface = ("f_target", "f_tflags", "f_index")
    schema = etun.sql_schema().push("index", "BIGINT").unique_index("index")
    schema.foreign_key("interfaces", of_interface, of_interface)
    interface.init["classes"].append(["ifinfo_etun", etun])
    interface.init["specs"].append(["ifinfo_etun", schema])
    # Of the kinds in this list alone NDB names the kind in a change, without which own words can't be changed.
    interface.ip_tunnels += ("etun",)


try:
    tell_ndb()
except (ImportError, AttributeError, KeyError):
    # There is no NDB, or pyroute2 itself is being imported: then there is IPRoute alone.
    pass
