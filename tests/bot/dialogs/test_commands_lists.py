"""Typed commands that only read: lists, history, search, reports; reading assigns nobody."""

import asyncio
import threading

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.people.staff import add_manager
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.scheduler.made_files import attach_file
from holdline.screens.console.commands import read_only_command, run_read_only_command
from holdline.screens.screen import Screen
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff, thread_of
from tests.bot.staging import ADMIN, GROUP, IVAN, customer, manager, opened, words, wrote

PATIENCE = 20.0


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("Where is my order?\nIt is late."))
    return Staff(group_desk)


async def the_dialog(staff: Staff, dialog_id: int = 1) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, dialog_id))


@pytest.mark.row("L-53")
@pytest.mark.row("L-28")
async def test_each_list_command_shows_its_dialogs(staff: Staff) -> None:
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    first = await opened(staff.store, "First")
    await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=first.id))
    second = await opened(staff.store, "Second")
    await staff.heard()
    await staff.says("/active")
    active = (await staff.answer()).text
    assert f"▶️ #{second.id} Second" in active and "First" not in active
    await staff.says("/dialogs", chat=GROUP, thread=inbox, reply_to=card.number)
    everything = (await staff.answer()).text
    assert f"⏸ #{first.id} First" in everything and f"▶️ #{second.id} Second" in everything
    await staff.says("/dialogs", chat=GROUP, thread=await thread_of(staff.store, first.id))
    assert "First" in (await staff.answer()).text
    await staff.says("/dialogs")
    assert "My dialogs" in (await staff.answer()).text


@pytest.mark.row("L-28")
async def test_a_long_list_is_turned_page_by_page(staff: Staff) -> None:
    for number in range(11):
        dialog = await opened(staff.store, f"Case {number}")
        await staff.store.act(lambda tx, i=dialog.id: pause_dialog(tx, manager=manager(tx), dialog_id=i))
    await staff.heard()
    await staff.says("/dialogs")
    first = await staff.answer()
    assert "Case 10" in first.text and "Case 2" not in first.text
    await staff.presses(first.data("list:mine"), on=first.number)
    assert "Case 2" in staff.gateway.window and "Case 10" not in staff.gateway.window


@pytest.mark.row("C-17")
@pytest.mark.row("W-11")
@pytest.mark.row("K-17")
async def test_looking_assigns_nobody(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    await staff.heard()
    for command in (
        f"/enter {dialog.id}",
        "/history",
        "/info",
        "/dialogs",
        "/active",
        "/inbox",
        "/find Delivery",
        "/enter",
    ):
        await staff.says(command, IVAN)
    after = await the_dialog(staff)
    assert after.assignee is not None and after.assignee.telegram_id == ADMIN
    assert IVAN not in [person.telegram_id for person in after.participants]


@pytest.mark.row("S-12")
@pytest.mark.row("S-31")
async def test_history_shows_who_did_what_and_when_in_both_orders(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    await staff.says("/note remember", chat=GROUP, thread=topic)
    await staff.heard()
    await staff.says("/history", chat=GROUP, thread=topic)
    answer = await staff.answer()
    head, newest = answer.text.splitlines()[:2]
    assert head.endswith(" · Times: UTC")
    assert "Maria" in newest and "📝 note: remember" in newest and newest.startswith("01.01 00:00")
    await staff.presses(answer.data("list:history.o"), chat=GROUP, on=answer.number)
    assert staff.gateway.window.splitlines()[-1] == newest


async def test_history_shows_how_a_dialog_ended(staff: Staff) -> None:
    dialog = await opened(staff.store)
    closing = Closing(customer_score=2, send_rating_form=False, reason="Lost", comment="Refunded at once")
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=closing)
    )
    await staff.heard()
    await staff.says(f"/history #{dialog.id}")
    newest = (await staff.answer()).text.splitlines()[1]
    assert newest.endswith("closed: 📌 Reason: Lost · 🗒 Comment: Refunded at once · ⭐⭐")


async def test_find_matches_a_word_of_the_title(staff: Staff) -> None:
    await opened(staff.store, "Broken kettle")
    await staff.heard()
    await staff.says("/find kettle")
    assert "Broken kettle" in (await staff.answer()).text
    await staff.says("/find")
    assert "/find #12" in (await staff.answer()).text


@pytest.mark.row("W-03")
async def test_ready_and_away_are_set_by_command(staff: Staff) -> None:
    for command, ready in (("/ready", True), ("/away", False)):
        await staff.says(command)
        assert (await staff.store.read(manager)).ready is ready


