"""What Telegram reports about the token, the staff group and the webhook. Used at the start and by `check`."""

from dataclasses import dataclass
from typing import Any

from holdline.app.check.group import SECONDS, look_at_group, migration_finding, silence_finding, topic_finding
from holdline.app.check.results import ERROR, GOOD, WARNING, Finding
from holdline.app.settings import Settings
from holdline.bot.intake.bot_api import BotApiCaller


@dataclass(frozen=True, slots=True)
class Bot:
    """The needed fields of getMe."""

    id: int
    username: str
    topics_in_private: bool


async def bot_of(ask: BotApiCaller) -> tuple[Bot | None, Finding]:
    """The bot of the token, or None if Telegram refuses the token or does not answer."""
    answer = await ask("getMe", {}, SECONDS)
    if answer.ok and isinstance(answer.result, dict):
        me = answer.result
        bot = Bot(int(me["id"]), str(me.get("username", "")), bool(me.get("has_topics_enabled")))
        return bot, Finding(GOOD, "token_good", f"The token belongs to @{bot.username}.")
    if answer.code in (401, 404):
        return None, Finding(
            ERROR,
            "token_refused",
            "Telegram does not accept the bot's token.",
            "Copy the current one from @BotFather into telegram.token.",
        )
    return None, silence_finding(answer)


async def group_findings(
    ask: BotApiCaller, settings: Settings, bot: Bot, *, group: int, deep: bool = False
) -> list[Finding]:
    """Whether the staff group can hold dialogs. `group` is its last known id; `deep` creates a topic there."""
    configured = settings.telegram.staff_group
    if not configured:
        return [
            Finding(GOOD, "group_none", "No staff group: managers work in their private chats with the bot.")
        ]
    view = await look_at_group(ask, group, bot.id)
    findings = (
        [view.finding]
        if view.group == configured
        else [migration_finding(configured, view.group), view.finding]
    )
    return [*findings, await topic_finding(ask, view.group)] if deep and view.lacks == () else findings


async def webhook_findings(ask: BotApiCaller, settings: Settings) -> list[Finding]:
    """Whether updates arrive the way that the configuration says."""
    answer = await ask("getWebhookInfo", {}, SECONDS)
    if not answer.ok:
        return [silence_finding(answer)]
    info = answer.result if isinstance(answer.result, dict) else {}
    if settings.telegram.intake == "polling":
        return [_check_polling(info)]
    return _check_webhook(info, settings.telegram.webhook_url)


def private_findings(bot: Bot) -> list[Finding]:
    """How dialogs are shown in a manager's own chat."""
    if bot.topics_in_private:
        return [Finding(GOOD, "private_topics", "In private chats each dialog has its own topic.")]
    return [
        Finding(
            GOOD,
            "private_headed",
            "In private chats dialogs are shown as messages with the dialog's number.",
            "To give each dialog a topic, switch on topics for the bot at @BotFather.",
        )
    ]


async def admin_findings(ask: BotApiCaller, settings: Settings, bot: Bot) -> list[Finding]:
    """The administrators who have never written to the bot, so that it cannot send them anything."""
    findings = []
    for telegram_id in settings.telegram.admins:
        answer = await ask("getChat", {"chat_id": telegram_id}, SECONDS)
        if answer.code in (400, 403):
            sentence = (
                f"The administrator {telegram_id} has not written to the bot yet, so it cannot write to them."
            )
            mend = f"They must open https://t.me/{bot.username} and press Start when Holdline runs."
            findings.append(Finding(GOOD, "admin_not_started", sentence, mend))
    return findings


def _check_polling(info: dict[str, Any]) -> Finding:
    if info.get("url"):
        return Finding(
            WARNING,
            "webhook_in_the_way",
            'A webhook is set, but telegram.intake is "polling".',
            "`holdline run` removes the webhook; if another program set it, stop that program first.",
        )
    return Finding(GOOD, "polling_good", "No webhook prevents polling.")


def _check_webhook(info: dict[str, Any], url: str) -> list[Finding]:
    findings = []
    if info.get("url") not in ("", None, url):
        findings.append(
            Finding(
                WARNING,
                "webhook_elsewhere",
                "Another webhook is set for this bot.",
                "`holdline run` replaces it; if you do not know it, revoke the token at @BotFather.",
            )
        )
    if info.get("last_error_message"):
        findings.append(
            Finding(
                WARNING,
                "webhook_failing",
                f"Telegram could not deliver to the webhook: {info['last_error_message']}.",
                "Make sure that the address reaches web.port from outside, with a valid certificate.",
            )
        )
    if not info.get("url"):
        findings.append(Finding(GOOD, "webhook_none", "No webhook is set yet; `holdline run` sets it."))
    return findings or [Finding(GOOD, "webhook_good", "The webhook is set and has no errors.")]
