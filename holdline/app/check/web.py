"""Checks the port that Holdline will listen on, and the address that Telegram will call."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import aiohttp

from holdline.app.check.results import ERROR, GOOD, WARNING, Finding
from holdline.app.command_failed import CommandFailed
from holdline.app.mistakes.values import WEBHOOK_PORTS, WEBHOOK_PORTS_NAMED
from holdline.app.settings import Settings
from holdline.app.web_server import bind_listener

SECONDS = 3
PORT_OURS = "port_ours"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


async def web_findings(settings: Settings, *, is_at_work: bool | None) -> list[Finding]:
    """Opens the port and closes it again. If the port is in use, asks whether a Holdline answers there.

    `is_at_work`: a process works for this bot and this database, so that Holdline is ours; None if the database cannot
    say it.
    """
    return [
        await port_finding(settings.web.host, settings.web.port, is_at_work=is_at_work),
        *_plain_webhook(settings),
        *await _reachable_webhook(settings),
    ]


async def port_finding(host: str, port: int, *, is_at_work: bool | None) -> Finding:
    """Whether the port is free, or who has it."""
    try:
        bind_listener(host, port).close()
    except CommandFailed as refused:
        if await _is_holdline(host, port):
            return _holdline_there(port, is_at_work=is_at_work)
        sentence, _, mend = str(refused).partition("; ")
        return Finding(ERROR, "port_taken", f"{sentence}.", mend[:1].upper() + mend[1:])
    return Finding(GOOD, "port_good", f"Nothing else listens on {host}, web.port {port}.")


def _holdline_there(port: int, *, is_at_work: bool | None) -> Finding:
    if is_at_work is None:
        sentence = f"A Holdline answers on web.port {port}; while the database refuses writes, it cannot be seen whose."
        mend = "Correct the database first. The page /readyz on that port says what the running desk lacks."
        return Finding(WARNING, "port_unknown", sentence, mend)
    if is_at_work:
        return Finding(GOOD, PORT_OURS, f"This Holdline is running on web.port {port}.")
    sentence = f"Another Holdline uses web.port {port}: none is running for this bot with this database."
    mend = "Set another web.port, or check store.url and telegram.token if it should be this one."
    return Finding(ERROR, "port_taken", sentence, mend)


async def _is_holdline(host: str, port: int) -> bool:
    address = _EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://{address}:{port}/healthz") as answer,
        ):
            body = await answer.json()
            return isinstance(body, dict) and set(body) == {"status", "version"}
    except (TimeoutError, aiohttp.ClientError, ValueError):
        return False


def _plain_webhook(settings: Settings) -> list[Finding]:
    """Warns about http://. Only a separate Bot API server may use it; for Telegram itself the configuration was
    refused.
    """
    telegram = settings.telegram
    if telegram.intake != "webhook" or urlsplit(telegram.webhook_url).scheme == "https":
        return []
    sentence = "telegram.webhook_url begins with http://, which only your own Bot API server accepts."
    mend = "Write an https:// address, unless telegram.api_base and this machine are in one closed network."
    return [Finding(WARNING, "webhook_plain", sentence, mend)]


async def _reachable_webhook(settings: Settings) -> list[Finding]:
    """A Bot API server refuses an unknown host name, and a public address with a port that Telegram does not call.

    Addresses of this machine and of private networks are for a separate Bot API server, which calls any port.
    """
    telegram = settings.telegram
    if telegram.intake != "webhook":
        return []
    parts = urlsplit(telegram.webhook_url)
    host = parts.hostname or ""
    try:
        addresses = await _addresses_of(host)
    except (OSError, UnicodeError):
        sentence = f"The host of telegram.webhook_url, {host}, cannot be found, so Telegram cannot call it."
        mend = "Check the spelling and the name's DNS record."
        return [Finding(ERROR, "webhook_host", sentence, mend)]
    if parts.port in WEBHOOK_PORTS or not any(address.is_global for address in addresses):
        return []
    sentence = (
        f"telegram.webhook_url names port {parts.port} of a public address, which Telegram does not call."
    )
    mend = f"Use one of {WEBHOOK_PORTS_NAMED}, and let a proxy listen there."
    return [Finding(ERROR, "webhook_port", sentence, mend)]


async def _addresses_of(host: str) -> list[IPv4Address | IPv6Address]:
    infos = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(str(info[4][0]).partition("%")[0]) for info in infos]
