"""Answers to button presses."""

from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.server.api_request import ApiRequest
from holdline.sandbox.telegram import Telegram

ANSWER_SECONDS = 15
"""Telegram accepts no answer after about this time (public reports)."""
TEXT_MOST = 200


def answer(tg: Telegram, ask: ApiRequest) -> bool:
    query = tg.queries.get(ask.text("callback_query_id"))
    if query is None or query.answer is not None or tg.clock.now() - query.at > ANSWER_SECONDS:
        raise refusal("query_too_old")
    if len(ask.text("text")) > TEXT_MOST:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": ask.text("text"), "show_alert": ask.flag("show_alert"), "url": ask.text("url")}
    toast = query.answer | {"user_id": query.user_id, "message_id": query.message_id}
    toast["callback_query_id"] = ask.text("callback_query_id")
    tg.show("callback_answer", toast, tg.world.chats.get(query.chat_id))
    return True
