"""The mail server: one connection for a few letters, and its answers as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from holdline.dialogs.outbox.letters import Mail, MailResult

if TYPE_CHECKING:
    from aiosmtplib import SMTP as Connection

SECONDS = 10
REASON_LIMIT = 300
_FINAL = 500
"""Codes from here on are no matter of time."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """`url` as the configuration has it: smtp://user:password@host:587, or smtps:// for TLS from the first byte."""

    url: str
    sender: str

    async def send(self, mails: Sequence[Mail]) -> list[MailResult]:
        """One answer for each; a server that cannot be reached is an answer for all."""
        from aiosmtplib import SMTPException  # noqa: PLC0415 - a desk without mail never needs it

        results: list[MailResult] = []
        try:
            async with self._connection() as connection:
                for mail in mails:
                    results.append(await self._send_one(connection, mail))
        except (SMTPException, OSError) as broken:
            results += [MailResult(_reason(broken)) for _ in mails[len(results) :]]
        return results

    async def connect(self) -> str:
        """Empty where it lets us in, else why not."""
        from aiosmtplib import SMTPException  # noqa: PLC0415 - as above

        try:
            async with self._connection():
                return ""
        except (SMTPException, OSError) as broken:
            return _reason(broken)

    def _connection(self) -> "Connection":
        from aiosmtplib import SMTP as Connection  # noqa: PLC0415 - as above

        parts = urlsplit(self.url)
        return Connection(
            hostname=parts.hostname,
            port=parts.port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=SECONDS,
        )

    async def _send_one(self, connection: "Connection", mail: Mail) -> MailResult:
        """A refusal of this letter leaves the connection for the next one."""
        from aiosmtplib import SMTPRecipientsRefused, SMTPResponseException  # noqa: PLC0415 - as above

        try:
            await connection.send_message(self._message(mail))
        except SMTPRecipientsRefused as refused:
            first = refused.recipients[0]
            return MailResult(_answer(first.code, first.message), first.code >= _FINAL)
        except SMTPResponseException as refused:
            return MailResult(_answer(refused.code, refused.message), refused.code >= _FINAL)
        except ValueError as unsayable:
            return MailResult(_reason(unsayable), is_final=True)
        return MailResult()

    def _message(self, mail: Mail) -> EmailMessage:
        """The same Message-ID however often it is tried: a mail program shows a repeated letter once."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, mail.to_address, mail.subject
        message["Message-ID"] = f"<holdline-mail-{mail.id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body)
        return message


def _answer(code: int, message: Any) -> str:
    return f"{code} {message}"[:REASON_LIMIT]


def _reason(broken: Exception) -> str:
    return (" ".join(str(broken).split()) or type(broken).__name__)[:REASON_LIMIT]
