"""What reaches a customer, and what never does."""

from typing import Any

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.customers.customers import greet_customer, send_help
from holdline.desk.dialogs.ratings import record_rating
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.settings.standard_messages import set_standard_message
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.text.richtext import length
from holdline.store.dialogs import ratings
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.staging import (
    ADMIN,
    ANNA,
    GROUP,
    all_sent,
    buttons_of,
    call,
    manager,
    opened,
    rendered,
    text_of,
    words,
    wrote,
)  # fmt: skip

MENTION = {
    "type": "text_mention",
    "offset": 0,
    "length": 5,
    "user": {"id": ADMIN, "is_bot": False, "first_name": "M"},
}
LINK = {"type": "text_link", "offset": 0, "length": 5, "url": f"tg://user?id={ADMIN}"}
BOLD = {"type": "bold", "offset": 6, "length": 4}


async def replied(store: Store, content: Content) -> None:
    def reply(tx: Tx) -> None:
        origin = Origin(
            chat_id=GROUP, tg_message_id=content.tg_message_id or 900, thread_id=content.thread_id
        )
        write_in_dialog(tx, manager=manager(tx), dialog_id=1, content=content, origin=origin)

    await store.act(reply)


@pytest.fixture
async def talking(group_desk: Store) -> Store:
    """A dialog is open and all that was said has been sent."""
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    return group_desk


@pytest.mark.row("F-11")
@pytest.mark.parametrize("hidden", [MENTION, LINK], ids=["mention", "link"])
async def test_a_text_for_a_customer_contains_nothing_about_a_manager(
    talking: Store, hidden: dict[str, Any]
) -> None:
    await replied(talking, Content("text", "Maria will help", entities=(hidden, BOLD)))
    said = await call(talking, "message")
    assert said.params == {"chat_id": ANNA.telegram_id, "text": "Maria will help", "entities": [BOLD]}


@pytest.mark.row("F-11")
@pytest.mark.parametrize("hidden", [MENTION, LINK], ids=["mention", "link"])
async def test_a_caption_that_mentions_a_manager_is_rewritten_for_the_copy(
    talking: Store, hidden: dict[str, Any]
) -> None:
    content = Content("photo", "Maria will", entities=(hidden, BOLD), chat_id=GROUP, tg_message_id=40)
    await replied(talking, content)
    said = await call(talking, "message")
    assert said.method == "copyMessage"
    assert said.params["caption"] == "Maria will"
    assert said.params["caption_entities"] == [BOLD]


@pytest.mark.row("F-11")
async def test_media_is_copied_and_never_forwarded(talking: Store) -> None:
    for kind in ("photo", "voice", "sticker", "document", "location", "poll"):
        await replied(talking, Content(kind, chat_id=GROUP, tg_message_id=41))
        assert (await call(talking, "message")).method == "copyMessage"


@pytest.mark.row("F-11")
async def test_an_album_that_mentions_a_manager_is_sent_as_a_new_message_without_the_mention(
    talking: Store,
) -> None:
    for number, entities in ((50, (MENTION,)), (51, (LINK,))):
        content = Content(
            "photo",
            "Maria",
            entities=entities,
            chat_id=GROUP,
            tg_message_id=number,
            album_id="m",
            data={"file_id": "f"},
        )
        await replied(talking, content)
    albums = [found for found in await rendered(talking, "album") if isinstance(found, Call)]
    (album,) = [found for found in albums if found.params["chat_id"] == ANNA.telegram_id]
    assert album.method == "sendMediaGroup"
    assert str(ADMIN) not in str(album.params)


