"""How the desk sees messages, info cards and topics."""

import pytest

from holdline.desk.conversation.incoming import apply_customer_edit
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.customers.customers import greet_customer
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.ratings import record_rating
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.closing import Closing
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.store.dialogs import ratings
from holdline.store.engine import Store
from holdline.store.tx import Tx
from holdline.telegram.call import Call, Skip
from tests.bot.staging import (
    ADMIN,
    ANNA,
    GROUP,
    all_sent,
    buttons_of,
    call,
    manager,
    marked_words,
    named,
    opened,
    rendered,
    text_of,
    words,
    wrote,
)  # fmt: skip

BOLD = ({"type": "bold", "offset": 0, "length": 5},)


async def test_a_topic_is_named_by_state_and_title(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk, "T" * 128)
    topics = [found for found in await rendered(group_desk, "topic_create") if isinstance(found, Call)]
    names = [topic.params["name"] for topic in topics]
    assert names[0] == "📥 Inbox"
    assert names[1].startswith("▶️ T") and len(names[1]) == 128 and names[1].endswith("…")


@pytest.mark.row("L-29")
async def test_the_icon_of_a_topic_follows_the_state(group_desk: Store) -> None:
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await all_sent(group_desk)

    def paused(tx: Tx) -> None:
        pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id)

    await group_desk.act(paused)
    named_now = await call(group_desk, "topic_name")
    assert named_now.method == "editForumTopic"
    assert named_now.params["name"] == "⏸ Delivery"


