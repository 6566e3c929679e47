"""What Telegram says of the token, the staff group and the webhook. The start asks it, and so does `check`."""

from dataclasses import dataclass
from typing import Any

from holdline.app.findings import ERROR, GOOD, WARNING, Finding
from holdline.app.settings import Settings
from holdline.bot.intake.telegram import Answer, Calls

SECONDS = 10
NEEDED = {
    "can_manage_topics": "Manage topics",
    "can_pin_messages": "Pin messages",
    "can_delete_messages": "Delete messages",
}
"""Without the first a dialog has no topic; without the others cards stay unpinned and replies cannot be undone."""


@dataclass(frozen=True, slots=True)
class Bot:
    """What getMe says that matters here."""

    id: int
    username: str
    topics_in_private: bool


async def bot_of(ask: Calls) -> tuple[Bot | None, Finding]:
    """Who the token belongs to; None where Telegram refuses it or does not answer."""
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
            "Take the present one from @BotFather and put it into telegram.token.",
        )
    return None, _silent(answer)


async def group_findings(ask: Calls, settings: Settings, bot: Bot, *, deep: bool = False) -> list[Finding]:
    """Whether the staff group can hold dialogs; `deep` makes a topic there and deletes it again."""
    group = settings.telegram.staff_group
    if not group:
        return [
            Finding(GOOD, "group_none", "No staff group: managers work in their private chats with the bot.")
        ]
    chat = await ask("getChat", {"chat_id": group}, SECONDS)
    if not chat.ok:
        return [_group_unknown(group, chat)]
    found = _forum(group, chat.result) or await _rights(ask, group, bot)
    if found.level == ERROR or not deep:
        return [found]
    return [found, await _topic_made(ask, group)]


async def webhook_findings(ask: Calls, settings: Settings) -> list[Finding]:
    """Whether updates come the way the configuration says."""
    answer = await ask("getWebhookInfo", {}, SECONDS)
    if not answer.ok:
        return [_silent(answer)]
    info = answer.result if isinstance(answer.result, dict) else {}
    if settings.telegram.intake == "polling":
        return [_polling(info)]
    return _webhook(info, settings.telegram.webhook_url)


def private_findings(bot: Bot) -> list[Finding]:
    """How dialogs look in a manager's own chat."""
    if bot.topics_in_private:
        return [Finding(GOOD, "private_topics", "In private chats each dialog gets a topic of its own.")]
    return [
        Finding(
            GOOD,
            "private_headed",
            "In private chats dialogs are messages headed by their number.",
            "For a topic each, switch on topics for the bot at @BotFather.",
        )
    ]


async def admin_findings(ask: Calls, settings: Settings, bot: Bot) -> list[Finding]:
    """Who of the administrators has never spoken to the bot: Telegram lets it tell them nothing."""
    found = []
    for telegram_id in settings.telegram.admins:
        answer = await ask("getChat", {"chat_id": telegram_id}, SECONDS)
        if answer.code in (400, 403):
            sentence = (
                f"The administrator {telegram_id} has not spoken to the bot yet, so nothing can reach them."
            )
            mend = f"They open https://t.me/{bot.username} and press Start once Holdline runs."
            found.append(Finding(GOOD, "admin_not_started", sentence, mend))
    return found


def _forum(group: int, chat: Any) -> Finding | None:
    chat = chat if isinstance(chat, dict) else {}
    if chat.get("type") != "supergroup":
        return Finding(
            ERROR,
            "group_no_supergroup",
            f"telegram.staff_group {group} is a {chat.get('type', 'chat')}, not a supergroup.",
            "Switch on topics in the group's settings, which makes it one, and take its new id.",
        )
    if not chat.get("is_forum"):
        return Finding(
            ERROR,
            "group_no_forum",
            f"The staff group {group} has no topics.",
            "Switch on Topics in the group's settings in Telegram.",
        )
    return None


async def _rights(ask: Calls, group: int, bot: Bot) -> Finding:
    answer = await ask("getChatMember", {"chat_id": group, "user_id": bot.id}, SECONDS)
    if not answer.ok or not isinstance(answer.result, dict):
        return _group_unknown(group, answer)
    member = answer.result
    if member.get("status") == "creator":
        return Finding(GOOD, "group_good", f"The staff group {group} has topics, and the bot owns it.")
    if member.get("status") != "administrator":
        return Finding(
            ERROR,
            "group_no_admin",
            f"The bot is no administrator of the staff group {group}.",
            f"Make @{bot.username} an administrator with: {', '.join(NEEDED.values())}.",
        )
    missing = [name for right, name in NEEDED.items() if not member.get(right)]
    if missing:
        return Finding(
            ERROR,
            "group_rights",
            f"The bot lacks rights in the staff group {group}: {', '.join(missing)}.",
            "Grant them among the group's administrators in Telegram.",
        )
    return Finding(GOOD, "group_good", f"The staff group {group} has topics, and the bot may manage them.")


async def _topic_made(ask: Calls, group: int) -> Finding:
    made = await ask("createForumTopic", {"chat_id": group, "name": "Holdline check"}, SECONDS)
    if not made.ok or not isinstance(made.result, dict):
        return Finding(
            ERROR,
            "topic_refused",
            f"Telegram refused to make a topic: {made.description}.",
            "Look at the bot's rights in the group.",
        )
    thread = {"chat_id": group, "message_thread_id": made.result["message_thread_id"]}
    gone = await ask("deleteForumTopic", thread, SECONDS)
    if not gone.ok:
        return Finding(
            WARNING,
            "topic_left",
            f"The topic “Holdline check” was made but not deleted: {gone.description}.",
            "Delete it by hand.",
        )
    return Finding(GOOD, "topic_made", "A topic was made in the group and deleted again.")


def _group_unknown(group: int, answer: Answer) -> Finding:
    if answer.code not in (400, 403):
        return _silent(answer)
    return Finding(
        ERROR,
        "group_unknown",
        f"The bot cannot see the staff group {group}: {answer.description}.",
        "Add the bot to the group and look at telegram.staff_group; a supergroup's id begins with -100.",
    )


def _polling(info: dict[str, Any]) -> Finding:
    if info.get("url"):
        return Finding(
            WARNING,
            "webhook_in_the_way",
            'A webhook is set, but telegram.intake is "polling".',
            "`holdline run` takes the webhook away; if another program set it, stop that program first.",
        )
    return Finding(GOOD, "polling_good", "No webhook is in the way of polling.")


def _webhook(info: dict[str, Any], url: str) -> list[Finding]:
    found = []
    if info.get("url") not in ("", None, url):
        found.append(
            Finding(
                WARNING,
                "webhook_elsewhere",
                "Another webhook is set for this bot.",
                "`holdline run` replaces it; if you do not know it, revoke the token at @BotFather.",
            )
        )
    if info.get("last_error_message"):
        found.append(
            Finding(
                WARNING,
                "webhook_failing",
                f"Telegram could not deliver to the webhook: {info['last_error_message']}.",
                "See that the address reaches web.port from outside, with a valid certificate.",
            )
        )
    if not info.get("url"):
        found.append(Finding(GOOD, "webhook_none", "No webhook is set yet; `holdline run` sets it."))
    return found or [Finding(GOOD, "webhook_good", "The webhook is set and has no errors.")]


def _silent(answer: Answer) -> Finding:
    return Finding(
        ERROR,
        "telegram_silent",
        f"Telegram does not answer: {answer.description or answer.code}.",
        "Look at the network and at telegram.api_base.",
    )
