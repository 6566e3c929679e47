"""The target of each manager's message: one table of cases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from holdline.desk.dialogs.forms import open_form, save_form
from holdline.desk.routing.intent import resolve_target
from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import BotText, Mirror
from holdline.dialogs.outgoing import Outgoing
from holdline.store.clock import ManualClock
from holdline.store.delivery import in_flight, outbox, telegram_messages
from holdline.store.dialogs import place_threads, places
from holdline.store.engine import Store
from holdline.store.errors import MessageIdUnknownYet
from holdline.store.screens.form_messages import key_of
from holdline.store.tx import Tx
from tests.bot.staging import ADMIN, GROUP, all_sent, customer, manager, opened, words, wrote

INBOX_THREAD, TOPIC, OTHER_THREAD = 10, 11, 12
CARD, NOTICE, MIRROR, LIST, UNKNOWN = 101, 102, 103, 104, 105


@pytest.fixture
async def desk(group_desk: Store) -> tuple[Store, int, int]:
    """A dialog with its topic, the Inbox, and one message of every role; (store, dialog, customer)."""
    await wrote(group_desk, words())
    dialog = await opened(group_desk)
    await all_sent(group_desk)

    def lay(tx: Tx) -> int:
        tx.run("UPDATE places SET live = 0")
        for chat, dialog_id, thread in (
            (GROUP, None, INBOX_THREAD),
            (GROUP, dialog.id, TOPIC),
            (ADMIN, dialog.id, None),
        ):
            mode = "topic" if thread else "with_header"
            made = places.insert(tx, chat_id=chat, dialog_id=dialog_id, mode=mode, name="x")
            tx.run("UPDATE places SET thread_id = :t WHERE id = :id", t=thread, id=made["id"])
        anna = customer(tx).id
        for chat in (GROUP, ADMIN):
            telegram_messages.add(
                tx, chat, CARD, "copy", audience=Audience.DESK, customer_id=anna, inbox_item_id=1
            )
            telegram_messages.add(tx, chat, NOTICE, "notice", audience=Audience.DESK, dialog_id=dialog.id)
            telegram_messages.add(
                tx, chat, MIRROR, "copy", audience=Audience.DESK, dialog_id=dialog.id, customer_id=anna
            )
            telegram_messages.add(tx, chat, LIST, "notice", audience=Audience.DESK)
        return anna

    return group_desk, dialog.id, await group_desk.act(lay)


CASES = [
    # chat, thread, replied to, entered → meaning
    (GROUP, TOPIC, None, False, "dialog"),
    (GROUP, TOPIC, TOPIC, False, "dialog"),
    (GROUP, TOPIC, MIRROR, False, "dialog"),
    (GROUP, TOPIC, CARD, False, "dialog"),
    (GROUP, TOPIC, UNKNOWN, False, "dialog"),
    (GROUP, TOPIC, NOTICE, False, "note"),
    (GROUP, INBOX_THREAD, CARD, False, "general"),
    (GROUP, INBOX_THREAD, INBOX_THREAD, False, "inbox"),
    (GROUP, INBOX_THREAD, None, True, "inbox"),
    (GROUP, INBOX_THREAD, LIST, False, "inbox"),
    (GROUP, INBOX_THREAD, NOTICE, False, "note"),
    (GROUP, None, None, True, "nowhere"),
    (GROUP, OTHER_THREAD, None, True, "nowhere"),
    (GROUP, None, CARD, False, "general"),
    (ADMIN, None, None, False, "nowhere"),
    (ADMIN, None, None, True, "dialog"),
    (ADMIN, None, MIRROR, False, "dialog"),
    (ADMIN, None, CARD, True, "general"),
    (ADMIN, None, NOTICE, True, "note"),
    (ADMIN, None, LIST, True, "nowhere"),
    (ADMIN, None, UNKNOWN, True, "dialog"),
]


@pytest.mark.parametrize(("chat", "thread", "reply", "entered", "kind"), CASES)
@pytest.mark.row("R-19")
async def test_each_message_of_a_manager_has_its_target(
    desk: tuple[Store, int, int], chat: int, thread: int | None, reply: int | None, entered: bool, kind: str
) -> None:
    store, dialog_id, customer_id = desk
    content = Content("text", "hi", chat_id=chat, thread_id=thread, tg_message_id=900, reply_to_tg_id=reply)

    def ask(tx: Tx) -> ReplyTarget:
        person = replace(manager(tx), entered_dialog_id=dialog_id if entered else None)
        return resolve_target(tx, manager=person, content=content)

    found = await store.act(ask)
    assert found.kind == kind
    assert found.dialog_id == (dialog_id if kind in ("dialog", "note") else None)
    assert found.customer_id == (customer_id if kind == "general" else None)


@pytest.mark.parametrize(
    ("thread", "reply", "minutes", "written", "kind"),
    [
        (TOPIC, None, 2, "hi", "form"),
        (TOPIC, None, 4, "hi", "dialog"),
        (TOPIC, 500, 2, "hi", "form"),
        (TOPIC, 500, 240, "hi", "form"),
        (TOPIC, MIRROR, 0, "hi", "dialog"),
        (TOPIC, None, 0, ".hi", "dialog"),
        (TOPIC, 500, 0, ".hi", "form"),
        (INBOX_THREAD, None, 0, "hi", "inbox"),
    ],
)
async def test_a_form_takes_text_only_in_its_own_chat_and_only_for_some_minutes(
    desk: tuple[Store, int, int],
    clock: ManualClock,
    thread: int,
    reply: int | None,
    minutes: int,
    written: str,
    kind: str,
) -> None:
    """A reply to the form is for the form however late; a line marked as a note is a note."""
    store, _, _ = desk

    def waits(tx: Tx) -> int:
        values = {"thread_id": TOPIC}
        form = open_form(tx, manager=manager(tx), chat_id=GROUP, kind="card", step="title", values=values)
        save_form(tx, form_id=form, step="title", values=values, awaits_text=True, tg_message_id=500)
        return form

    form_id = await store.act(waits)
    clock.advance(timedelta(minutes=minutes).total_seconds())
    content = Content(
        "text", written, chat_id=GROUP, thread_id=thread, tg_message_id=900, reply_to_tg_id=reply
    )
    found = await store.act(lambda tx: resolve_target(tx, manager=manager(tx), content=content))
    assert (found.kind, found.form_id) == (kind, form_id if kind == "form" else None)
    ordered = await store.act(
        lambda tx: resolve_target(tx, manager=manager(tx), content=content, forms_count=False)
    )
    assert ordered.kind != "form"


async def test_a_reply_to_a_message_in_flight_waits_for_its_id(desk: tuple[Store, int, int]) -> None:
    """Programs, and people with quick fingers, answer a message before Telegram has told us its number."""
    store, _, _ = desk
    newest, older = 1_000_000, CARD - 50

    def on_the_wire(tx: Tx) -> None:
        card = Outgoing(Address(GROUP), Mirror(), "on the wire")
        in_flight.mark_sending(tx, outbox.add(tx, [card]), epoch=1)

    def means(tx: Tx, reply: int) -> str:
        content = Content("text", "hi", chat_id=GROUP, tg_message_id=900, reply_to_tg_id=reply)
        return resolve_target(tx, manager=manager(tx), content=content).kind

    assert await store.act(means, newest) == "nowhere"
    await store.act(on_the_wire)
    with pytest.raises(MessageIdUnknownYet):
        await store.act(means, newest)
    assert await store.act(means, older) == "nowhere", (
        "what is older than something we know is not on the wire"
    )


def resolve_reply_to_newest(tx: Tx) -> ReplyTarget:
    """What a reply to message 1,000,000 of the group means; nothing that the desk knows has a higher number."""
    content = Content("text", "hi", chat_id=GROUP, tg_message_id=1_000_002, reply_to_tg_id=1_000_000)
    return resolve_target(tx, manager=manager(tx), content=content)


async def test_a_reply_waits_although_a_colleague_wrote_below_the_message_being_sent(
    desk: tuple[Store, int, int],
) -> None:
    """Telegram numbers the messages of people and of the desk together."""
    store, _, anna = desk

    def colleague_wrote(tx: Tx) -> None:
        in_flight.mark_sending(tx, outbox.add(tx, [Outgoing(Address(GROUP), Mirror(), "in flight")]), epoch=1)
        telegram_messages.add(tx, GROUP, 1_000_001, "original", audience=Audience.DESK, customer_id=anna)

    await store.act(colleague_wrote)
    with pytest.raises(MessageIdUnknownYet):
        await store.act(resolve_reply_to_newest)


async def test_a_message_stored_while_its_reply_is_resolved_is_found(
    desk: tuple[Store, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the outcome of the call may be stored between two questions of one transaction."""
    store, dialog_id, anna = desk

    def store_outcome(tx: Tx, *_: object) -> bool:
        links = {"customer_id": anna, "dialog_id": dialog_id}
        telegram_messages.add(tx, GROUP, 1_000_000, "copy", audience=Audience.DESK, **links)
        return False

    monkeypatch.setattr(telegram_messages, "_on_its_way", store_outcome)
    assert (await store.act(resolve_reply_to_newest)).dialog_id == dialog_id