@pytest.mark.row("F-07")
async def test_formatting_reaches_the_customer_byte_for_byte(talking: Store) -> None:
    entities: tuple[dict[str, Any], ...] = (
        {"type": "expandable_blockquote", "offset": 0, "length": 4},
        {"type": "text_link", "offset": 5, "length": 3, "url": "https://example.org/?a=1&b=<2>"},
        {"type": "pre", "offset": 5, "length": 3, "language": "python"},
    )
    await replied(talking, Content("text", "🦊🦊 abc <&>", entities=entities))
    said = await call(talking, "message")
    assert said.params["entities"] == list(entities)
    assert said.params["text"] == "🦊🦊 abc <&>"


@pytest.mark.row("F-08")
async def test_a_long_reply_is_sent_in_parts_and_whole(talking: Store) -> None:
    text = "A line of words.\n" * 600
    await replied(talking, Content("text", text))
    said = [text_of(found) for found in await rendered(talking, "message") if isinstance(found, Call)]
    assert "".join(said) == text
    assert len(said) == 3 and all(length(part) <= 4096 for part in said)


@pytest.mark.row("F-04")
async def test_a_managers_reply_quotes_the_customers_own_message(talking: Store) -> None:
    await wrote(talking, words("two questions", 80))
    copy = await call(talking, "mirror")
    assert isinstance(copy, Call)
    await all_sent(talking)

    def number(tx: Tx) -> tuple[int, int]:
        row = tx.one("SELECT tg_message_id, thread_id FROM telegram_messages JOIN places ON places.id = place_id "
                     "WHERE message_id = 2 AND role = 'copy'")  # fmt: skip
        assert row is not None
        return row["tg_message_id"], row["thread_id"]

    replied_to, thread = await talking.read(number)
    await replied(
        talking,
        Content(
            "text", "first one", chat_id=GROUP, thread_id=thread, tg_message_id=60, reply_to_tg_id=replied_to
        ),
    )
    said = await call(talking, "message")
    assert said.params["reply_parameters"] == {"message_id": 80, "allow_sending_without_reply": True}


@pytest.mark.row("F-03")
async def test_a_managers_edit_changes_the_customers_copy(talking: Store) -> None:
    await replied(talking, Content("text", "Maria wil help", chat_id=GROUP, tg_message_id=61))
    await all_sent(talking)

    def edited(tx: Tx) -> bool:
        content = Content("text", "Maria will help", entities=(MENTION,), chat_id=GROUP, tg_message_id=61)
        return apply_manager_edit(tx, manager=manager(tx), content=content)

    assert await talking.act(edited)
    edit = await call(talking, "edit_copy")
    assert (edit.method, edit.params["chat_id"]) == ("editMessageText", ANNA.telegram_id)
    assert edit.params["text"] == "Maria will help"
    assert "entities" not in edit.params


@pytest.mark.row("L-59")
@pytest.mark.row("L-60")
@pytest.mark.parametrize(
    ("language", "captions"),
    [
        ("en", ["Bad", "Okay", "Great"]),
        ("ru", ["Плохо", "Нормально", "Отлично"]),
        ("pl", ["Źle", "Dobrze", "Świetnie"]),
    ],
)
async def test_the_rating_form_has_exactly_three_buttons(
    group_desk: Store, language: str, captions: list[str]
) -> None:
    sender = MessageSender(ANNA.telegram_id, "Anna", None, language)
    await wrote(group_desk, words(), sender)
    await opened(group_desk)
    token = await closed(group_desk)
    form = await call(group_desk, "rating_form")
    assert form.params["chat_id"] == ANNA.telegram_id
    assert buttons_of(form) == [(caption, f"rate:{token}:{n}") for n, caption in enumerate(captions, 1)]
    assert len(form.params["reply_markup"]["inline_keyboard"]) == 1


async def closed(store: Store) -> str:
    def work(tx: Tx) -> str:
        close_dialog(tx, manager=manager(tx), dialog_id=1, closing=Closing(send_rating_form=True))
        rating = ratings.by_id(tx, 1)
        assert rating is not None
        return str(rating["token"])

    return await store.act(work)


