"""Which addresses a webhook may go to: public ones, and the networks the settings allow. Pure.

A subscriber chooses the URL and our process calls it: without this check it would reach what only
the city's own network reaches.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")


class NotAllowed(Exception):
    """The address may not be called; it says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart; ``authority`` is host and port as the header ``Host`` says them."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed beside public addresses and https."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    http: bool = False

    @classmethod
    def of(cls, networks: str, *, http: bool) -> "Allowed":
        """From the settings: networks in CIDR notation, separated by spaces or commas."""
        return cls(tuple(ip_network(each) for each in networks.replace(",", " ").split()), http)

    def takes(self, address: str) -> bool:
        """Whether this address may be called."""
        meant = _meant(ip_address(address.partition("%")[0]))
        if any(meant in network for network in self.networks):
            return True
        return meant.is_global and not meant.is_multicast


def target_of(url: str, allowed: Allowed) -> Target:
    """The parts of a URL that may be called; :class:`NotAllowed` says what is wrong with it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("must be a URL") from None
    schemes = ("https", "http") if allowed.http else ("https",)
    if parts.scheme not in schemes:
        raise NotAllowed(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("must not contain a user or password; the signature proves the sender")
    if not parts.hostname:
        raise NotAllowed("must name a host")
    standard = 443 if parts.scheme == "https" else 80
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    authority = host if port in (None, standard) else f"{host}:{port}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or standard, authority, path)


def chosen(addresses: Iterable[str], allowed: Allowed) -> str:
    """The address to call of those a name stands for; one that is not allowed spoils all."""
    found = list(addresses)
    if not found:
        raise NotAllowed("the host has no address")
    for address in found:
        if not allowed.takes(address):
            raise NotAllowed("the host has an address that is not public")
    return found[0]


def _meant(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that leads to it."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
