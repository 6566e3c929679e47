"""The card of a broadcast: change its text, delete sent messages, export, resume after a refusal."""

from typing import Any

import pytest

from holdline.desk.broadcasts.by_managers import move_broadcast
from holdline.desk.broadcasts.cards import redraw_live_cards, show_card
from holdline.desk.broadcasts.moves import pause_broadcast, pause_refused, resume_broadcast
from holdline.desk.delivery.group_migration import migrate_group
from holdline.desk.delivery.settle import settle_all
from holdline.desk.delivery.start import SendOptions, start_calls
from holdline.desk.people.staff import add_manager
from holdline.desk.restores.decision import decide_on_restored
from holdline.desk.restores.hold import hold_restored
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import BroadcastVerb
from holdline.dialogs.restores.hold import Verdict
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.scheduler.made_files import attach_file
from holdline.scheduler.restores import carry_out
from holdline.screens.render import render
from holdline.store.broadcasts import broadcasts
from holdline.store.clock import ManualClock
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Action, Refused, Sent
from tests.bot.desk_kit import Said, Staff
from tests.bot.marketing.test_broadcast_form import composed, made, press, staff
from tests.bot.staging import GROUP, IVAN, manager

__all__ = ["staff"]
SUPERGROUP = -1002100000999


async def started(staff: Staff, text: str = "Sale!") -> Said:
    """The card of a broadcast that Anna has in the outbox, or has already."""
    _, form = await composed(staff, text=text)
    await press(staff, form, "start", "start!")
    (card,) = await staff.heard("desk_notice")
    return card


async def sent(staff: Staff, card: Said | None = None) -> Said:
    """Anna has it, and the card says so."""
    card = card or await started(staff)
    await BroadcastLoop(staff.store).tick()
    terms = SendOptions(epoch=1, holder="test", render=render)
    for call in await staff.store.act(start_calls, limit=9, options=terms):
        await staff.store.act(settle_all, [(call, Sent({"message_id": 77}))])
    await BroadcastLoop(staff.store).tick()
    await staff.store.act(redraw_live_cards)
    edits = await staff.heard("desk_notice_edit")
    assert edits[-1].offered == ["cast:1:edit", "cast:1:delete?", "cast:1:export"]
    return card


async def customers_words(staff: Staff) -> list[str]:
    rows = await staff.store.read(
        lambda tx: tx.all("SELECT text, deleted_at FROM messages WHERE author_kind = 'broadcast' ORDER BY id")
    )
    return [row["text"] for row in rows if row["deleted_at"] is None]


@pytest.mark.row("M-05")
async def test_the_text_of_a_broadcast_is_changed_after_a_preview_and_a_second_tap(staff: Staff) -> None:
    card = await sent(staff)
    await staff.presses("cast:1:edit", on=card.number)
    asked = await staff.answer()
    assert "Now: Sale!" in asked.text and "Buttons and files stay" in asked.text
    await staff.says("Bye, {nobody.knows}")
    assert "nobody.knows" in (await staff.heard("text"))[-1].text
    await staff.says("Bye, {customer.name|friend}")
    *_, sample, below = await staff.heard()
    assert sample.text == "Bye, Maria" and "has it (1)" in below.text
    assert await customers_words(staff) == ["Sale!"], "nothing is changed before the second tap"
    await press(staff, below, "back")
    await staff.says("Good bye")
    *_, sample, below = await staff.heard()
    await press(staff, below, "change!")
    assert "says the new words" in staff.gateway.window
    await BroadcastLoop(staff.store).tick()
    assert await customers_words(staff) == ["Good bye"]
    await press(staff, below, "change!")
    assert "finished" in staff.gateway.toast


@pytest.mark.row("M-05")
async def test_one_of_several_texts_is_chosen_and_the_others_stay(staff: Staff) -> None:
    card = await started(staff)
    both = [{"text": text, "entities": [], "share": 50} for text in ("One", "Two")]
    await staff.store.act(
        lambda tx: broadcasts.set_fields(
            tx, 1, content_json={"variants": both, "media": [], "buttons": [], "link_preview": True}
        )
    )
    await staff.presses("cast:1:edit", on=card.number)
    which = await staff.answer()
    await press(staff, which, "variant:1")
    await staff.says("Three")
    *_, below = await staff.heard()
    await press(staff, below, "change!")
    (broadcast,) = await made(staff)
    assert [each.words.text for each in broadcast.content.variants] == ["One", "Three"]


@pytest.mark.row("M-05")
async def test_sent_messages_are_deleted_after_a_notice_of_what_stays(staff: Staff) -> None:
    card = await sent(staff)
    await staff.presses("cast:1:delete?", on=card.number)
    question = await staff.answer()
    assert "for 48 hours only" in question.text and "in all: 1." in question.text
    assert "cannot be undone" in question.text
    assert question.offered == ["cast:1:delete", "cast:1:keep"]
    await staff.presses("cast:1:keep", on=question.number)
    assert await customers_words(staff) == ["Sale!"]
    await staff.presses("cast:1:delete", on=question.number)
    edits = await staff.heard("desk_notice_edit")
    assert "is being deleted" in edits[-1].text and edits[-1].offered == ["cast:1:export"]
    await staff.presses("cast:1:edit", on=card.number)
    form = await staff.answer()
    await staff.says("Other words")
    *_, below = await staff.heard()
    await press(staff, below, "change!")
    assert "being deleted" in staff.gateway.window
    await BroadcastLoop(staff.store).tick()
    assert await customers_words(staff) == [] and form.form
    deleted = [said.call.method for said in await staff.heard() if said.call.method == "deleteMessage"]
    assert deleted == ["deleteMessage"]