@pytest.mark.row("F-07")
async def test_a_topic_shows_the_customers_text_byte_for_byte(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    entities = (
        {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368324170671202286"},
        {"type": "date_time", "offset": 3, "length": 5, "unix_time": 1767225600, "date_time_format": "r"},
    )
    await wrote(group_desk, words("🦊 today & <b>", 80, entities=entities))
    shown = await call(group_desk, "mirror")
    assert shown.params["text"] == "🦊 today & <b>"
    assert shown.params["entities"] == list(entities)
    assert shown.params["message_thread_id"]


@pytest.mark.row("F-08")
async def test_a_long_text_in_a_topic_is_never_cut_short(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    text = "слово " * 682
    await wrote(group_desk, words(text, 80))
    said = [text_of(found) for found in await rendered(group_desk, "mirror") if isinstance(found, Call)]
    assert "".join(said) == text


async def test_a_private_desk_names_the_dialog_above_every_message(private_desk: Store) -> None:
    await wrote(private_desk, words())
    dialog = await opened(private_desk)
    await all_sent(private_desk)
    await wrote(private_desk, words("hello", 80, entities=BOLD))
    shown = await call(private_desk, "mirror")
    assert text_of(shown) == f"#{dialog.id} Delivery · Anna\nhello"
    assert marked_words(shown) == [("bold", f"#{dialog.id} Delivery · Anna"), ("bold", "hello")]


async def test_a_colleagues_reply_is_shown_under_their_name_in_the_topic(group_desk: Store) -> None:
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await all_sent(group_desk)

    def reply(tx: Tx) -> None:
        maria = named(tx, 400000078, "Maria")
        content, origin = Content("text", "On it"), Origin(chat_id=maria.telegram_id, tg_message_id=9)
        write_in_dialog(tx, manager=maria, dialog_id=dialog.id, content=content, origin=origin)

    await group_desk.act(reply)
    assert text_of(await call(group_desk, "mirror")) == "👤 Maria:\nOn it"
    assert text_of(await call(group_desk, "message")) == "On it"


@pytest.mark.row("F-04")
async def test_a_reply_is_a_reply_in_the_topic_too(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await wrote(group_desk, words("the first", 80))
    await all_sent(group_desk)
    await wrote(group_desk, words("about that", 81, reply_to_tg_id=80, data={"quote": {"text": "first"}}))
    reply = (await call(group_desk, "mirror")).params["reply_parameters"]
    assert reply["quote"] == "first"
    await wrote(group_desk, words("and what came before", 82, reply_to_tg_id=71))
    assert "reply_parameters" in (await call(group_desk, "mirror")).params


@pytest.mark.row("F-03")
async def test_an_edit_changes_the_copy_under_the_same_head_and_keeps_its_buttons(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await all_sent(group_desk)
    content = words("Where is my parcel?")
    await group_desk.act(apply_customer_edit, sender=ANNA, content=content)
    edit = await call(group_desk, "edit_copy")
    assert edit.method == "editMessageText"
    assert text_of(edit) == "👤 Anna · id 510000001\nWhere is my parcel?"
    assert len(buttons_of(edit)) == 4


@pytest.mark.row("F-02")
async def test_an_album_is_copied_as_one_in_the_order_of_its_parts(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    for number in (92, 91, 93):
        await wrote(
            group_desk, Content("photo", chat_id=ANNA.telegram_id, tg_message_id=number, album_id="a1")
        )
    album = await call(group_desk, "album")
    assert album.method == "copyMessages"
    assert album.params["message_ids"] == [91, 92, 93]
    assert album.params["from_chat_id"] == ANNA.telegram_id


async def test_an_album_in_a_private_desk_names_its_dialog_in_the_first_caption(private_desk: Store) -> None:
    await wrote(private_desk, words())
    dialog = await opened(private_desk)
    await all_sent(private_desk)
    for number in (91, 92):
        data = {"file_id": f"f{number}"}
        await wrote(
            private_desk,
            Content("photo", chat_id=ANNA.telegram_id, tg_message_id=number, album_id="a", data=data),
        )
    album = await call(private_desk, "album")
    assert album.method == "sendMediaGroup"
    assert [medium["media"] for medium in album.params["media"]] == ["f91", "f92"]
    assert album.params["media"][0]["caption"] == f"#{dialog.id} Delivery · Anna"
    assert "caption" not in album.params["media"][1]


@pytest.mark.row("L-03")
@pytest.mark.row("L-24")
@pytest.mark.row("L-25")
async def test_the_info_card_shows_everything_and_only_legal_buttons(group_desk: Store) -> None:
    await wrote(group_desk, words())
    dialog = await opened(group_desk, "/close me")
    card = await call(group_desk, "info_card")
    text = text_of(card).splitlines()
    assert text[0] == f"▶️ #{dialog.id} ∕close me"
    assert text[1] == "👤 Anna · id 510000001"
    assert "Status: active" in text and "Type: Support" in text
    assert not [line for line in text if line.endswith("—")], "what is not set takes no line"
    verbs = [data.partition(":")[0] for _, data in buttons_of(card)]
    assert verbs[:2] == ["dlg.pause", "dlg.close"]
    assert {"dlg.title", "dlg.type", "dlg.participants", "dlg.reasons", "dlg.components", "dlg.tags"} < set(
        verbs
    )
    assert verbs[-3:] == ["card.dialogs", "dlg.history", "dlg.forward"]


async def test_a_description_that_only_repeats_the_title_takes_no_line(group_desk: Store) -> None:
    await wrote(group_desk, words("Where is my order?"))
    await opened(group_desk, "Where is my order?")
    assert "Description" not in text_of(await call(group_desk, "info_card"))


async def test_cards_show_by_which_link_the_customer_came(group_desk: Store) -> None:
    start = words("/start promo", 60)
    await group_desk.act(greet_customer, sender=ANNA, payload="promo", content=start)
    await wrote(group_desk, words())
    line = "📎 came by the link “promo”"
    assert text_of(await call(group_desk, "inbox_card")).splitlines()[1] == line
    await opened(group_desk)
    assert text_of(await call(group_desk, "info_card")).splitlines()[2] == line


@pytest.mark.row("L-36")
async def test_the_info_card_counts_what_is_held(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)
    await all_sent(group_desk)
    for _ in range(3):
        order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Buy!")
        await group_desk.act(accept_outbound, order=order)

    def renamed(tx: Tx) -> None:
        change_dialog(tx, manager=manager(tx), dialog_id=1, changes={"title": "New name"})

    await group_desk.act(renamed)
    card = await call(group_desk, "info_card_edit")
    assert card.method == "editMessageText"
    assert "📥 3 held" in text_of(card)
    assert ("📥 3 held", "dlg.held:1") in buttons_of(card)


@pytest.mark.row("L-58")
@pytest.mark.row("L-63")
@pytest.mark.row("L-51")
async def test_a_closed_card_shows_both_ratings_and_nothing_to_change_but_tags(group_desk: Store) -> None:
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await all_sent(group_desk)

    def closed(tx: Tx) -> str:
        closing = Closing(customer_score=3, send_rating_form=True, reason="Lost", comment="Refunded")
        close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=closing)
        rating = ratings.by_id(tx, 1)
        assert rating is not None
        return str(rating["token"])

    token = await group_desk.act(closed)
    await group_desk.act(record_rating, telegram_id=ANNA.telegram_id, token=token, value=2)
    card = await call(group_desk, "info_card_edit")
    assert "Manager → customer: 3 ⭐⭐⭐" in text_of(card).splitlines()
    assert "Customer → us: 2 of 3, “Okay”" in text_of(card).splitlines()
    assert {"Close reason: Lost", "Closing comment: Refunded"} < set(text_of(card).splitlines())
    assert text_of(card).startswith("✅ ")
    verbs = [data.partition(":")[0] for _, data in buttons_of(card)]
    assert verbs == ["dlg.tags", "dlg.new", "card.past", "card.dialogs", "dlg.history", "dlg.forward"]


async def test_a_place_whose_topic_was_never_created_has_headers(group_desk: Store) -> None:
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await wrote(group_desk, words("hello", 80))
    shown = await call(group_desk, "mirror")
    assert "message_thread_id" not in shown.params
    assert text_of(shown) == f"#{dialog.id} Delivery · Anna\nhello"


async def test_everything_the_desk_enqueues_can_be_rendered(group_desk: Store) -> None:
    await wrote(group_desk, words())
    dialog = await opened(group_desk)

    def story(tx: Tx) -> None:
        named(tx, 400000078, "Maria")
        origin = Origin(chat_id=GROUP, tg_message_id=9, thread_id=1)
        me = manager(tx)
        write_in_dialog(tx, manager=me, dialog_id=dialog.id, content=Content("text", "Hi"), origin=origin)
        close_dialog(tx, manager=me, dialog_id=dialog.id, closing=Closing(send_rating_form=True))

    await group_desk.act(story)
    for found in await rendered(group_desk):
        assert isinstance(found, Call) or found.reason in (
            "there is no card to change", "there is no topic to name",
        )  # fmt: skip


async def test_an_item_of_an_unknown_kind_is_cancelled_with_a_reason(group_desk: Store) -> None:
    def odd(tx: Tx) -> None:
        tx.run("UPDATE outbox SET kind = 'riddle' WHERE kind = 'inbox_card'")

    await wrote(group_desk, words())
    await group_desk.act(odd)
    (found,) = await rendered(group_desk, "riddle")
    assert isinstance(found, Skip) and "riddle" in found.reason


async def test_notices_are_in_the_managers_language(private_desk: Store) -> None:
    def russian(tx: Tx) -> None:
        tx.run("UPDATE managers SET language = 'ru' WHERE telegram_id = :id", id=ADMIN)

    await private_desk.act(russian)
    await wrote(private_desk, words())
    card = await call(private_desk, "inbox_card")
    assert [text for text, _ in buttons_of(card)][:2] == ["➕ Диалог", "🚫 Игнорировать"]
