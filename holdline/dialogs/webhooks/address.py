"""To which addresses the desk speaks: http and https, to a host of the public internet.

Without this a webhook could be made to ask the machines beside the desk: a database, a router, a cloud's own
metadata. A name says nothing until it is resolved, so what is judged is the address that is connected to.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import fits
from holdline.dialogs.text.splitting import truncate

URL_LIMIT = 2048
_PORTS = frozenset({80, 443})
_SHOWN_OF_URL = 48
_FIRST_FREE_PORT = 1024
"""Below it, but for the two of the web, live mail, names, shells: nothing that takes webhooks."""
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """A URL whose host is yet to be resolved."""

    url: str
    host: str
    port: int

    @property
    def is_forbidden_literal(self) -> bool:
        """The host is an address itself, and no public one."""
        return is_literal(self.host) and not is_public(self.host)


def read_address(url: str) -> WebhookAddress:
    """BadInput where it is no plain http or https URL with a host."""
    parts = _split(url)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or not fits(url, URL_LIMIT)
    ):
        raise BadInput("url", "mends.webhook_url")
    if parts.username is not None or parts.password is not None or "%" in parts.netloc:
        raise BadInput("url", "mends.webhook_password")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in _PORTS and port < _FIRST_FREE_PORT:
        raise BadInput("url", "mends.webhook_port", port=port)
    return WebhookAddress(url, parts.hostname, port)


def short_url(url: str) -> str:
    """For people: without what follows the path, where tools keep keys."""
    parts = urlsplit(url)
    return truncate(f"{parts.netloc}{parts.path}".rstrip("/"), _SHOWN_OF_URL)


def is_literal(host: str) -> bool:
    """Whether it stands for an address without being looked up: 127.1 and 2130706433 do for the system, too."""
    return ":" in host or host.replace(".", "").isdecimal()


def is_public(address: str) -> bool:
    """Whether that address belongs to a machine of the open internet, also where it stands inside another one."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = _address_inside(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local or ip.scope_id is not None:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _address_inside(ip: IPv6Address) -> IPv4Address | None:
    """Of the ways to write an IPv4 address as an IPv6 one: mapped, compatible, 6to4, NAT64."""
    if ip in _NAT64 or (ip in _COMPATIBLE and int(ip) > 1):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _split(url: str) -> SplitResult | None:
    """None where it cannot be read, or where two programs would read it differently."""
    if not url.isascii() or any(sign in "\\ " or not sign.isprintable() for sign in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 # raises where it is no number of a port
    except ValueError:
        return None
    return None if parts.port == 0 or parts.netloc.endswith(":") else parts
