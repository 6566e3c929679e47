"""Broadcasts after sending: changed, deleted, with an album, and with a failed tick."""

from pathlib import Path

import pytest

from holdline.desk.broadcasts.changing import delete_sent, edit_broadcast
from holdline.desk.broadcasts.moves import cancel_broadcast
from holdline.desk.marketing.held import drop_held
from holdline.desk.privacy.asking import ask_to_erase
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.marketing.content import Medium
from holdline.dialogs.text.richtext import RichText
from holdline.scheduler import broadcast_loop
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.screens.render import render
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Sent
from tests.scheduler.broadcasts.conftest import Mailing
from tests.scheduler.conftest import sent


@pytest.mark.parametrize("by_hand", [False, True])
async def test_no_picture_of_a_cancelled_album_waits(mailing: Mailing, by_hand: bool) -> None:
    (held,) = await mailing.people(1)
    await mailing.open(held)
    broadcast_id = await mailing.create(media=(Medium("photo", "abc"), Medium("photo", "def")))
    await mailing.turns(1)
    (item,) = await mailing.bench.all("SELECT id FROM outbox WHERE broadcast_id = :id", id=broadcast_id)
    if by_hand:
        await mailing.bench.store.act(drop_held, manager=mailing.bench.maria, outbox_id=item["id"])
    else:
        await mailing.bench.store.act(cancel_broadcast, broadcast_id=broadcast_id)
    await mailing.turns(1)
    parts = await mailing.bench.all("SELECT status FROM messages WHERE class = 'broadcast'")
    assert [part["status"] for part in parts] == ["cancelled", "cancelled"]


async def test_a_failed_change_does_not_delay_other_broadcasts(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    (person,) = await mailing.people(1)
    first = await mailing.create()
    await mailing.deliver(rounds=2)
    await mailing.bench.store.act(edit_broadcast, broadcast_id=first, words=[RichText("Bye")])

    def fails(tx: Tx, *, broadcast_id: int) -> bool:
        raise KeyError(broadcast_id)

    monkeypatch.setattr(broadcast_loop, "change_chunk", fails)
    await mailing.create("Another")
    assert await mailing.deliver(rounds=2) == [(person, "Another")]


async def test_a_broadcast_album_is_deleted_completely(mailing: Mailing) -> None:
    await mailing.people(1)
    broadcast_id = await mailing.create(media=(Medium("photo", "abc"), Medium("photo", "def")))
    await mailing.turns(2)
    (begun,) = await mailing.bench.begin(render=render)
    await mailing.bench.settle(begun, Sent([{"message_id": 71}, {"message_id": 72}]))
    mailing.bench.clock.advance(5)
    await mailing.bench.store.act(delete_sent, broadcast_id=broadcast_id)
    await mailing.turns(2)
    gone = await sent(mailing.bench)
    assert sorted((call.method, call.params["message_id"]) for call in gone) == [
        ("deleteMessage", 71),
        ("deleteMessage", 72),
    ]


async def test_sent_messages_of_a_broadcast_are_changed_and_then_deleted(mailing: Mailing) -> None:
    people = await mailing.people(3)
    broadcast_id = await mailing.create("Hello, {customer.name}")
    await mailing.deliver(rounds=2)
    new = [RichText("Bye, {customer.name}")]
    await mailing.bench.store.act(edit_broadcast, broadcast_id=broadcast_id, words=new)
    await mailing.turns(2)
    changed = [(call.method, call.params["text"]) for call in await sent(mailing.bench)]
    assert sorted(changed) == [("editMessageText", f"Bye, Guest {number}") for number in range(3)]
    await mailing.bench.store.act(delete_sent, broadcast_id=broadcast_id)
    await mailing.turns(2)
    gone = await sent(mailing.bench)
    assert sorted((call.method, call.params["chat_id"]) for call in gone) == [
        ("deleteMessage", who) for who in people
    ]
    assert await mailing.bench.store.read(find_violations) == []


async def test_an_erased_recipient_is_left_out_of_a_change(mailing: Mailing, tmp_path: Path) -> None:
    """Their message is empty and stays so; an album has lost its list of parts."""
    first, _ = await mailing.people(2)
    broadcast_id = await mailing.create()
    await mailing.deliver()
    store = mailing.bench.store
    job = await store.act(ask_to_erase, actor=SYSTEM, customer_id=mailing.ids[first], keeps_copies=True)
    await Eraser(store, ErasureList(tmp_path / "erased.jsonl", store.bot_id)).drive(job.id)
    await store.act(
        lambda tx: tx.run("UPDATE outbox SET kind = 'album' WHERE customer_id = :id", id=mailing.ids[first])
    )
    await store.act(edit_broadcast, broadcast_id=broadcast_id, words=[RichText("It is over")])
    await mailing.deliver()
    assert (await mailing.progress(broadcast_id)).change is None, "the change has come to its end"
    texts = await store.read(lambda tx: tx.all("SELECT text FROM messages ORDER BY customer_id"))
    assert [row["text"] for row in texts] == ["", "It is over"]
