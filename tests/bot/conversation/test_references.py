"""References of a message are stored and shown to the desk: forwards, replies to other chats, quotes."""

from typing import Any

import pytest

from holdline.bot.content import content_of
from holdline.desk.conversation.incoming import apply_customer_edit
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.reading.reading import transcript
from holdline.desk.reading.transcripts import transcript_page
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.text.limits import length
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.bot.staging import (
    ADMIN,
    ANNA,
    GROUP,
    all_sent,
    buttons_of,
    call,
    manager,
    marked_words,
    opened,
    rendered,
    text_of,
    words,
    wrote,
)
from tests.bot.test_content import BODIES, message

CHANNEL = {"id": -1001777, "type": "channel", "title": "Shop News"}
PERSON = {"id": 777000111, "is_bot": False, "first_name": "Somebody", "last_name": "Else"}
ORIGINS: dict[str, tuple[dict[str, Any], str]] = {
    "user": ({"type": "user", "date": 1, "sender_user": PERSON}, "Somebody Else"),
    "hidden": ({"type": "hidden_user", "date": 1, "sender_user_name": "Hidden One"}, "Hidden One"),
    "chat": (
        {"type": "chat", "date": 1, "sender_chat": {"id": -1, "type": "supergroup", "title": "Sellers"}},
        "Sellers",
    ),
    "channel": (
        {"type": "channel", "date": 1, "message_id": 812, "chat": CHANNEL, "author_signature": "Eve"},
        "Shop News · Eve",
    ),
}
OUTSIDE = {"origin": {"type": "channel", "date": 1, "message_id": 812, "chat": CHANNEL}, "chat": CHANNEL}
QUOTE = {"text": "Blue kettle KX-200, 39 EUR", "position": 0, "is_manual": True}


def read(body: str = "text", *, number: int = 80, **more: Any) -> Content:
    content = content_of(message(BODIES[body], message_id=number, **more))
    assert content is not None
    return content


@pytest.mark.parametrize("origin", ORIGINS)
async def test_the_desk_sees_the_author_of_a_forwarded_message(group_desk: Store, origin: str) -> None:
    told, name = ORIGINS[origin]
    content = read(forward_origin=told)
    await wrote(group_desk, content)
    shown = await call(group_desk, "inbox_card")
    assert f"↪️ Forwarded from {name}\nhi" in text_of(shown)
    dialog = await opened(group_desk)
    shown = await call(group_desk, "mirror")
    assert text_of(shown).endswith(f"\n↪️ Forwarded from {name}\nhi")
    assert ("italic", f"↪️ Forwarded from {name}") in marked_words(shown)
    await all_sent(group_desk)
    page = await group_desk.read(transcript_page, dialog_id=dialog.id, language="en", after=0)
    assert f"Forwarded from {name}" in page.text
    (line,) = await group_desk.read(lambda tx: transcript(tx, customer_id=1))
    assert line["forwarded_from"]["name"] == name


@pytest.mark.parametrize("body", ["photo", "document", "voice", "sticker", "location", "video_note"])
async def test_a_forwarded_file_names_its_author(group_desk: Store, body: str) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    await wrote(group_desk, read(body, forward_origin=ORIGINS["user"][0]))
    shown = await call(group_desk, "mirror")
    seen = [str(shown.params.get("caption", "")), *(caption for caption, _ in buttons_of(shown))]
    assert "↪️ Forwarded from Somebody Else" in seen


