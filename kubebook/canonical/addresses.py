"""IP addresses and ports: which are handed out anew by each cluster and which are fixed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache

from kubebook.canonical.nodes import Token, Tokens, Value

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# kind's default networks. An address of another network is another kind of thing.
NETWORKS = {
    "pod-ip4": ("10.244.0.0/16",),
    "pod-ip6": ("fd00:10:244::/56",),
    "service-ip4": ("10.96.0.0/12",),
    "service-ip6": ("fd00:10:96::/64",),
}
IP_KINDS = frozenset({*NETWORKS, "ip4", "ip6", "public-ip4", "public-ip6"})
# KEP-3070: the first 256 addresses of a Service network are for those who ask for one by number.
STATIC_SERVICES = ("10.96.0.0/24", "fd00:10:96::/120")
# Nobody is given these by chance: RFC 5737 and RFC 3849, written in manifests and books.
DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
# Resolvers that people write into manifests.
FIXED_IPS = frozenset({"8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9"})
# The control plane joins first and gets 10.244.0.0/24; workers get the rest in order of joining.
NODE_POD_CIDR = re.compile(r"(10\.244\.)([1-9]\d{0,2})(\.0/24)")
# KEP-3668: a node port that nobody asked for is taken from above the static band of 86 ports.
NODE_PORTS = range(30086, 32768)
EPHEMERAL_PORTS = range(32768, 65536)


def is_fixed(address: str) -> bool:
    """Whether an address is the same on every cluster (a ValueError if it is no address)."""
    if address in FIXED_IPS or address.startswith("255."):
        return True
    ip = ipaddress.ip_address(address)
    by_rule = ip.is_loopback or ip.is_unspecified or ip.is_multicast or _is_metadata(ip)
    return by_rule or _within(ip, STATIC_SERVICES) or _within(ip, DOCUMENTATION)


@lru_cache(maxsize=8192)
def ip_tokens(address: str, prefix: str | None = None) -> Tokens:
    """Tokens of an address, with the digits of its prefix length if it has one.

    A network (host bits zero) is a setting and stays; an address with a mask is an address.
    """
    if prefix is not None and _is_network(address, prefix):
        return _network_tokens(f"{address}/{prefix}")
    tail: Tokens = () if prefix is None else (f"/{prefix}",)
    ip = ipaddress.ip_address(address)
    if is_fixed(str(ip)):
        return (str(ip), *tail)
    kind = next((k for k, nets in NETWORKS.items() if _within(ip, nets)), _family(ip))
    return (Value(kind, str(ip)), *tail)


def _within(ip: Address, networks: Iterable[str]) -> bool:
    return any(ip in ipaddress.ip_network(network) for network in networks)


def port_token(port: str, *, loopback: bool = False) -> Token:
    """A port as a value if a cluster or kernel chose it, else as it stands."""
    number = int(port)
    if loopback and (number in NODE_PORTS or number in EPHEMERAL_PORTS):
        return Value("local-port", port)
    if number in NODE_PORTS:
        return Value("node-port", port)
    return Value("ephemeral-port", port) if number in EPHEMERAL_PORTS else port


def _family(ip: Address) -> str:
    return f"public-ip{ip.version}" if ip.is_global else f"ip{ip.version}"


def _is_metadata(ip: Address) -> bool:
    return ip.version == 4 and ip.is_link_local


def _is_network(address: str, prefix: str) -> bool:
    interface = ipaddress.ip_interface(f"{address}/{prefix}")
    width = interface.network.max_prefixlen
    return int(prefix) < width and interface.ip == interface.network.network_address


def _network_tokens(cidr: str) -> Tokens:
    if (match := NODE_POD_CIDR.fullmatch(cidr)) and int(match[2]) < 256:
        return (match[1], Value("node-cidr", cidr), match[3])
    return (cidr,)
