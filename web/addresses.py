"""The IPv4 addresses of this machine, asked of the system with nothing but Python: what phones may reach it by."""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
# What asks an interface for its address, where the system has such a call.
REQUEST = {"linux": 0x8915, "darwin": 0xC0206921}


@dataclass(frozen=True)
class Own:
    """An address of this machine and the interface that has it (empty where the system does not tell)."""

    ip: str
    interface: str


def own() -> list[Own]:
    """This machine's addresses in the order of its interfaces, without the loopback address."""
    found = {each.ip: each for each in _of_interfaces()}
    for ip in _by_name():
        found.setdefault(ip, Own(ip, ""))
    return [each for each in found.values() if not IPv4Address(each.ip).is_loopback]


def still_here(url: str) -> bool | None:
    """Whether this machine has the address that `url` names; None for a name, which only the network knows."""
    host = urlsplit(url).hostname or ""
    try:
        address = IPv4Address(host)
    except AddressValueError:
        return True if host == "localhost" else None
    return address.is_loopback or host in {each.ip for each in own()}


def web_address(host: str, port: int) -> str:
    """The address that codes carry for this bind; bound to everything, the first one phones can reach."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  compared, not bound
        host = next((each.ip for each in own()), LOOPBACK)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _of_interfaces() -> list[Own]:
    request = REQUEST.get(sys.platform)
    if request is None:
        return []
    import fcntl  # Not on every system.

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe.fileno(), request, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # An interface without an address.
            found.append(Own(socket.inet_ntoa(answer[20:24]), name))
    return found


def _by_name() -> list[str]:
    """What the machine's own name resolves to, and the address it would reach others from (nothing is sent)."""
    found = []
    with suppress(OSError):
        found += [str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        found.append(str(probe.getsockname()[0]))
    return list(dict.fromkeys(found))
