"""A real mail server on a port of this machine: it accepts or refuses letters as configured."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP as Protocol
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """`refusals`: what it answers to a recipient, by address; `letters`: what it took."""

    refusals: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(
        self, server: Protocol, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Protocol, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        letter = BytesParser(policy=default).parsebytes(content)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]


@asynccontextmanager
async def mail_server(*, user: str = "", password: str = "") -> AsyncIterator[MailServer]:
    """Until the block ends; with a user it takes letters only from somebody who gives this password."""
    mail = MailServer()

    def may_enter(protocol: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given == LoginPassword(user.encode(), password.encode()), handled=False)

    login: dict[str, Any] = {"auth_required": True, "auth_require_tls": False, "authenticator": may_enter}
    loop = asyncio.get_running_loop()

    def protocol() -> Protocol:
        with warnings.catch_warnings(action="ignore"):  # it would rather see TLS, which our machine needs not
            return Protocol(mail, hostname="localhost", loop=loop, **(login if user else {}))

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mail.url = f"smtp://{f'{user}:{password}@' if user else ''}127.0.0.1:{port}"
    async with server:
        yield mail