async def test_after_two_days_the_card_shows_that_nothing_can_be_changed(
    staff: Staff, clock: ManualClock
) -> None:
    card = await sent(staff)
    clock.advance(48 * 3600 + 1)
    for act in ("edit", "delete?", "delete"):
        await staff.presses(f"cast:1:{act}", on=card.number)
        assert "more than 48 hours ago" in staff.gateway.toast
    assert await customers_words(staff) == ["Sale!"]


@pytest.mark.row("M-05")
async def test_the_recipients_of_a_broadcast_come_as_a_file(staff: Staff) -> None:
    card = await sent(staff)
    await staff.presses("cast:1:export", on=card.number)
    (file,) = await staff.heard("recipients_file")
    assert "Everybody of broadcast 1" in file.text
    name, content = (await attach_file(staff.store, file.call)).files["document"]
    assert name == "broadcast-1.csv"
    lines = content.decode().splitlines()
    assert lines[0].startswith("customer_id,telegram_id,name,status") and ",sent," in lines[1]


@pytest.mark.row("M-15")
async def test_the_notice_of_refused_content_offers_to_correct_it_and_resume(staff: Staff) -> None:
    await started(staff)

    def refuse(tx: Tx) -> None:
        pause_refused(tx, broadcasts.load_locked(tx, 1), reason="Bad Request: can't parse entities")

    await staff.store.act(refuse)
    (notice,) = await staff.heard("desk_notice")
    assert "paused" in notice.text
    assert notice.offered == ["cast:1:resume", "cast:1:edit", "cast:1:show"]
    await staff.presses("cast:1:resume", on=notice.number)
    assert "goes on" in staff.gateway.toast
    (broadcast,) = await made(staff)
    assert broadcast.status == "sending"


async def test_a_broadcast_on_hold_after_a_restore_does_not_blame_telegram(staff: Staff) -> None:
    await started(staff)
    await staff.store.act(hold_restored)
    await staff.store.act(redraw_live_cards)
    card = (await staff.heard("desk_notice_edit"))[-1]
    assert "On hold since a restore" in card.text and "refuses" not in card.text
    await staff.store.act(decide_on_restored, verdict=Verdict.DISCARD)
    await carry_out(staff.store)
    await staff.store.act(redraw_live_cards)
    card = (await staff.heard("desk_notice_edit"))[-1]
    assert "restore" not in card.text and "refuses" not in card.text


@pytest.mark.parametrize("act", ["edit", "delete?", "delete", "export", "resume", "when"])
async def test_a_manager_without_the_permission_cannot_change_a_broadcast(staff: Staff, act: str) -> None:
    card = await started(staff)
    await staff.store.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    await staff.heard()
    await staff.presses(f"cast:1:{act}", IVAN, on=card.number)
    assert "broadcast.send" in staff.gateway.toast
    assert [said for said in await staff.heard() if said.row["chat_id"] == IVAN] == []


@pytest.mark.row("M-06")
async def test_an_up_to_date_card_is_not_updated(staff: Staff, clock: ManualClock) -> None:
    await started(staff)

    async def shown_at() -> Any:
        row = await staff.store.read(lambda tx: tx.one("SELECT shown_at FROM broadcast_cards"))
        assert row is not None
        return row["shown_at"]

    before = await shown_at()
    clock.advance(5)
    assert await staff.store.act(redraw_live_cards) == 0, "as it was sent"
    assert await shown_at() == before
    clock.advance(5)
    await staff.store.act(
        lambda tx: move_broadcast(tx, manager=manager(tx), broadcast_id=1, verb=BroadcastVerb.PAUSE)
    )
    assert await shown_at() > before


@pytest.mark.row("M-05")
@pytest.mark.parametrize("is_sent", [True, False])
async def test_in_a_supergroup_the_card_is_shown_again_because_the_old_one_cannot_be_edited(
    staff: Staff, is_sent: bool
) -> None:
    await started(staff)
    await staff.store.act(show_card, broadcast_id=1, to=Address(GROUP), cause="test")
    if is_sent:
        await staff.heard()
    await staff.store.act(migrate_group, old_chat_id=GROUP, new_chat_id=SUPERGROUP)
    await staff.store.act(pause_broadcast, broadcast_id=1)
    await staff.store.act(redraw_live_cards)
    (card,) = [said for said in await staff.heard("desk_notice") if said.row["chat_id"] == SUPERGROUP]
    assert "Paused" in card.text
    await staff.store.act(resume_broadcast, broadcast_id=1)
    await staff.store.act(redraw_live_cards)
    edits = [said.call.params for said in await staff.heard("desk_notice_edit")]
    assert [edit["message_id"] for edit in edits if edit["chat_id"] == SUPERGROUP] == [card.number]


@pytest.mark.row("M-05")
async def test_a_deleted_card_is_no_longer_updated(staff: Staff) -> None:
    await started(staff)
    gone = Refused(400, "Bad Request: message to edit not found", Action.GONE)
    terms = SendOptions(epoch=1, holder="test", render=render, marketing_limit=0)
    for move in (pause_broadcast, resume_broadcast):
        await staff.store.act(move, broadcast_id=1)
        await staff.store.act(redraw_live_cards)
        edits = await staff.store.act(start_calls, limit=9, options=terms)
        assert len(edits) == (move is pause_broadcast)
        await staff.store.act(settle_all, [(edit, gone) for edit in edits])
