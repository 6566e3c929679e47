"""Webhook mode: tell Telegram where the door is, with a secret it must show."""

import re

from holdline.bot.intake.polling import SLACK_SECONDS, TokenRefused
from holdline.bot.intake.telegram import ALLOWED_UPDATES, Answer, Calls

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MAX_CONNECTIONS = 40


class WebhookRefused(Exception):
    """Telegram would not take the address; the sentence is Telegram's own."""


async def open_webhook(call: Calls, *, url: str, secret: str, max_connections: int = MAX_CONNECTIONS) -> None:
    """Have updates sent to `url`. What already waits at Telegram is kept and comes first."""
    if not _SECRET.fullmatch(secret):
        raise WebhookRefused(
            "telegram.webhook_secret must be 1 to 256 letters, digits, - or _: without it anybody could "
            "speak for Telegram at the door."
        )
    asked = {
        "url": url,
        "secret_token": secret,
        "max_connections": max_connections,
        "allowed_updates": ALLOWED_UPDATES,
    }
    _accepted(await call("setWebhook", asked, SLACK_SECONDS))


def _accepted(answer: Answer) -> None:
    if answer.code in (401, 404):
        raise TokenRefused(
            "Telegram does not accept the bot's token: put the present one into telegram.token."
        )
    if not answer.ok:
        raise WebhookRefused(f"Telegram does not take the webhook: {answer.description or 'no answer came'}.")
