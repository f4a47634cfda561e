"""This machine's addresses, and which of them others on the LAN can reach. The one door to ifaddr."""

from __future__ import annotations

import ipaddress
import socket

import ifaddr

# Interfaces that lead to containers, virtual machines and tunnels, not to the LAN.
_INSIDE = ("docker", "br-", "veth", "virbr", "vnet", "podman", "cni", "flannel", "cali", "lxc")
_TUNNELS = ("tun", "tap", "wg", "tailscale", "zt", "utun", "ppp")
# Addresses of documentation networks (RFC 5737, RFC 3849): asking for the way there sends nothing.
_ELSEWHERE = ((socket.AF_INET, "203.0.113.1"), (socket.AF_INET6, "2001:db8::1"))
_EVERY_IPV4 = ("0.0.0.0", "")  # noqa: S104 - compared with, never bound

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def own_addresses() -> set[str]:
    """Every address of this machine, also loopback and those of virtual interfaces."""
    return {str(address) for _, address in _interfaces()}


def lan_addresses(host: str = "::") -> list[str]:
    """Where others on the LAN reach a server that listens at `host`, the likeliest first.

    `0.0.0.0` is every IPv4 address, `::` every address; empty for a server on loopback or a
    machine without a network. Link-local addresses count only when there is no other.
    """
    if listed := _fixed(host):
        return [str(address) for address in listed if not address.is_loopback]
    found = [
        address
        for name, address in _interfaces()
        if not name.startswith(_INSIDE + _TUNNELS)
        and not address.is_loopback
        and (address.version == 4 or host not in _EVERY_IPV4)
    ]
    routable = [address for address in found if not address.is_link_local]
    usable = routable or [address for address in found if address.version == 4]
    first = _outward()
    usable.sort(key=lambda address: (str(address) not in first, address.version))
    return list(dict.fromkeys(str(address) for address in usable))


def local_name(host: str) -> str:
    """What this machine itself calls a server that listens at `host`."""
    listed = _fixed(host)
    return "localhost" if not listed or listed[0].is_loopback else str(listed[0])


def url(host: str, port: int) -> str:
    """`http://hub.local:8321`; an IPv6 address in brackets, the port left out when it is 80."""
    literal = f"[{host}]" if ":" in host else host
    return f"http://{literal}" if port == 80 else f"http://{literal}:{port}"


def _fixed(host: str) -> list[Address]:
    """The addresses that `host` means when it doesn't mean all; empty when it does."""
    try:
        address = ipaddress.ip_address(host or "0.0.0.0")  # noqa: S104 - as above
        return [] if address.is_unspecified else [address]
    except ValueError:
        pass
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return [ipaddress.IPv4Address("127.0.0.1")]
    return [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]


def _interfaces() -> list[tuple[str, Address]]:
    found = []
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            text = one.ip if isinstance(one.ip, str) else one.ip[0]
            found.append((adapter.name, ipaddress.ip_address(text.partition("%")[0])))
    return found


def _outward() -> set[str]:
    """The addresses that this machine would use to reach others."""
    found = set()
    for family, target in _ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((target, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue  # no way out by this family: then none of its addresses comes first
    return found
