"""Messages of customers and managers: where they go, what is stored, what is never passed on."""

from datetime import timedelta

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.incoming import (
    apply_customer_edit,
    close_as_solved,
    mirror_customer_reaction,
    receive_customer_message,
)
from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.removals import delete_message, undo_message
from holdline.desk.conversation.replies import Origin, write_in_dialog, write_in_general
from holdline.desk.customers.customers import (
    greet_customer,
    record_block,
    set_customer_language,
    stop_marketing,
)
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog, set_ready, take_dialog
from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.ratings import record_rating
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.reading.reading import history_of, transcript
from holdline.dialogs.audience import Audience
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, DeskError, NotFound
from holdline.store.clock import ManualClock
from holdline.store.delivery import telegram_messages
from holdline.store.tx import Row
from tests.desk.conftest import ANNA, Desk, text

GROUP_MESSAGE = 77


async def opened(desk: Desk) -> Dialog:
    return await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, "Case"))


async def outbox(desk: Desk, chat_id: int) -> list[Row]:
    return await desk.store.read(
        lambda tx: tx.all("SELECT * FROM outbox WHERE chat_id = :c ORDER BY id", c=chat_id)
    )


async def copied(desk: Desk, message_id: int, chat_id: int, tg: int) -> None:
    """As delivery does after a message was sent."""
    audience = Audience.CUSTOMER if chat_id == ANNA.telegram_id else Audience.DESK
    await desk.store.act(
        lambda tx: telegram_messages.add(tx, chat_id, tg, "copy", audience=audience, message_id=message_id)
    )


async def test_a_redelivered_message_is_stored_once(desk: Desk) -> None:
    for _ in range(2):
        await desk.store.act(
            receive_customer_message, sender=ANNA, content=text("hello", 5, ANNA.telegram_id)
        )
    assert len(await desk.store.read(transcript, customer_id=desk.anna.id)) == 1


async def test_a_series_of_messages_is_one_inbox_item(desk: Desk) -> None:
    for number in range(3):
        content = text(f"m{number}", number + 1, ANNA.telegram_id)
        await desk.store.act(receive_customer_message, sender=ANNA, content=content)
    items = await desk.store.read(lambda tx: tx.all("SELECT * FROM inbox_items"))
    assert [(item["state"], item["message_count"]) for item in items] == [("new", 3)]
    assert await desk.store.act(ignore_item, manager=desk.maria, item_id=items[0]["id"])
    assert not await desk.store.act(ignore_item, manager=desk.maria, item_id=items[0]["id"])
    await desk.store.act(receive_customer_message, sender=ANNA, content=text("again", 9, ANNA.telegram_id))
    items = await desk.store.read(lambda tx: tx.all("SELECT state FROM inbox_items ORDER BY id"))
    assert [item["state"] for item in items] == ["new"], "new words bring it back under its number"


async def test_a_story_is_refused_with_a_sentence_and_still_recorded(desk: Desk) -> None:
    content = Content(kind="story", tg_message_id=3, chat_id=ANNA.telegram_id)
    await desk.store.act(receive_customer_message, sender=ANNA, content=content)
    rows = await outbox(desk, ANNA.telegram_id)
    assert [row["payload_json"]["key"] for row in rows] == ["customer.kind_refused"]
    lines = await desk.store.read(transcript, customer_id=desk.anna.id)
    assert [(line["kind"], line["status"]) for line in lines] == [("story", "refused")]


async def test_an_edit_is_passed_on_and_the_old_text_is_kept(desk: Desk) -> None:
    dialog = await opened(desk)
    wrote = await desk.store.act(
        receive_customer_message, sender=ANNA, content=text("tpyo", 4, ANNA.telegram_id)
    )
    assert wrote is not None
    await copied(desk, wrote, desk.maria.telegram_id, 900)
    await desk.store.act(apply_customer_edit, sender=ANNA, content=text("typo", 4, ANNA.telegram_id))
    rows = await outbox(desk, desk.maria.telegram_id)
    assert [row["payload_json"]["tg_message_id"] for row in rows if row["kind"] == "edit_copy"] == [900]
    lines = await desk.store.read(history_of, dialog_id=dialog.id)
    edited = next(line for line in lines if line["kind"] == "message_edited")
    assert edited["text"] == "tpyo" and edited["data"]["new_text"] == "typo"


