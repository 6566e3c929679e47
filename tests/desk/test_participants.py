"""Assignee and participants: whatever changes them, cards are updated and those concerned notified."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from holdline.desk.conversation.drafts import write_or_draft
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog, take_dialog
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.people.staff import change_manager
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.screens.render import render
from holdline.store import invariants
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from tests.bot.staging import all_sent
from tests.desk.conftest import ANNA, Desk, text

GROUP = -1001234567890
Act = Callable[[Desk, Dialog], Any]


@dataclass(frozen=True)
class Door:
    """What Ivan or Maria does with Maria's dialog, and what is told to whom besides."""

    does: Act
    told: dict[str, str]
    only_if_unassigned: bool = False
    with_ivan: bool = False


def notes(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(add_note, manager=desk.ivan, dialog_id=dialog.id, text="Look at this.")


def replies(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(write_in_dialog, manager=desk.ivan, dialog_id=dialog.id, content=text("Hello"))


async def drafts(desk: Desk, dialog: Dialog) -> None:
    """Ivan may not answer without approval."""
    role = {"role": "restricted"}
    await desk.store.act(change_manager, acting=None, manager_id=desk.ivan.id, changes=role)
    ivan = await desk.store.read(managers.by_telegram_id, telegram_id=desk.ivan.telegram_id)
    await desk.store.act(write_or_draft, manager=ivan, dialog_id=dialog.id, content=text("Hello"))


def pauses(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(pause_dialog, manager=desk.ivan, dialog_id=dialog.id)


def tags(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(change_dialog, manager=desk.ivan, dialog_id=dialog.id, changes={"title": "Parcel"})


def takes(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(take_dialog, manager=desk.ivan, dialog_id=dialog.id)


def gives(desk: Desk, dialog: Dialog) -> Any:
    ivan = desk.ivan.telegram_id
    return desk.store.act(assign_dialog, manager=desk.maria, dialog_id=dialog.id, assignee_telegram_id=ivan)


def withdraws(desk: Desk, dialog: Dialog) -> Any:
    return desk.store.act(assign_dialog, manager=desk.maria, dialog_id=dialog.id, assignee_telegram_id=None)


def adds(desk: Desk, dialog: Dialog) -> Any:
    people = {"participants": [desk.maria.telegram_id, desk.ivan.telegram_id]}
    return desk.store.act(change_dialog, manager=desk.maria, dialog_id=dialog.id, changes=people)


def removes(desk: Desk, dialog: Dialog) -> Any:
    people = {"participants": [desk.maria.telegram_id]}
    return desk.store.act(change_dialog, manager=desk.maria, dialog_id=dialog.id, changes=people)


def leaves(desk: Desk, dialog: Dialog) -> Any:
    gone = {"active": False}
    return desk.store.act(change_manager, acting=None, manager_id=desk.maria.id, changes=gone)


LOST = {"Maria": "assignment_moved"}
JOINED = {"Maria": "joined_your_dialog"}
DOORS = {
    "note": Door(notes, LOST),
    "reply": Door(replies, LOST),
    "pause": Door(pauses, {"Maria": "paused_by"}),
    "field": Door(tags, LOST),
    "take": Door(takes, LOST),
    "note that assigns nobody": Door(notes, JOINED, only_if_unassigned=True),
    "reply that assigns nobody": Door(replies, JOINED, only_if_unassigned=True),
    "pause that assigns nobody": Door(pauses, {"Maria": "paused_by"}, only_if_unassigned=True),
    "draft": Door(drafts, JOINED),
    "draft that assigns nobody": Door(drafts, JOINED, only_if_unassigned=True),
    "assign": Door(gives, {"Ivan": "assigned_to_you"}),
    "withdraw": Door(withdraws, {"Ivan": "nobody_has_it"}, with_ivan=True),
    "add": Door(adds, {"Ivan": "added_to_dialog"}),
    "remove": Door(removes, {"Ivan": "removed_from_dialog"}, with_ivan=True),
    "leave": Door(leaves, {"Ivan": "nobody_has_it"}, with_ivan=True),
}


async def prepared(
    desk: Desk, *, group: int, only_if_unassigned: bool = False, with_ivan: bool = False
) -> Dialog:
    """Maria's dialog, whose stage moves no more, and whose cards and notices have all been sent."""
    desk.store.rules = replace(desk.store.rules, staff_group=group, only_if_unassigned=only_if_unassigned)
    others = (desk.ivan.telegram_id,) if with_ivan else ()
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel", participants=others)
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    await desk.store.act(write_in_dialog, manager=desk.maria, dialog_id=dialog.id, content=text("Hi"))
    await all_sent(desk.store)
    return dialog


async def queued(desk: Desk) -> list[Row]:
    return await desk.store.read(
        lambda tx: tx.all("SELECT * FROM outbox WHERE status = 'queued' ORDER BY id")
    )


async def notices(desk: Desk) -> dict[str, str]:
    names = {desk.maria.telegram_id: "Maria", desk.ivan.telegram_id: "Ivan"}
    return {
        names[item["chat_id"]]: item["payload_json"]["key"].removeprefix("desk_notices.")
        for item in await queued(desk)
        if item["chat_id"] in names
        and item["kind"] == "desk_notice"
        and item["payload_json"]["key"] not in ("desk_notices.earlier_last", "desk_notices.draft_waiting")
    }


@pytest.mark.parametrize("group", [GROUP, 0], ids=["group", "private"])
@pytest.mark.parametrize("name", DOORS)
async def test_cards_are_updated_and_those_concerned_notified(desk: Desk, name: str, group: int) -> None:
    door = DOORS[name]
    dialog = await prepared(
        desk, group=group, only_if_unassigned=door.only_if_unassigned, with_ivan=door.with_ivan
    )
    standing = await desk.store.read(
        lambda tx: tx.all("SELECT id, chat_id FROM places WHERE dialog_id IS NOT NULL")
    )
    gone = {"leave": desk.maria.telegram_id, "remove": desk.ivan.telegram_id}.get(name)
    await door.does(desk, dialog)
    drawn = {item["place_id"] for item in await queued(desk) if item["kind"] == "info_card_edit"}
    assert {place["id"] for place in standing if place["chat_id"] != gone} <= drawn
    told = await notices(desk)
    assert {who: told.get(who) for who in door.told} == door.told
    assert await desk.store.read(invariants.find_violations) == []


@pytest.mark.parametrize("entered", [False, True])
async def test_a_removed_participant_no_longer_sees_the_dialog(desk: Desk, entered: bool) -> None:
    """In a private desk; unless they have entered the dialog themselves, as anybody may."""
    dialog = await prepared(desk, group=0, with_ivan=True)
    if entered:
        await desk.store.act(enter_dialog, manager=desk.ivan, dialog_id=dialog.id)
    await removes(desk, dialog)
    await all_sent(desk.store)
    await desk.store.act(
        receive_customer_message, sender=ANNA, content=text("My address is …", 8, ANNA.telegram_id)
    )
    readers = {item["chat_id"] for item in await queued(desk) if item["kind"] == "mirror"}
    assert readers == {desk.maria.telegram_id, *([desk.ivan.telegram_id] if entered else [])}
    await adds(desk, dialog)
    assert "mirror" in {
        item["kind"] for item in await queued(desk) if item["chat_id"] == desk.ivan.telegram_id
    }
    assert await desk.store.read(invariants.find_violations) == []


async def test_a_card_names_the_manager_who_joined_by_a_note(desk: Desk) -> None:
    dialog = await prepared(desk, group=GROUP)
    await notes(desk, dialog)

    def card(tx: Tx) -> str:
        [edit] = tx.all("SELECT * FROM outbox WHERE status = 'queued' AND kind = 'info_card_edit'")
        call = render(tx, edit)
        assert isinstance(call, Call)
        return str(call.params["text"])

    assert "Ivan" in await desk.store.read(card)


async def test_the_places_of_a_dialog_without_participants_are_notified(desk: Desk) -> None:
    dialog = await prepared(desk, group=GROUP)
    await leaves(desk, dialog)
    [said] = [item for item in await queued(desk) if item["kind"] == "desk_notice" and item["place_id"]]
    assert said["chat_id"] == GROUP
    assert said["payload_json"]["key"] == "desk_notices.nobody_has_it"
    assert said["payload_json"]["buttons"][0][0]["data"] == f"dlg.take:{dialog.id}"


async def test_the_inbox_card_of_messages_in_a_pause_names_the_new_assignee(desk: Desk) -> None:
    dialog = await prepared(desk, group=GROUP)
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=dialog.id)
    await desk.store.act(
        receive_customer_message, sender=ANNA, content=text("Are you there?", 8, ANNA.telegram_id)
    )
    await all_sent(desk.store)
    await notes(desk, dialog)
    [edit] = [item for item in await queued(desk) if item["kind"] == "edit_copy"]
    call = await desk.store.read(lambda tx: render(tx, edit))
    assert isinstance(call, Call) and "Lost parcel · Ivan" in call.params["text"]
    await desk.store.act(resume_dialog, manager=desk.ivan, dialog_id=dialog.id)
    assert await desk.store.read(invariants.find_violations) == []


async def test_a_colleague_who_has_just_left_is_not_brought_in(desk: Desk) -> None:
    """Refused as a whole: nobody is taken out for it either."""
    dialog = await prepared(desk, group=0, with_ivan=True)
    olga = await desk.store.act(
        lambda tx: managers.insert(tx, telegram_id=400000079, name="Olga", role="agent")
    )
    await desk.store.act(change_manager, acting=None, manager_id=olga.id, changes={"active": False})
    people = {"participants": [desk.maria.telegram_id, olga.telegram_id]}
    with pytest.raises(Exception, match="not_found"):
        await desk.store.act(change_dialog, manager=desk.maria, dialog_id=dialog.id, changes=people)
    now = await desk.store.read(lambda tx: dialogs.by_id(tx, dialog.id))
    assert {person.name for person in now.participants} == {"Maria", "Ivan"}


async def test_a_draft_does_not_change_the_assignee(desk: Desk) -> None:
    """Its author takes part; in a dialog that nobody has, the author becomes the assignee."""
    dialog = await prepared(desk, group=GROUP)
    await drafts(desk, dialog)
    after = await desk.store.read(dialogs.by_id, dialog_id=dialog.id)
    assert after.assignee is not None and after.assignee.name == "Maria"
    assert [person.name for person in after.participants] == ["Maria", "Ivan"]
    await withdraws(desk, dialog)
    await drafts(desk, dialog)
    after = await desk.store.read(dialogs.by_id, dialog_id=dialog.id)
    assert after.assignee is not None and after.assignee.name == "Ivan"


@pytest.mark.parametrize("only_if_unassigned", [False, True])
async def test_closing_a_dialog_by_its_number_creates_no_place_in_the_closers_chat(
    desk: Desk, only_if_unassigned: bool
) -> None:
    """In a private desk: somebody else has the dialog, or many are closed at once from a list."""
    opening = Opening(customer_id=desk.anna.id, title="Lost parcel")
    dialog = await desk.store.act(open_dialog, manager=desk.ivan, opening=opening)
    await all_sent(desk.store)
    desk.store.rules = replace(desk.store.rules, only_if_unassigned=only_if_unassigned)
    closing = Closing(send_rating_form=True)
    after = await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=closing)
    assert after.assignee is not None
    assert after.assignee.name == ("Ivan" if only_if_unassigned else "Maria")
    places = await desk.store.read(
        lambda tx: tx.all("SELECT chat_id FROM places WHERE dialog_id = :id", id=dialog.id)
    )
    assert [place["chat_id"] for place in places] == [desk.ivan.telegram_id]
    assert await desk.store.read(invariants.find_violations) == []
