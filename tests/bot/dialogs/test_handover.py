"""A manager who takes over a dialog sees the last messages and can get the whole conversation."""

from typing import Any

import pytest

from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog
from holdline.desk.dialogs.changes import change_dialog
from holdline.dialogs.message import Content
from holdline.scheduler.made_files import attach_file
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.desk_kit import Staff
from tests.bot.earlier_kit import (
    IVAN,
    talked,
)
from tests.bot.staging import (
    ADMIN,
    all_sent,
    buttons_of,
    manager,
    rendered,
    text_of,
)  # fmt: skip


def _ivan(tx: Tx) -> Any:
    return managers.by_telegram_id(tx, IVAN)


@pytest.mark.parametrize("door", ["assign", "enter", "participants"])
async def test_a_manager_who_takes_over_sees_the_last_messages(private_desk: Store, door: str) -> None:
    """In every way in which somebody comes to a dialog."""
    dialog = await talked(private_desk, 12)

    def comes(tx: Tx) -> None:
        ivan = managers.by_telegram_id(tx, IVAN)
        assert ivan is not None
        if door == "assign":
            assign_dialog(tx, manager=manager(tx), dialog_id=dialog.id, assignee_telegram_id=IVAN)
        elif door == "enter":
            enter_dialog(tx, manager=ivan, dialog_id=dialog.id)
        else:
            change_dialog(
                tx, manager=manager(tx), dialog_id=dialog.id, changes={"participants": [ADMIN, IVAN]}
            )

    await private_desk.act(comes)
    shown = [
        one for one in await rendered(private_desk) if isinstance(one, Call) and one.params["chat_id"] == IVAN
    ]
    lines = [text_of(one).splitlines()[-1] for one in shown]
    at = next(n for n, line in enumerate(lines) if line.startswith("💬 What was said before"))
    assert lines[at] == "💬 What was said before, the last 10 of 13 messages:"
    assert lines[at + 1 : at + 11] == [*(f"line {number}" for number in range(3, 12)), "Which parcel size?"]
    assert buttons_of(shown[at]) == [("📄 Whole conversation", f"dlg.file:{dialog.id}")]


async def test_a_manager_who_enters_again_sees_the_last_messages_again(group_desk: Store) -> None:
    """With a staff group the private copy ends when its manager leaves: the next one begins with the talk."""
    dialog = await talked(group_desk, 2)
    for _ in range(2):
        await group_desk.act(lambda tx: enter_dialog(tx, manager=_ivan(tx), dialog_id=dialog.id))
        mirrors = [one for one in await rendered(group_desk, "mirror") if isinstance(one, Call)]
        assert [text_of(one).splitlines()[-1] for one in mirrors] == [
            "line 0",
            "line 1",
            "Which parcel size?",
        ]
        await all_sent(group_desk)
        await group_desk.act(lambda tx: enter_dialog(tx, manager=_ivan(tx), dialog_id=None))


async def test_a_manager_who_joins_by_writing_does_not_get_their_own_message(
    private_desk: Store,
) -> None:
    dialog = await talked(private_desk, 1)
    await private_desk.act(
        lambda tx: write_in_dialog(
            tx,
            manager=_ivan(tx),
            dialog_id=dialog.id,
            content=Content("text", "Ivan is here", chat_id=IVAN, tg_message_id=9),
            origin=Origin(IVAN, 9),
        )
    )
    mine = [
        text_of(one).splitlines()[-1]
        for one in await rendered(private_desk, "mirror")
        if isinstance(one, Call) and one.params["chat_id"] == IVAN
    ]
    assert mine == ["line 0", "Which parcel size?"]


@pytest.mark.parametrize("door", ["press", "command"])
async def test_the_whole_conversation_comes_as_a_file_without_notes(group_desk: Store, door: str) -> None:
    dialog = await talked(group_desk, 2)
    await group_desk.act(
        lambda tx: add_note(tx, manager=manager(tx), dialog_id=dialog.id, text="she lies about the parcel")
    )
    await all_sent(group_desk)
    staff = Staff(group_desk)
    if door == "press":
        await staff.presses(f"dlg.file:{dialog.id}")
    else:
        await staff.says(f"/history #{dialog.id} file")
    [document] = await staff.heard("transcript")
    assert not document.call.files, "nothing of it is read inside the one writer"
    name, content = (await attach_file(group_desk, document.call)).files["document"]
    assert name == f"dialog-{dialog.id}.txt"
    lines = content.decode().splitlines()
    assert lines[2] == "Times: UTC"
    assert [line.partition(" · ")[2] for line in lines[4:]] == [
        "Anna: line 0",
        "Anna: line 1",
        "Maria: Which parcel size?",
    ]
    assert "lies" not in content.decode()