async def test_a_customers_reaction_is_shown_on_the_managers_own_message(desk: Desk) -> None:
    dialog = await opened(desk)
    origin = Origin(desk.maria.telegram_id, GROUP_MESSAGE)
    content = text("hi", GROUP_MESSAGE, desk.maria.telegram_id)
    said = await desk.store.act(
        write_in_dialog, manager=desk.maria, dialog_id=dialog.id, content=content, origin=origin
    )
    await copied(desk, said.id, ANNA.telegram_id, 31)
    await desk.store.act(mirror_customer_reaction, telegram_id=ANNA.telegram_id, tg_message_id=31, emoji="👍")
    rows = [row for row in await outbox(desk, desk.maria.telegram_id) if row["kind"] == "reaction"]
    assert [row["payload_json"] for row in rows] == [{"tg_message_id": GROUP_MESSAGE, "emoji": "👍"}]


async def test_a_manager_can_edit_undo_and_delete(desk: Desk, clock: ManualClock) -> None:
    dialog = await opened(desk)
    chat = desk.maria.telegram_id

    async def say(tg: int) -> int:
        content, origin = text("word", tg, chat), Origin(chat, tg)
        said = await desk.store.act(
            write_in_dialog, manager=desk.maria, dialog_id=dialog.id, content=content, origin=origin
        )
        await copied(desk, said.id, ANNA.telegram_id, tg + 1000)
        return said.id

    first = await say(1)
    assert await desk.store.act(apply_manager_edit, manager=desk.maria, content=text("words", 1, chat))
    await desk.store.act(undo_message, manager=desk.maria, message_id=first)
    second = await say(2)
    clock.advance(60)
    with pytest.raises(BadInput):
        await desk.store.act(undo_message, manager=desk.maria, message_id=second)
    await desk.store.act(delete_message, manager=desk.maria, chat_id=chat, tg_message_id=2)
    rows = await outbox(desk, ANNA.telegram_id)
    assert [row["kind"] for row in rows if row["status"] == "queued"] == [
        "edit_copy", "delete_copy", "delete_copy",
    ]  # fmt: skip
    kinds = [line["kind"] for line in await desk.store.read(history_of, dialog_id=dialog.id)]
    assert kinds == [
        "dialog_opened", "reply_given", "dialog_changed", "message_edited", "message_undone",
        "reply_given", "message_deleted",
    ]  # fmt: skip


@pytest.mark.row("C-16")
async def test_any_intervention_assigns_the_dialog_and_reading_does_not(desk: Desk) -> None:
    dialog = await opened(desk)
    await desk.store.act(enter_dialog, manager=desk.ivan, dialog_id=dialog.id)
    await desk.store.read(transcript, dialog_id=dialog.id)

    async def owner() -> str:
        row = await desk.store.read(
            lambda tx: tx.one("SELECT m.name FROM dialogs d JOIN managers m ON m.id = d.assignee_id")
        )
        assert row is not None
        return str(row["name"])

    assert await owner() == "Maria"
    await desk.store.act(add_note, manager=desk.ivan, dialog_id=dialog.id, text="checked")
    assert await owner() == "Ivan"
    told = [
        row["payload_json"]["key"]
        for row in await outbox(desk, desk.maria.telegram_id)
        if "key" in row["payload_json"]
    ]
    assert "desk_notices.assignment_moved" in told
    await desk.store.act(take_dialog, manager=desk.maria, dialog_id=dialog.id)
    assert await owner() == "Maria"
    assert (await desk.store.act(set_ready, manager=desk.ivan, ready=True)).ready
    await desk.store.act(
        assign_dialog, manager=desk.maria, dialog_id=dialog.id, assignee_telegram_id=desk.ivan.telegram_id
    )
    assert await owner() == "Ivan"


async def test_a_note_has_no_path_to_the_customer(desk: Desk) -> None:
    dialog = await opened(desk)
    await desk.store.act(add_note, manager=desk.maria, dialog_id=dialog.id, text="secret")
    assert await outbox(desk, ANNA.telegram_id) == []
    assert await desk.store.read(transcript, customer_id=desk.anna.id) == []


async def test_a_rating_counts_once_and_only_from_its_customer(desk: Desk, clock: ManualClock) -> None:
    dialog = await opened(desk)
    await desk.store.act(
        close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=Closing(send_rating_form=True)
    )
    row = await desk.store.read(lambda tx: tx.one("SELECT token FROM ratings"))
    assert row is not None
    tap = {"telegram_id": ANNA.telegram_id, "token": row["token"]}
    with pytest.raises(NotFound):
        await desk.store.act(record_rating, telegram_id=1, token=row["token"], value=1)
    assert await desk.store.act(record_rating, **tap, value=3) == "counts"
    assert await desk.store.act(record_rating, **tap, value=1) == "already"
    found = await desk.store.read(lambda tx: tx.one("SELECT service_rating FROM dialogs"))
    assert found == {"service_rating": 3}
    thanks = [
        r for r in await outbox(desk, ANNA.telegram_id) if r["payload_json"].get("name") == "rating_thanks"
    ]
    assert len(thanks) == 1


