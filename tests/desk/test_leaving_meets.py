"""A manager leaves the desk while joining a dialog: on PostgreSQL the two transactions really meet, in both orders."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog, set_ready
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.forms import open_form
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.notices.alarms import notify_editors
from holdline.desk.people.staff import change_manager
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.dialogs.rules import DeskRules
from holdline.store import invariants
from holdline.store.people import customers, managers
from holdline.store.tx import Tx
from tests.desk.conftest import ANNA, Desk, text

OWNER, GROUP = 111, -1001234567890
BORIS = MessageSender(510000009, "Boris", "en")
Door = Callable[[Tx, Desk, Dialog], object]


@pytest.fixture(params=[0, GROUP])
def rules(request: pytest.FixtureRequest) -> DeskRules:
    return DeskRules(admins=(OWNER,), staff_group=request.param)


@pytest.fixture
def store_url(postgres_copy: str) -> str:
    """SQLite has one writer: there nobody meets anybody."""
    return postgres_copy


def opening(tx: Tx, *participants: int) -> Opening:
    boris = customers.by_telegram_id(tx, BORIS.telegram_id)
    assert boris is not None
    return Opening(customer_id=boris.id, title="Invoice", participants=participants)


def form(tx: Tx, desk: Desk, dialog: Dialog) -> object:
    return open_form(tx, manager=desk.maria, chat_id=desk.maria.telegram_id, kind="close", step="score")


DOORS: dict[str, Door] = {
    "assigned": lambda tx, desk, dialog: assign_dialog(
        tx, manager=desk.ivan, dialog_id=dialog.id, assignee_telegram_id=desk.maria.telegram_id
    ),
    "takes": lambda tx, desk, dialog: assign_dialog(
        tx, manager=desk.maria, dialog_id=dialog.id, assignee_telegram_id=desk.maria.telegram_id
    ),
    "added": lambda tx, desk, dialog: change_dialog(
        tx, manager=desk.ivan, dialog_id=dialog.id, changes={"participants": [desk.maria.telegram_id]}
    ),
    "changes": lambda tx, desk, dialog: change_dialog(
        tx, manager=desk.maria, dialog_id=dialog.id, changes={"title": "Found parcel"}
    ),
    "opens": lambda tx, desk, _: open_dialog(tx, manager=desk.maria, opening=opening(tx)),
    "opened with": lambda tx, desk, _: open_dialog(
        tx, manager=desk.ivan, opening=opening(tx, desk.maria.telegram_id)
    ),
    "writes": lambda tx, desk, dialog: write_in_dialog(
        tx, manager=desk.maria, dialog_id=dialog.id, content=text("Till Friday.")
    ),
    "notes": lambda tx, desk, dialog: add_note(tx, manager=desk.maria, dialog_id=dialog.id, text="a thief"),
    "pauses": lambda tx, desk, dialog: pause_dialog(tx, manager=desk.maria, dialog_id=dialog.id),
    "enters": lambda tx, desk, dialog: enter_dialog(tx, manager=desk.maria, dialog_id=dialog.id),
    "is ready": lambda tx, desk, dialog: set_ready(tx, manager=desk.maria, ready=True),
    "fills in a form": form,
    "gets a card": lambda tx, desk, dialog: receive_customer_message(
        tx, sender=BORIS, content=text("hi", 7, 510000009)
    ),
}

READING: dict[str, Door] = {
    "another card": lambda tx, desk, _: receive_customer_message(
        tx, sender=BORIS, content=text("are you there?", 8, BORIS.telegram_id)
    ),
    "words in a pause": lambda tx, desk, _: receive_customer_message(
        tx, sender=ANNA, content=text("one more thing", 8, ANNA.telegram_id)
    ),
    "a note": lambda tx, desk, dialog: add_note(
        tx, manager=desk.ivan, dialog_id=dialog.id, text="on its way"
    ),
    "an edit": lambda tx, desk, _: apply_customer_edit(
        tx, sender=BORIS, content=text("good day", 7, BORIS.telegram_id)
    ),
    "news for administrators": lambda tx, desk, _: notify_editors(
        tx, "desk_notices.group_gone", {"group": GROUP}, cause="meets"
    ),
}
"""What somebody who leaves would have read, in views and lists that they had before."""


def leaving(tx: Tx, desk: Desk, _: Dialog) -> object:
    return change_manager(tx, acting=None, manager_id=desk.maria.id, changes={"active": False})


async def opened(desk: Desk) -> Dialog:
    """A dialog of Ivan's alone; another customer is there for a second one."""
    await desk.store.act(managers.update, desk.ivan.id, role="manager")
    await desk.store.act(customers.insert_if_absent, BORIS)
    return await desk.store.act(
        open_dialog, manager=desk.ivan, opening=Opening(customer_id=desk.anna.id, title="Parcel")
    )