@pytest.mark.row("S-07")
@pytest.mark.row("S-09")
async def test_assign_offers_managers_and_notifies_the_chosen_one(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.store.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    await staff.heard()
    await staff.says(f"/assign #{dialog.id}")
    window = await staff.answer()
    await staff.presses(f"assign:{dialog.id}:{IVAN}", on=window.number)
    after = await the_dialog(staff)
    assert after.assignee is not None and after.assignee.telegram_id == IVAN
    assert staff.gateway.window == f"✔ #{dialog.id}: Ivan"
    assert "🟢 available · ⚪️ away" in window.text
    assert IVAN in [one.row["chat_id"] for one in await staff.heard("desk_notice")]
    await staff.says(f"/take #{dialog.id}")
    taken = (await the_dialog(staff)).assignee
    assert taken is not None and taken.telegram_id == ADMIN


async def test_the_former_assignee_is_notified_that_the_dialog_is_unassigned(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.store.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    await staff.presses(f"assign:{dialog.id}:{IVAN}")
    await staff.heard()
    await staff.presses(f"assign:{dialog.id}:0")
    assert staff.gateway.window == f"✔ Nobody has #{dialog.id} now"
    (told, *_) = [one.text for one in await staff.heard("desk_notice") if "no longer yours" in one.text]
    assert told.endswith("is no longer yours, and nobody has it now.")


@pytest.mark.row("S-07")
@pytest.mark.parametrize(
    ("typed", "given"),
    [
        ("ivan", "Ivan Petrov"),
        ("IVAN PET", "Ivan Petrov"),
        ("petrov", "Ivan Petrov"),
        ("Olga", "Olga"),
        ("o", None),
    ],
)
async def test_assign_accepts_an_unambiguous_name(staff: Staff, typed: str, given: str | None) -> None:
    dialog = await opened(staff.store)
    for number, name in ((IVAN, "Ivan Petrov"), (IVAN + 1, "Olga"), (IVAN + 2, "Oleg")):
        await staff.store.act(
            lambda tx, i=number, n=name: managers.insert(tx, telegram_id=i, name=n, role="agent")
        )
    await staff.heard()
    await staff.says(f"/assign #{dialog.id} {typed}")
    said = await staff.answer()
    after = await the_dialog(staff)
    assert after.assignee is not None
    if given is None:
        assert after.assignee.telegram_id == ADMIN
        assert said.text.splitlines()[1] == "Several people are called “o”. Which one?"
        assert [data for data in said.offered if data.startswith("assign")][:-1] == [
            f"assign:{dialog.id}:{IVAN + 2}",
            f"assign:{dialog.id}:{IVAN + 1}",
        ]
    else:
        assert (after.assignee.name, said.text) == (given, f"✔ #{dialog.id}: {given}")


async def test_assign_refuses_an_unknown_name(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says(f"/assign #{dialog.id} Boris")
    assert "Nobody here is called “Boris”. Choose somebody:" in (await staff.answer()).text


@pytest.mark.row("C-30")
@pytest.mark.row("L-68")
@pytest.mark.row("L-69")
async def test_the_report_is_a_file_with_one_row_per_dialog(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.says(f"/close #{dialog.id} 3")
    await staff.heard()
    await staff.says("/report dialogs")
    sent = (await staff.heard("report"))[0]
    name, content = (await attach_file(staff.store, sent.call)).files["document"]
    assert name.endswith(".csv")
    header, row = content.decode().splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["customer_score"], cells["service_rating"]) == ("3", "")


async def test_the_report_needs_its_permission(staff: Staff) -> None:
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    await staff.heard()
    await staff.says("/report dialogs", IVAN)
    assert "report.view" in (await staff.answer()).text


@pytest.mark.row("L-08")
async def test_managers_added_to_a_dialog_see_their_tasks(staff: Staff) -> None:
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))

    def open_both(tx: Tx) -> None:
        open_dialog(
            tx, manager=manager(tx), opening=Opening(customer(tx).id, "Fix the kettle", participants=(IVAN,))
        )

    await staff.store.act(open_both)
    await staff.heard()
    await staff.says("/tasks", IVAN)
    answer = await staff.answer()
    assert "Fix the kettle · 00:05 UTC" in answer.text
    await staff.presses(answer.data("task.done"), IVAN, on=answer.number)
    assert "No tasks" in staff.gateway.window


async def test_the_inbox_lists_waiting_customers_with_two_buttons(staff: Staff) -> None:
    await staff.heard()
    await staff.says("/inbox")
    answer = await staff.answer()
    assert "Anna" in answer.text and "Where is my order?" in answer.text
    await staff.presses(answer.data("card.ignore"), on=answer.number)
    await staff.heard()
    await staff.says("/inbox")
    assert "Nobody is waiting" in (await staff.answer()).text


@pytest.mark.parametrize(
    "command",
    ["find nothing", "inbox", "dialogs", "active", "new", "handling", "review", "tasks", "help"],
)
async def test_looking_does_not_wait_for_the_writer(staff: Staff, command: str) -> None:
    """Held up inside the one writer, every customer's words would wait for it."""
    assert read_only_command(f"/{command}")
    held, go_on = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        held.set()
        go_on.wait(PATIENCE)

    writing = asyncio.ensure_future(staff.store.act(hold))
    await asyncio.to_thread(held.wait, PATIENCE)
    content = Content(text=f"/{command}", chat_id=ADMIN, tg_message_id=1)
    found = await staff.store.read(
        run_read_only_command, sender=MessageSender(ADMIN, "Maria"), content=content
    )
    assert not writing.done()
    go_on.set()
    await writing
    assert found is not None and isinstance(found.answer, Screen)