async def test_a_rating_after_a_week_is_answered_but_not_counted(desk: Desk, clock: ManualClock) -> None:
    dialog = await opened(desk)
    await desk.store.act(
        close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=Closing(send_rating_form=True)
    )
    row = await desk.store.read(lambda tx: tx.one("SELECT token FROM ratings"))
    assert row is not None
    clock.advance(timedelta(days=8).total_seconds())
    verdict = await desk.store.act(record_rating, telegram_id=ANNA.telegram_id, token=row["token"], value=3)
    assert verdict == "too_late"


async def test_stop_cancels_held_messages_too(desk: Desk) -> None:
    await opened(desk)
    order = OutboundRequest(telegram_id=ANNA.telegram_id, class_=MessageClass.BROADCAST, text="Sale")
    held = await desk.store.act(accept_outbound, order=order)
    await desk.store.act(stop_marketing, sender=ANNA, content=text("/stop", 3))
    row = next(r for r in await outbox(desk, ANNA.telegram_id) if r["id"] == held["id"])
    assert row["status"] == "cancelled"
    with pytest.raises(DeskError) as refused:
        await desk.store.act(accept_outbound, order=order)
    assert refused.value.code == "opted_out"


async def test_a_blocked_customer_is_unreachable_until_they_write(desk: Desk, clock: ManualClock) -> None:
    order = OutboundRequest(telegram_id=ANNA.telegram_id, class_=MessageClass.FUNNEL, text="Hi")
    wrote = await desk.store.read(lambda tx: tx.one("SELECT last_wrote_at FROM customers"))
    clock.advance(60)
    await desk.store.act(record_block, sender=ANNA, blocked=True)
    assert await desk.store.read(lambda tx: tx.one("SELECT last_wrote_at FROM customers")) == wrote
    with pytest.raises(DeskError) as refused:
        await desk.store.act(accept_outbound, order=order)
    assert refused.value.code == "unreachable"
    await desk.store.act(receive_customer_message, sender=ANNA, content=text("back", 2, ANNA.telegram_id))
    assert (await desk.store.act(accept_outbound, order=order))["status"] == "queued"


async def test_a_newer_message_with_the_same_collapse_key_replaces_the_older(desk: Desk) -> None:
    await opened(desk)
    ids = []
    for words in ("old", "new"):
        order = OutboundRequest(
            telegram_id=ANNA.telegram_id, class_=MessageClass.BROADCAST, text=words, collapse_key="offer"
        )
        ids.append((await desk.store.act(accept_outbound, order=order))["id"])
    states = {row["id"]: row["status"] for row in await outbox(desk, ANNA.telegram_id)}
    assert [states[number] for number in ids] == ["cancelled", "queued"]


async def test_a_chosen_language_is_kept_whatever_the_app_reports(desk: Desk) -> None:
    await desk.store.act(set_customer_language, sender=ANNA, language="pl")
    again = MessageSender(telegram_id=ANNA.telegram_id, name="Anna", language="ru")
    customer = await desk.store.act(greet_customer, sender=again, payload="", content=text("/start", 8))
    assert customer.language == "pl"


async def test_a_customer_can_report_that_the_question_is_solved(desk: Desk) -> None:
    dialog = await opened(desk)
    stranger = MessageSender(telegram_id=99, name="Bob")
    assert await desk.store.act(close_as_solved, sender=stranger, dialog_id=dialog.id) == "solved_before"
    assert await desk.store.act(close_as_solved, sender=ANNA, dialog_id=dialog.id) == "solved_thanks"
    assert await desk.store.act(close_as_solved, sender=ANNA, dialog_id=dialog.id) == "solved_before"
    last = (await desk.store.read(history_of, dialog_id=dialog.id))[-1]
    assert (last["kind"], last["actor"]["kind"]) == ("dialog_closed", "customer")
    told = await desk.store.read(
        lambda tx: tx.all("SELECT payload_json FROM outbox WHERE kind = 'desk_notice'")
    )
    assert "desk_notices.solved" in [row["payload_json"]["key"] for row in told], (
        "the desk hears who closed it"
    )


async def test_a_reply_outside_any_dialog_answers_the_inbox_item(desk: Desk) -> None:
    await desk.store.act(receive_customer_message, sender=ANNA, content=text("hello", 1, ANNA.telegram_id))
    await desk.store.act(write_in_general, manager=desk.maria, customer_id=desk.anna.id, content=text("hi"))
    item = await desk.store.read(lambda tx: tx.one("SELECT state FROM inbox_items"))
    assert item == {"state": "answered"}


async def test_a_pause_sends_the_customer_nothing(desk: Desk) -> None:
    dialog = await opened(desk)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    assert await outbox(desk, ANNA.telegram_id) == []