async def met(desk: Desk, dialog: Dialog, first: Door, second: Door) -> list[Any]:
    """The first is done but not committed when the second begins; what became of both."""
    done, may_commit = threading.Event(), threading.Event()

    def holding(tx: Tx) -> object:
        result = first(tx, desk, dialog)
        done.set()
        may_commit.wait(10)
        return result

    one = asyncio.create_task(desk.store.act(holding))
    await asyncio.get_running_loop().run_in_executor(None, done.wait, 10)
    two = asyncio.create_task(desk.store.act(second, desk, dialog))
    await done_or_waiting(two, desk.store.engine.url)  # type: ignore[attr-defined] # PostgreSQL's
    may_commit.set()
    return await asyncio.gather(one, two, return_exceptions=True)


async def done_or_waiting(task: asyncio.Task[Any], url: str) -> None:
    """Until the unit has ended, or PostgreSQL says that it waits for another one."""
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        with psycopg.connect(url, autocommit=True) as connection:
            while not task.done() and connection.execute(waits).fetchone() is None:
                await asyncio.wait([task], timeout=0.01)


@pytest.mark.parametrize("door", DOORS)
async def test_a_manager_who_is_leaving_joins_no_dialog_or_team(desk: Desk, door: str) -> None:
    dialog = await opened(desk)
    left, came = await met(desk, dialog, leaving, DOORS[door])
    assert not isinstance(left, BaseException), left
    assert not isinstance(came, BaseException) or isinstance(came, NotAllowed | NotFound), came
    assert await desk.store.read(invariants.find_violations) == []


@pytest.mark.parametrize("door", DOORS)
async def test_a_manager_who_joins_a_dialog_while_leaving_does_not_stay_in_it(desk: Desk, door: str) -> None:
    dialog = await opened(desk)
    ended = await met(desk, dialog, DOORS[door], leaving)
    assert [one for one in ended if isinstance(one, BaseException)] == []
    assert await desk.store.read(invariants.find_violations) == []


async def reading(desk: Desk) -> Dialog:
    """Maria reads along in Ivan's paused dialog and in the Inbox."""
    dialog = await opened(desk)
    await desk.store.act(managers.update, desk.maria.id, role="admin")
    await desk.store.act(managers.insert, telegram_id=OWNER, name="Owner", role="admin")
    await desk.store.act(enter_dialog, manager=desk.maria, dialog_id=dialog.id)
    await desk.store.act(pause_dialog, manager=desk.ivan, dialog_id=dialog.id)
    await desk.store.act(receive_customer_message, sender=BORIS, content=text("hi", 7, BORIS.telegram_id))
    return dialog


@pytest.mark.parametrize("words", READING)
async def test_a_manager_who_is_leaving_gets_no_more_messages(desk: Desk, words: str) -> None:
    dialog = await reading(desk)
    ended = await met(desk, dialog, leaving, READING[words])
    assert [one for one in ended if isinstance(one, BaseException)] == []
    assert await desk.store.read(invariants.find_violations) == []


@pytest.mark.parametrize("words", READING)
async def test_a_manager_who_leaves_right_after_a_message_does_not_get_it(desk: Desk, words: str) -> None:
    dialog = await reading(desk)
    ended = await met(desk, dialog, READING[words], leaving)
    assert [one for one in ended if isinstance(one, BaseException)] == []
    assert await desk.store.read(invariants.find_violations) == []
