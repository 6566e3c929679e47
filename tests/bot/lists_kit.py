"""Lists and windows as people use them: a command, then one button after the other in the same window."""

from typing import Any

from tests.bot.desk_kit import Said, Staff
from tests.bot.staging import ADMIN


async def listed(staff: Staff, command: str, person: int = ADMIN) -> Said:
    await staff.says(command, person)
    return await staff.answer()


async def tap(staff: Staff, *captions: str, under: Said, person: int = ADMIN) -> str:
    """One button after the other in the same window, each by a piece of its caption; the window afterwards."""
    for caption in captions:
        edits = staff.gateway.edits()
        shown = edits[-1] if edits and edits[-1].params["message_id"] == under.number else under.call
        chat = int(under.call.params["chat_id"])
        await staff.presses(data_of(shown.params, caption), person, on=under.number, chat=chat)
    return staff.gateway.window


def data_of(params: dict[str, Any], caption: str) -> str:
    buttons = [button for row in params["reply_markup"]["inline_keyboard"] for button in row]
    exact = [button for button in buttons if button["text"] == caption]
    return str(next(b["callback_data"] for b in (*exact, *(b for b in buttons if caption in b["text"]))))


def captions_of(params: dict[str, Any]) -> list[str]:
    return [button["text"] for row in params["reply_markup"]["inline_keyboard"] for button in row]
