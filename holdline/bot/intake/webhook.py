"""Webhook mode: registers the address and the secret with Telegram."""

import asyncio
import re

import structlog

from holdline.bot.intake.bot_api import ALLOWED_UPDATES, BotApiCaller, BotApiResponse
from holdline.bot.intake.health_recorder import IntakeHealthRecorder
from holdline.bot.intake.interruptible import BackOff, sleep_unless_stopped
from holdline.bot.intake.polling import SLACK_SECONDS, TokenRefused

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MAX_CONNECTIONS = 40

log = structlog.get_logger("intake")


class WebhookRefused(Exception):
    """Telegram refused the address. The sentence is Telegram's."""


async def open_webhook(
    call: BotApiCaller,
    reception: IntakeHealthRecorder,
    *,
    url: str,
    secret: str,
    max_connections: int = MAX_CONNECTIONS,
    stop: asyncio.Event | None = None,
) -> None:
    """Registers `url`. Updates that already wait at Telegram are kept and delivered first.

    Retries during an outage until `stop`. Raises WebhookRefused or TokenRefused if a person has to correct
    something.
    """
    if not _SECRET.fullmatch(secret):
        raise WebhookRefused(
            "telegram.webhook_secret must be 1 to 256 letters, digits, - or _: without it anybody could "
            "pretend to be Telegram."
        )
    params = {
        "url": url,
        "secret_token": secret,
        "max_connections": max_connections,
        "allowed_updates": ALLOWED_UPDATES,
    }
    over, waits = stop or asyncio.Event(), BackOff(0.5, 30)
    answer = await call("setWebhook", params, SLACK_SECONDS)
    while _outage(answer) and not over.is_set():
        log.warning("webhook_not_set_yet", code=answer.code, reason=answer.description)
        await reception.record_failure(answer)
        await sleep_unless_stopped(over, max(waits.next(), answer.retry_after))
        answer = await call("setWebhook", params, SLACK_SECONDS)
    if not over.is_set():
        _require_accepted(answer)
        await reception.record_success()


def _outage(answer: BotApiResponse) -> bool:
    return not answer.ok and (answer.code in (0, 429) or answer.code >= 500)


def _require_accepted(answer: BotApiResponse) -> None:
    if answer.code in (401, 404):
        raise TokenRefused(
            "Telegram does not accept the bot's token: put the present one into telegram.token."
        )
    if not answer.ok:
        raise WebhookRefused(f"Telegram does not take the webhook: {answer.description or 'no answer came'}.")
