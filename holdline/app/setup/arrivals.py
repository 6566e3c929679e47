"""Who has written to the bot and which groups it is in, read from Telegram without confirming anything.

The updates stay at Telegram, so that the desk handles them when it starts.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from holdline.bot.intake.bot_api import ALLOWED_UPDATES, BotApiCaller

LOOK_SECONDS = 2
MOST_UPDATES = 100
"""Telegram hands out the oldest ones first. Newer ones are not seen until some of them are confirmed."""


@dataclass(slots=True)
class Arrivals:
    """`people` are those who wrote in private, `groups` those where something happened: name by Telegram id."""

    people: dict[int, str] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    refusal: str = ""
    is_full: bool = False


async def look(ask: BotApiCaller) -> Arrivals:
    """One look. `refusal` says why there cannot be one."""
    params = {"timeout": LOOK_SECONDS, "limit": MOST_UPDATES, "allowed_updates": ALLOWED_UPDATES}
    answer = await ask("getUpdates", params, LOOK_SECONDS + 10)
    found = Arrivals()
    if not answer.ok or not isinstance(answer.result, list):
        found.refusal = answer.description
        return found
    found.is_full = len(answer.result) >= MOST_UPDATES
    for update in answer.result:
        _add(found, update)
    return found


async def wait_a_moment() -> None:
    """Updates that wait make every look return at once."""
    await asyncio.sleep(1)


def _add(found: Arrivals, update: dict[str, Any]) -> None:
    event = update.get("message") or update.get("my_chat_member") or {}
    chat, sender = event.get("chat") or {}, event.get("from") or {}
    if chat.get("type") == "private" and "id" in sender:
        names = (str(sender.get(key, "")).strip() for key in ("first_name", "last_name"))
        name = " ".join(filter(None, names)) or "somebody"
        found.people[int(sender["id"])] = (
            f"{name} (@{sender['username']})" if sender.get("username") else name
        )
    elif chat.get("type") in ("group", "supergroup"):
        found.groups[int(chat["id"])] = str(chat.get("title", ""))
