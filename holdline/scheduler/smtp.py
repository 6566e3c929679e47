"""The mail server: one connection for several e-mails, with its answers as values."""

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
"""Answers with these codes are permanent."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """`url` as configured: smtp://user:password@host:587, or smtps:// for TLS from the start."""

    url: str
    sender: str

    async def send(self, mails: Sequence[Mail]) -> list[MailResult]:
        """Returns one answer per e-mail. If the server cannot be reached, all get the same answer."""
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
        """Returns an empty string if the login succeeds, otherwise the reason."""
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
        """Sends one e-mail. After a refusal the connection stays usable for the next one."""
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
        """The e-mail, with the same Message-ID at every attempt, so that mail programs show a repeated e-mail once."""
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
