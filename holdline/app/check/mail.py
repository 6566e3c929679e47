"""Checks the mail server: opens a connection, but sends nothing."""

from holdline.app.check.results import ERROR, GOOD, Finding
from holdline.app.settings import Settings
from holdline.app.wiring import mail_server_of


async def mail_findings(settings: Settings) -> list[Finding]:
    """Empty if the desk sends no mail."""
    mail = settings.mail
    if bool(mail.smtp_url.get_secret_value()) != bool(mail.from_):
        sentence = "mail.smtp_url and mail.from must both be set, and one of them is empty."
        return [Finding(ERROR, "mail_incomplete", sentence, "Set it, or leave both empty.")]
    server = mail_server_of(settings)
    if server is None:
        return []
    if reason := await server.connect():
        mend = "Check host, port, user and password in mail.smtp_url."
        return [Finding(ERROR, "mail_closed", f"The mail server cannot be used: {reason}.", mend)]
    return [Finding(GOOD, "mail_good", "The mail server can be used.")]