@pytest.mark.row("L-61")
@pytest.mark.row("L-62")
async def test_the_desks_own_texts_and_captions_do_not_change_the_numbers(talking: Store) -> None:
    def rewritten(tx: Tx) -> None:
        set_standard_message(
            tx, manager=manager(tx), name="rating_request", language="en",
            text="About “{title}” {unknown}?", buttons=["😡", "😐", "😍"],
        )  # fmt: skip

    await talking.act(rewritten)
    token = await closed(talking)
    form = await call(talking, "rating_form")
    assert text_of(form) == "About “Delivery” {unknown}?"
    assert buttons_of(form) == [
        ("😡", f"rate:{token}:1"),
        ("😐", f"rate:{token}:2"),
        ("😍", f"rate:{token}:3"),
    ]


@pytest.mark.row("L-64")
@pytest.mark.row("L-67")
async def test_after_a_rating_the_form_thanks_and_loses_its_buttons(talking: Store) -> None:
    token = await closed(talking)
    rated = {"telegram_id": ANNA.telegram_id, "token": token, "tg_message_id": 77}
    assert await talking.act(record_rating, value=3, **rated) == "counts"
    assert text_of(await call(talking, "standard")) == "Thank you for your rating!"
    form = await call(talking, "rating_form_edit")
    assert text_of(form) == "How did we do?\n\n✔ Great"
    assert (form.params["message_id"], form.params["reply_markup"]) == (77, {"inline_keyboard": []})


@pytest.mark.row("C-09")
@pytest.mark.parametrize(("value", "asked"), [(1, 1), (2, 0), (3, 0)])
async def test_a_bad_rating_asks_what_went_wrong(talking: Store, value: int, asked: int) -> None:
    token = await closed(talking)
    await talking.act(record_rating, telegram_id=ANNA.telegram_id, token=token, value=value)
    invited = [one for one in await rendered(talking, "customer_notice") if "went wrong" in str(one)]
    assert len(invited) == asked


async def test_a_greeting_offers_the_solved_button_only_while_a_dialog_is_open(group_desk: Store) -> None:
    start = words("/start", 1)
    await group_desk.act(greet_customer, sender=ANNA, payload="", content=start)
    greeting = await call(group_desk, "standard")
    assert text_of(greeting).startswith("Hello!") and buttons_of(greeting) == []
    await opened(group_desk)
    assert buttons_of(await call(group_desk, "standard")) == [("✅ My question is solved", "solved:1")]


async def test_help_is_the_desks_own_text_where_it_wrote_one(talking: Store) -> None:
    def rewritten(tx: Tx) -> None:
        set_standard_message(tx, manager=manager(tx), name="help", language="en", text="Call us.")

    await talking.act(send_help, sender=ANNA, content=words("/help", 90))
    assert text_of(await call(talking, "customer_notice")).startswith("Just write here")
    await talking.act(rewritten)
    said = await call(talking, "customer_notice")
    assert text_of(said) == "Call us."
    assert buttons_of(said) == [("✅ My question is solved", "solved:1")]


async def test_marketing_keeps_its_buttons(group_desk: Store) -> None:
    await wrote(group_desk, words())
    order = OutboundRequest(
        ANNA.telegram_id,
        MessageClass.FUNNEL,
        "Sale",
        buttons=[[{"text": "Shop", "url": "https://example.org"}]],
    )
    await group_desk.act(accept_outbound, order=order)
    said = await call(group_desk, "message")
    assert buttons_of(said) == [("Shop", "https://example.org")]


async def test_a_message_that_cannot_be_copied_is_sent_as_a_new_message(talking: Store) -> None:
    data = {"file_id": "doc1", "protected": True}
    await wrote(talking, Content("document", "see", chat_id=ANNA.telegram_id, tg_message_id=95, data=data))
    shown = await call(talking, "mirror")
    assert (shown.method, shown.params["document"], shown.params["caption"]) == (
        "sendDocument",
        "doc1",
        "see",
    )
