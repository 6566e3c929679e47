"""What Telegram reports about the staff group: its present id, and what the bot lacks in it."""

from dataclasses import dataclass

from holdline.app.check.results import ERROR, GOOD, WARNING, Finding
from holdline.bot.intake.bot_api import BotApiCaller, BotApiResponse
from holdline.telegram.group_rights import PRESENCE, chat_problems, explain_problems, member_problems

SECONDS = 10
_CODES = {
    "presence": "group_unknown",
    "supergroup": "group_no_supergroup",
    "topics": "group_no_forum",
    "administrator": "group_no_admin",
}


@dataclass(frozen=True, slots=True)
class GroupView:
    """`group` is the present id; `lacks` is None if Telegram did not answer; `finding` describes the result."""

    group: int
    lacks: tuple[str, ...] | None
    finding: Finding


async def look_at_group(ask: BotApiCaller, group: int, bot_id: int) -> GroupView:
    """Asks Telegram about the group. If Telegram names a newer id, asks again with that id."""
    chat = await ask("getChat", {"chat_id": group}, SECONDS)
    if chat.moved_to is not None and chat.moved_to != group:
        return await look_at_group(ask, chat.moved_to, bot_id)
    if not chat.ok or not isinstance(chat.result, dict):
        return _unreachable_view(group, chat)
    if lacks := chat_problems(chat.result):
        return _view(group, lacks)
    member = await ask("getChatMember", {"chat_id": group, "user_id": bot_id}, SECONDS)
    if not member.ok or not isinstance(member.result, dict):
        return _unreachable_view(group, member)
    return _view(group, member_problems(member.result))


async def topic_finding(ask: BotApiCaller, group: int) -> Finding:
    """Creates a topic in the group and deletes it again."""
    created = await ask("createForumTopic", {"chat_id": group, "name": "Holdline check"}, SECONDS)
    if not created.ok or not isinstance(created.result, dict):
        sentence = f"Telegram refused to create a topic: {created.description}."
        return Finding(ERROR, "topic_refused", sentence, "Check the bot's rights in the group.")
    thread = {"chat_id": group, "message_thread_id": created.result["message_thread_id"]}
    deleted = await ask("deleteForumTopic", thread, SECONDS)
    if not deleted.ok:
        sentence = f"The topic “Holdline check” was created but not deleted: {deleted.description}."
        return Finding(WARNING, "topic_left", sentence, "Delete it by hand.")
    return Finding(GOOD, "topic_made", "A topic was created in the group and deleted again.")


def migration_finding(configured: int, now: int) -> Finding:
    """The configuration still has the id from before the group became a supergroup."""
    return Finding(
        WARNING,
        "group_moved",
        f"The staff group {configured} has become a supergroup, and its id is now {now}.",
        f"Write staff_group = {now} into [telegram]; until then Holdline uses the new id by itself.",
    )


def silence_finding(answer: BotApiResponse) -> Finding:
    return Finding(
        ERROR,
        "telegram_silent",
        f"Telegram does not answer: {answer.description or answer.code}.",
        "Check the network and telegram.api_base.",
    )


def _view(group: int, lacks: tuple[str, ...]) -> GroupView:
    if not lacks:
        good = f"The staff group {group} has topics, and the bot may manage them."
        return GroupView(group, lacks, Finding(GOOD, "group_good", good))
    sentence, remedy = explain_problems(group, lacks)
    return GroupView(group, lacks, Finding(ERROR, _CODES.get(lacks[0], "group_rights"), sentence, remedy))


def _unreachable_view(group: int, answer: BotApiResponse) -> GroupView:
    if answer.code not in (400, 403):
        return GroupView(group, None, silence_finding(answer))
    return GroupView(
        group,
        (PRESENCE,),
        Finding(
            ERROR,
            "group_unknown",
            f"The bot cannot see the staff group {group}: {answer.description}.",
            "Add the bot to the group and check telegram.staff_group; a supergroup's id begins with -100.",
        ),
    )