async def test_a_forwarded_album_names_its_author_once(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    for number in (80, 81):
        await wrote(
            group_desk,
            read("photo", number=number, media_group_id="a", forward_origin=ORIGINS["channel"][0]),
        )
    shown = await call(group_desk, "album")
    assert [medium.get("caption") for medium in shown.params["media"]] == [
        "↪️ Forwarded from Shop News · Eve",
        None,
    ]


async def test_a_reply_to_a_message_in_another_chat_shows_that_message(group_desk: Store) -> None:
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await all_sent(group_desk)
    await wrote(group_desk, read(external_reply=OUTSIDE, quote=QUOTE))
    shown = await call(group_desk, "mirror")
    assert text_of(shown) == f"↩️ Answers this from Shop News:\n{QUOTE['text']}\nhi"
    assert ("blockquote", QUOTE["text"]) in marked_words(shown)
    page = await group_desk.read(transcript_page, dialog_id=dialog.id, language="en", after=0)
    assert f"> {QUOTE['text']}" in page.text and "Shop News" in page.text
    line = (await group_desk.read(lambda tx: transcript(tx, dialog_id=dialog.id)))[-1]
    assert (line["answers"]["name"], line["quote"]) == ("Shop News", QUOTE["text"])


async def test_a_reply_to_a_file_in_another_chat_names_its_kind(group_desk: Store) -> None:
    await wrote(group_desk, read(external_reply={**OUTSIDE, **BODIES["photo"]}))
    assert "Shop News:\nphoto\nhi" in text_of(await call(group_desk, "inbox_card"))


async def test_a_reply_to_an_offer_names_the_offer(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await all_sent(group_desk)
    for text in ("Offer A", "Offer B"):
        order = OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, text)
        await group_desk.act(accept_outbound, order=order)
    await all_sent(group_desk)
    offer = await group_desk.read(lambda tx: tx.one("SELECT * FROM telegram_messages WHERE message_id = 2"))
    assert offer is not None
    replied = {
        **message({"text": "Offer A"}).model_dump(mode="json", by_alias=True, exclude_unset=True),
        "message_id": offer["tg_message_id"],
    }
    await wrote(group_desk, read(reply_to_message=replied))
    shown = await call(group_desk, "inbox_card")
    assert text_of(shown).endswith("↩️ Answers this:\nOffer A\nhi")


async def test_a_reply_to_a_message_in_the_chat_is_shown_by_telegram_alone(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await all_sent(group_desk)
    replied = message({"text": "Where is my order?"}).model_dump(
        mode="json", by_alias=True, exclude_unset=True
    )
    await wrote(group_desk, read(reply_to_message={**replied, "message_id": 71}))
    shown = await call(group_desk, "inbox_card")
    assert "Answers" not in text_of(shown) and shown.params["reply_parameters"]["message_id"]


async def test_a_long_forwarded_text_is_shown_whole_also_after_an_edit(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    said = "word " * 800 + "end"
    quote = {"text": "q" * 1000, "position": 0, "is_manual": True}
    content = content_of(message({"text": said}, external_reply=OUTSIDE, quote=quote))
    assert content is not None
    await wrote(group_desk, content)
    shown = [found for found in await rendered(group_desk, "mirror") if hasattr(found, "params")]
    assert "".join(map(text_of, shown)).endswith(said) and len(shown) == 2
    assert all(length(text_of(found)) <= 4096 for found in shown)
    await all_sent(group_desk)
    content = content_of(message({"text": said + "!"}, external_reply=OUTSIDE, quote=quote))
    assert content is not None
    await group_desk.act(apply_customer_edit, sender=ANNA, content=content)
    edits = [found for found in await rendered(group_desk, "edit_copy") if hasattr(found, "params")]
    assert "".join(map(text_of, edits)).endswith(said + "!")


async def test_a_managers_quote_reaches_the_customer_and_a_forward_names_nobody(group_desk: Store) -> None:
    await wrote(group_desk, words("I have order 17 and order 18", 71))
    dialog = await opened(group_desk)
    await all_sent(group_desk)

    def shown_at(tx: Tx) -> Row:
        found = tx.one(
            "SELECT * FROM telegram_messages WHERE message_id = 1 AND dialog_id IS NOT NULL AND role = 'copy'"
        )
        assert found is not None
        return found

    copy = await group_desk.read(shown_at)
    chat = {"id": GROUP, "type": "supergroup", "title": "Desk"}
    replied = {
        "message_id": copy["tg_message_id"],
        "date": 1,
        "chat": chat,
        "text": "I have order 17 and order 18",
    }
    content = read(
        chat=chat,
        reply_to_message=replied,
        quote={"text": "order 17", "position": 7, "is_manual": True},
        forward_origin=ORIGINS["user"][0],
    )

    def reply(tx: Tx) -> None:
        origin = Origin(GROUP, 80)
        write_in_dialog(tx, manager=manager(tx), dialog_id=dialog.id, content=content, origin=origin)

    await group_desk.act(reply)
    sent = await call(group_desk, "message")
    assert sent.params["reply_parameters"] == {
        "message_id": 71,
        "allow_sending_without_reply": True,
        "quote": "order 17",
    }
    assert text_of(sent) == "hi" and str(ADMIN) not in str(sent.params)
