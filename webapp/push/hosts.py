"""Which push services may be asked, and at which address: whoever subscribes chooses the endpoint (T43)."""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

HTTPS = 443


class NotAllowedHost(Exception):
    """Nothing is sent there."""


@dataclass(frozen=True)
class Door:
    """A push service as it is asked: by name towards it, at an address that was looked at."""

    scheme: str
    host: str
    port: int
    path: str
    is_ours: bool  # named with its scheme in the settings

    @property
    def origin(self) -> str:
        usual = self.scheme == "https" and self.port == HTTPS
        return f"{self.scheme}://{self.host}" + ("" if usual else f":{self.port}")

    def address(self) -> str:
        """The address to connect to. Looked up once: a name may lead elsewhere the next moment."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise ConnectionError(f"{self.host} is not found") from error
        addresses = [str(entry[4][0]) for entry in sorted(found, key=lambda entry: entry[0] != socket.AF_INET)]
        if not self.is_ours and not all(map(is_public, addresses)):
            raise NotAllowedHost(f"{self.host} leads into a private network")
        return addresses[0]


def service_of(endpoint: str) -> str:
    """The push service that an endpoint stands with: its scheme and name."""
    return "/".join(endpoint.split("/", 3)[:3]).lower()


def door_of(endpoint: str, allowed: Sequence[str]) -> Door:
    """The push service that this endpoint names. Raises NotAllowedHost unless it is one of those in the settings.

    An entry with a scheme (`http://127.0.0.1:9000`) is one of the city's own, whatever network it stands in.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotAllowedHost("no address") from error
    if "@" in parts.netloc or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise NotAllowedHost("no plain address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if f"{parts.scheme}://{parts.netloc}" in allowed:
        return Door(parts.scheme, host, port or HTTPS, path, is_ours=True)
    if parts.scheme != "https" or port not in (None, HTTPS) or not _is_named(host, allowed):
        raise NotAllowedHost(f"{host} is no push service that the city knows")
    return Door("https", host, HTTPS, path, is_ours=False)


def _is_named(host: str, allowed: Sequence[str]) -> bool:
    return any(fnmatchcase(host, pattern) for pattern in allowed if "://" not in pattern)


def is_public(address: str) -> bool:
    """Whether this address belongs to the open internet. IPv6 can carry an IPv4 address inside: both must be."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner or ip in ipaddress.ip_network("64:ff9b::/96"):
            return False  # no push service is reached like this
    return ip.is_global and not ip.is_multicast
