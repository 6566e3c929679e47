"""Edits: the doctor finds changed texts without an edit, and edits that start from another text."""

import pytest

from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.desk.settings.lists import ensure_lists
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store import invariants
from holdline.store.engine import Store
from holdline.store.tx import Tx

ANNA = MessageSender(510000001, "Anna")
RULE = "newest_edit_is_the_text"


def words(text: str) -> Content:
    return Content(text=text, chat_id=ANNA.telegram_id, tg_message_id=5)


@pytest.fixture
async def edited(store: Store) -> Store:
    """Written once and edited three times; the last words are the first ones again."""
    await store.act(ensure_lists)
    await store.act(receive_customer_message, sender=ANNA, content=words("one"))
    for text in ("two “quoted” \\ 🙂", "", "one"):
        await store.act(apply_customer_edit, sender=ANNA, content=words(text))
    return store


async def broken(store: Store) -> set[str]:
    return {rule.name for rule in await store.read(invariants.find_violations)}


async def test_proper_edits_break_no_rule(edited: Store) -> None:
    assert await broken(edited) == set()


async def test_a_text_changed_without_an_edit_is_found(edited: Store) -> None:
    await edited.act(lambda tx: tx.run("UPDATE messages SET text = 'two' WHERE tg_message_id = 5"))
    assert await broken(edited) == {RULE}


async def test_an_edit_that_skips_the_one_before_is_found(edited: Store) -> None:
    def skip(tx: Tx) -> None:
        tx.run(
            """INSERT INTO history (bot_id, customer_id, kind, actor_kind, actor_name, actor_id,
                                    actor_telegram_id, text, data_json, created_at)
               SELECT bot_id, customer_id, kind, actor_kind, actor_name, actor_id,
                      actor_telegram_id, 'never said', data_json, created_at
               FROM history WHERE kind = 'message_edited' ORDER BY id DESC LIMIT 1"""
        )

    await edited.act(skip)
    assert await broken(edited) == {RULE}