async def test_a_topic_stored_while_a_message_in_it_is_resolved_is_found(
    desk: tuple[Store, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, dialog_id, _ = desk

    def store_outcome(tx: Tx, _: int) -> bool:
        tx.run("UPDATE places SET thread_id = 77 WHERE thread_id = :topic", topic=TOPIC)
        return False

    def message(tx: Tx) -> ReplyTarget:
        content = Content("text", "hi", chat_id=GROUP, thread_id=77, tg_message_id=1_000_002)
        return resolve_target(tx, manager=manager(tx), content=content)

    monkeypatch.setattr(place_threads, "is_topic_in_creation", store_outcome)
    assert (await store.act(message)).dialog_id == dialog_id


async def test_a_reply_to_a_question_in_flight_waits_for_its_id(
    desk: tuple[Store, int, int],
) -> None:
    """Answered before its number is known, the form could not be redrawn where it stands."""
    store, _, _ = desk

    def asked(tx: Tx) -> None:
        values = {"thread_id": TOPIC}
        form = open_form(tx, manager=manager(tx), chat_id=GROUP, kind="card", step="title", values=values)
        save_form(tx, form_id=form, step="title", values=values, awaits_text=True)
        question = Outgoing(Address(GROUP), BotText(""), key_of(form))
        in_flight.mark_sending(tx, outbox.add(tx, [question]), epoch=1)

    await store.act(asked)
    content = Content("text", "New title", chat_id=GROUP, thread_id=TOPIC, tg_message_id=900)
    with pytest.raises(MessageIdUnknownYet):
        await store.act(lambda tx: resolve_target(tx, manager=manager(tx), content=content))
