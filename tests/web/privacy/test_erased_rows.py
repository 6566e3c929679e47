"""The rows that an erasure keeps can still be read, retried or counted."""

from itertools import product

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.privacy.asking import ask_to_erase
from holdline.dialogs.conversation.timeline import HistoryFilter, TimelineOrder
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.message import Content
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.screens.dialogs.history_lines import timeline_file_page
from holdline.store.intake import inbox
from holdline.store.privacy import person_values
from holdline.store.privacy.person import PersonIds
from tests.web.conftest import Api
from tests.web.privacy.canary import left_everywhere, places_with


async def test_a_quarantined_update_of_the_person_is_not_tried_again(api: Api, erased: ErasureList) -> None:
    person = await left_everywhere(api)
    await api.store.act(lambda tx: tx.run("UPDATE inbox SET state = 'quarantined', reason = 'x'"))
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await Eraser(api.store, erased).drive(job.id)
    assert await api.store.act(inbox.replay_all) == 0, "nothing is left of it to be handled"


async def test_the_history_of_an_erased_dialog_is_readable_without_the_closers_text(
    api: Api, erased: ErasureList
) -> None:
    """A reason of the desk's list stays, because reports count it; one in somebody's own words is theirs."""
    own_words = "The canary sang again"
    await api.post("/close-reasons", {"name": "Refunded"}, status=201)
    dialogs = []
    for reason in (own_words, "Refunded"):
        dialogs.append(await api.open())
        closing = {"reason": reason, "outcome": "success", "send_rating_form": False}
        await api.move(dialogs[-1], "close", **closing)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=api.anna.id, keeps_copies=True)
    await Eraser(api.store, erased).drive(job.id)
    assert await places_with(api.store, (own_words,)) == set()
    assert (await api.get(f"/dialogs/{dialogs[1]['id']}"))["close_reason"] == "Refunded"
    for dialog, language in product(dialogs, ("en", "ru", "pl")):
        page = await api.store.read(
            timeline_file_page,
            dialog_id=dialog["id"],
            order=TimelineOrder(HistoryFilter.ALL),
            skip=0,
            reader=(language, "Europe/Warsaw"),
        )
        assert page.text.count("\n") > 4


async def test_an_erasure_searches_for_the_newest_texts_of_the_person(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("Z, which is the last of the alphabet", "A, which is the newest one"):
        sender = MessageSender(telegram_id=api.anna.telegram_id, name="Anna")
        await api.store.act(receive_customer_message, sender=sender, content=Content(text=text))
    monkeypatch.setattr(person_values, "MOST_TEXTS", 1)
    values = await api.store.read(person_values.read_values, PersonIds(api.anna.id, api.anna.telegram_id))
    assert values["texts"] == ["A, which is the newest one"]


async def test_deletions_in_the_persons_own_chat_are_still_counted_afterwards(
    api: Api, erased: ErasureList
) -> None:
    person = await left_everywhere(api)
    await api.store.act(
        lambda tx: tx.run(
            """INSERT INTO telegram_messages (bot_id, chat_id, tg_message_id, role, created_at)
               VALUES (:bot, :chat, 72, 'copy', :at)""",
            bot=tx.bot_id,
            chat=person.telegram_id,
            at=tx.at,
        )
    )
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id)
    eraser = Eraser(api.store, erased)
    await eraser.work()
    await api.store.act(
        lambda tx: tx.run(
            "UPDATE outbox SET status = 'sent', settled_at = :at WHERE kind = 'erase_copies'", at=tx.at
        )
    )
    assert await eraser.work() == 1
    shown = await api.as_("admin").get(f"/erasures/{job.id}")
    assert (shown["telegram_done"], shown["telegram_waiting"]) == (1, 0)
    assert await places_with(api.store) == set()
