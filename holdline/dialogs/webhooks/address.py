"""Which addresses the desk may call: http and https, to a host on the public internet.

Otherwise a webhook could reach machines in the desk's own network: a database, a router, a cloud's metadata service.
A host name must be resolved first, so the check applies to the address that is connected to.
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
"""Lower ports, except the two of the web, belong to mail, name and shell services, which take no webhooks."""
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """A URL whose host is not resolved yet."""

    url: str
    host: str
    port: int

    @property
    def is_forbidden_literal(self) -> bool:
        """Whether the host is an IP address that is not public."""
        return is_literal(self.host) and not is_public(self.host)


def read_address(url: str) -> WebhookAddress:
    """Raises BadInput if it is not a plain http or https URL with a host."""
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
    """The URL for display, without the query, where tools keep keys."""
    parts = urlsplit(url)
    return truncate(f"{parts.netloc}{parts.path}".rstrip("/"), _SHOWN_OF_URL)


def is_literal(host: str) -> bool:
    """Whether the host is an address that needs no look-up. The system also accepts 127.1 and 2130706433."""
    return ":" in host or host.replace(".", "").isdecimal()


def is_public(address: str) -> bool:
    """Whether the address belongs to the public internet, also if it is embedded in another address."""
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
    """The IPv4 address embedded in an IPv6 one: mapped, compatible, 6to4 or NAT64."""
    if ip in _NAT64 or (ip in _COMPATIBLE and int(ip) > 1):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _split(url: str) -> SplitResult | None:
    """The parts of the URL. None if it cannot be parsed, or if two programs would parse it differently."""
    if not url.isascii() or any(sign in "\\ " or not sign.isprintable() for sign in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 # raises where it is no number of a port
    except ValueError:
        return None
    return None if parts.port == 0 or parts.netloc.endswith(":") else parts
