"""aiogram's types are built at their first use: all of them can be, and few are."""

from typing import Any

import aiogram
import pytest
from aiogram.methods import GetUpdates, SendMessage, TelegramMethod
from aiogram.methods.base import Response
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, PollOption, TelegramObject

MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "hello"}


def test_most_aiogram_types_are_not_built_at_the_start() -> None:
    models = [getattr(aiogram.types, name) for name in aiogram.types.__all__]
    types = [model for model in models if isinstance(model, type) and issubclass(model, TelegramObject)]
    assert len(types) > 300
    assert sum(not model.__pydantic_complete__ for model in types) > len(types) / 2


@pytest.mark.parametrize(
    ("method", "result"), [(SendMessage, MESSAGE), (GetUpdates, [{"update_id": 1, "message": MESSAGE}])]
)
def test_answers_of_telegram_are_parsed(method: type[TelegramMethod[Any]], result: Any) -> None:
    answer = Response[method.__returning__].model_validate({"ok": True, "result": result})  # type: ignore[name-defined] # made from a value
    said = answer.result[0].message if isinstance(answer.result, list) else answer.result
    assert said.text == "hello"


def test_types_and_calls_can_be_made_by_hand() -> None:
    button = InlineKeyboardButton(text="Close", callback_data="close:1")
    call = SendMessage(chat_id=1, text="hello", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))
    assert call.reply_markup.inline_keyboard[0][0].callback_data == "close:1"  # type: ignore[union-attr] # that kind
    assert PollOption(persistent_id="1", text="Yes", voter_count=2).voter_count == 2
