"""Cards of the Inbox."""

import pytest

from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.notices import places as desk_places
from holdline.desk.notices.inbox_cards import show_waiting_cards
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.dialogs import places
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.staging import (
    ANNA,
    GROUP,
    all_sent,
    buttons_of,
    call,
    manager,
    marked_words,
    text_of,
    words,
    wrote,
)  # fmt: skip

BOLD = ({"type": "bold", "offset": 0, "length": 5},)


@pytest.mark.row("L-04")
async def test_the_first_card_names_the_customer_and_offers_a_dialog(group_desk: Store) -> None:
    await wrote(group_desk, words("🦊 late", entities=({"type": "bold", "offset": 3, "length": 4},)))
    card = await call(group_desk, "inbox_card")
    assert card.method == "sendMessage"
    assert card.params["chat_id"] == GROUP
    assert text_of(card) == "👤 Anna · id 510000001\n🦊 late"
    assert marked_words(card) == [("bold", "👤 Anna · id 510000001"), ("bold", "late")]
    assert [data.partition(":")[0] for _, data in buttons_of(card)] == [
        "card.open",
        "card.ignore",
        "card.assign",
        "card.dialogs",
    ]


async def test_later_messages_of_a_series_reply_to_the_card_without_buttons(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await all_sent(group_desk)
    await wrote(group_desk, words("hello?", 72))
    card = await call(group_desk, "inbox_card")
    assert card.params["reply_parameters"]["allow_sending_without_reply"] is True
    assert buttons_of(card) == []


async def test_later_messages_reply_to_the_card_that_was_shown_again(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await all_sent(group_desk)
    old = await group_desk.read(_cards)

    def lose_topic(tx: Tx) -> None:
        [place] = desk_places.ensure_for_inbox(tx)
        places.end(tx, place["id"])
        [successor] = desk_places.ensure_for_inbox(tx)
        show_waiting_cards(tx, successor)

    await group_desk.act(lose_topic)
    await all_sent(group_desk)
    new = [number for number in await group_desk.read(_cards) if number not in old]
    await wrote(group_desk, words("hello?", 72))
    card = await call(group_desk, "inbox_card")
    assert [card.params["reply_parameters"]["message_id"]] == new


def _cards(tx: Tx) -> list[int]:
    rows = tx.all(
        "SELECT tg_message_id FROM telegram_messages WHERE role = 'copy' AND inbox_item_id IS NOT NULL"
    )
    return [row["tg_message_id"] for row in rows]


async def test_a_hostile_name_cannot_format_command_or_reverse_the_text(group_desk: Store) -> None:
    sender = MessageSender(510000009, "<b>/close 3</b> {id} שלום", language="en")
    await wrote(group_desk, Content("text", "*hi*", chat_id=510000009, tg_message_id=1), sender)
    card = await call(group_desk, "inbox_card")
    assert "parse_mode" not in card.params
    assert text_of(card).startswith("👤 \u2068<b>∕close 3<∕b> {id} שלום\u2069 · id 510000009\n*hi*")


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "video", "animation", "audio"])
@pytest.mark.row("F-01")
async def test_a_card_of_media_carries_the_head_in_its_caption(group_desk: Store, kind: str) -> None:
    content = Content(kind, "look", chat_id=ANNA.telegram_id, tg_message_id=5, data={"file_id": "f"})
    await wrote(group_desk, content)
    card = await call(group_desk, "inbox_card")
    assert (card.method, card.params["from_chat_id"], card.params["message_id"]) == (
        "copyMessage",
        ANNA.telegram_id,
        5,
    )
    assert text_of(card) == "👤 Anna · id 510000001\nlook"


@pytest.mark.parametrize("kind", ["sticker", "video_note", "location", "venue", "contact", "poll", "dice"])
@pytest.mark.row("F-01")
async def test_a_card_without_a_caption_names_the_customer_on_its_first_button(
    group_desk: Store, kind: str
) -> None:
    await wrote(group_desk, Content(kind, chat_id=ANNA.telegram_id, tg_message_id=5))
    card = await call(group_desk, "inbox_card")
    assert card.method == "copyMessage"
    assert "caption" not in card.params
    assert buttons_of(card)[0][0] == "👤 Anna · id 510000001"
    assert len(buttons_of(card)) == 5


async def test_a_caption_too_long_for_a_heading_keeps_all_its_text(group_desk: Store) -> None:
    content = Content("photo", "w" * 1020, chat_id=ANNA.telegram_id, tg_message_id=5)
    await wrote(group_desk, content)
    card = await call(group_desk, "inbox_card")
    assert "caption" not in card.params
    assert buttons_of(card)[0][0].startswith("👤 Anna")


async def test_cards_show_how_their_item_was_handled(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await all_sent(group_desk)

    def ignored(tx: Tx) -> None:
        ignore_item(tx, manager=manager(tx), item_id=1)

    await group_desk.act(ignored)
    markup = await call(group_desk, "inbox_card_markup")
    assert markup.method == "editMessageReplyMarkup"
    assert [text for text, _ in buttons_of(markup)] == ["🚫 Ignored", "↩️ Put back", "➕ Dialog", "🎫 Dialogs"]
