"""Outbox items of an earlier version are rendered as that version meant them."""

from typing import Any

import pytest

from holdline.dialogs.address import Address
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.call import Skip
from tests.bot.staging import GROUP, call, opened, rendered, text_of, words, wrote


async def left(store: Store, kind: str, payload: dict[str, Any]) -> None:
    def written(tx: Tx) -> None:
        outbox.add(tx, [Outgoing(Address(GROUP), BotText("new"), "left behind")])
        tx.run(
            "UPDATE outbox SET kind = :kind, payload_json = :payload WHERE key = 'left behind'",
            kind=kind,
            payload=payload,
        )

    await store.act(written)


@pytest.mark.parametrize(
    ("kind", "payload", "method"),
    [
        (
            "text",
            {"text": "Hi", "entities": [], "buttons": [], "reply_to_tg_id": None, "thread_id": 9},
            "sendMessage",
        ),
        (
            "document",
            {"filename": "a.txt", "content": "Hi", "caption": "", "thread_id": None},
            "sendDocument",
        ),
        ("markup", {"tg_message_id": 5, "buttons": []}, "editMessageReplyMarkup"),
        ("delete_copy", {"tg_message_id": 5, "part": 0}, "deleteMessage"),
        (
            "desk_notice",
            {"key": "desk_notices.try_again", "words": {}, "buttons": [], "alarm": True},
            "sendMessage",
        ),
        ("customer_notice", {"key": "customer.offers_off", "words": {}, "buttons": []}, "sendMessage"),
    ],
)
async def test_a_row_with_former_fields_can_be_rendered(
    group_desk: Store, kind: str, payload: dict[str, Any], method: str
) -> None:
    await left(group_desk, kind, payload)
    assert (await call(group_desk, kind)).method == method


async def test_a_copy_without_counted_parts_can_be_rendered(group_desk: Store) -> None:
    await wrote(group_desk, words("Where is it?"))
    await opened(group_desk)

    def forget(tx: Tx) -> None:
        tx.run(
            "UPDATE outbox SET payload_json = :old WHERE kind = 'mirror'", old={"part": 0, "parts_before": 1}
        )

    await group_desk.act(forget)
    assert "Where is it?" in text_of(await call(group_desk, "mirror"))


async def test_an_item_of_a_newer_version_is_cancelled(group_desk: Store) -> None:
    await left(group_desk, "hologram", {"depth": 3})
    [said] = await rendered(group_desk, "hologram")
    assert isinstance(said, Skip)
