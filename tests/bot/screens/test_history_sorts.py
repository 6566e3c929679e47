"""/history as a manager reads it: messages and events with their kind, filtered by a tap, and as a file."""

from typing import Any

import pytest

from holdline.desk.conversation.notes import delete_note
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.people.time_zones import set_time_zone
from holdline.desk.reading.reading import transcript
from holdline.desk.reading.timeline import timeline_of
from holdline.dialogs.conversation.timeline import KINDS_OF, HistoryFilter, TimelineOrder
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.event import NOT_IN_HISTORY, EventKind
from holdline.scheduler.made_files import attach_file
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.texts import LANGUAGES, say
from tests.bot.desk_kit import Said, Staff, thread_of, to_customer
from tests.bot.staging import ANNA, GROUP, customer, manager, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    return Staff(group_desk)


async def a_days_work(staff: Staff, clock: ManualClock) -> int:
    """Anna writes, gets a dialog, an answer, a note about her and a change."""
    await wrote(staff.store, words("Where is my parcel?", 81))
    dialog = await staff.store.act(
        lambda tx: open_dialog(
            tx,
            manager=manager(tx),
            opening=Opening(customer(tx).id, "Lost parcel", description="A parcel to Oslo"),
        )
    )
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    for line in ("Which number?", "/note She is angry"):
        clock.advance(60)
        await staff.says(line, chat=GROUP, thread=topic)
        await staff.heard()
    clock.advance(60)
    await wrote(staff.store, words("It is 4711", 82))
    clock.advance(60)
    await staff.store.act(
        lambda tx: change_dialog(
            tx, manager=manager(tx), dialog_id=dialog.id, changes={"title": "Parcel 4711"}
        )
    )
    await staff.heard()
    return dialog.id


async def asked(staff: Staff) -> Said:
    await staff.says("/history #1")
    return await staff.answer()


async def tapped(staff: Staff, answer: Said, part: str) -> list[str]:
    """The lines after a tap on the button whose data holds that."""
    data = next(one for one in answer.offered if part in one)
    await staff.presses(data, on=answer.number)
    return str(staff.gateway.window).splitlines()


@pytest.mark.row("W-08")
@pytest.mark.row("W-09")
async def test_history_shows_all_events_with_their_kind_and_is_filtered_by_a_tap(
    staff: Staff, clock: ManualClock
) -> None:
    await a_days_work(staff, clock)
    answer = await asked(staff)
    shown = answer.text.splitlines()[1:]
    assert [line.split(" · ", 1)[1] for line in shown] == [
        "Maria · ✏️ changed: title: Lost parcel → Parcel 4711",
        "Anna · 📥 incoming message: It is 4711",
        "Maria · 📝 note: She is angry",
        "Maria · ✏️ changed: stage: New → In handling",
        "Maria · 💬 replied: Which number?",
        "Administrator · ▶️ opened: Lost parcel · Description: A parcel to Oslo",
        "Administrator · ➕ Inbox card moved here",
        "Anna · 📥 incoming message: Where is my parcel?",
    ]
    for sort, held in (
        ("messages", {"📥", "💬"}),
        ("notes", {"📝"}),
        ("changes", {"✏️", "🎯", "➕"}),
        ("states", {"▶️"}),
    ):
        lines = (await tapped(staff, answer, f"history.n:0:1:{sort}"))[1:]
        assert lines and {line.split(" · ")[2].split(" ")[0] for line in lines} <= held, lines
    assert len((await tapped(staff, answer, "history.n:0:1:notes"))[1:]) == 1


async def test_history_is_complete_in_both_orders_and_across_pages(staff: Staff, clock: ManualClock) -> None:
    await a_days_work(staff, clock)
    for number in range(20):
        await wrote(staff.store, words(f"line {number}", 100 + number))
    await staff.heard()
    answer, seen = await asked(staff), list[str]()
    window = await tapped(staff, answer, "history.o:0:1:all")
    for page in range(1, 5):
        seen += window[1:]
        if len(window) < 11:
            break
        await staff.presses(f"list:history.o:{page * 10}:1:all", on=answer.number)
        window = str(staff.gateway.window).splitlines()
    whole = await staff.store.read(
        timeline_of, dialog_id=1, order=TimelineOrder(newest_first=False), skip=0, limit=500, language="en"
    )
    assert len(seen) == len(whole) == len({(one["kind"], one["id"]) for one in whole})
    assert [line.rsplit(": ", 1)[1] for line in seen if ": line " in line] == [f"line {n}" for n in range(20)]


async def test_times_are_the_readers_own(staff: Staff, clock: ManualClock) -> None:
    await a_days_work(staff, clock)
    await staff.store.act(lambda tx: set_time_zone(tx, manager=manager(tx), name="Asia/Tokyo"))
    answer = await asked(staff)
    assert answer.text.splitlines()[0].endswith(" · Times: Asia/Tokyo")
    assert answer.text.splitlines()[1].startswith("01.01 09:04 ")


async def test_history_as_a_file_equals_the_screen(staff: Staff, clock: ManualClock) -> None:
    await a_days_work(staff, clock)
    await staff.store.act(lambda tx: set_time_zone(tx, manager=manager(tx), name="Asia/Tokyo"))
    answer = await asked(staff)
    await staff.presses("dlg.lines:1:o.messages", on=answer.number)
    (sent,) = await staff.heard("timeline_file")
    assert to_customer([sent]) == [] and sent.call.params["chat_id"] != ANNA.telegram_id
    assert sent.call.params["caption"] == "History of #1 · 💬 Messages"
    call = await attach_file(staff.store, sent.call)
    name, content = call.files["document"]
    lines = content.decode().splitlines()
    assert name == "history-1.txt" and lines[1] == "Times: Asia/Tokyo"
    assert [line.split(" · ", 1)[1] for line in lines[3:]] == [
        "Anna · 📥 incoming message: Where is my parcel?",
        "Maria · 💬 replied: Which number?",
        "Anna · 📥 incoming message: It is 4711",
    ]
    assert lines[3].startswith("01.01 09:00 ")


async def test_buttons_of_an_earlier_version_still_show_history(staff: Staff, clock: ManualClock) -> None:
    await a_days_work(staff, clock)
    answer = await asked(staff)
    await staff.presses("list:history.o:17:1", on=answer.number)
    assert "incoming message: Where is my parcel?" in str(staff.gateway.window).splitlines()[1]


async def test_a_deleted_note_keeps_its_text(staff: Staff, clock: ManualClock) -> None:
    await a_days_work(staff, clock)
    await staff.store.act(lambda tx: delete_note(tx, manager=manager(tx), note_id=1))
    await staff.heard()
    lines = await tapped(staff, await asked(staff), "history.n:0:1:notes")
    assert [line.split(" · ", 2)[2] for line in lines[1:]] == [
        "📝 deleted a note (written by Maria): She is angry",
        "📝 note: She is angry",
    ]


def test_every_kind_of_event_has_a_filter_and_a_label_with_an_emoji() -> None:
    narrow: list[Any] = [kinds for kinds in KINDS_OF.values() if kinds is not None]
    assert sorted(kind for kinds in narrow for kind in kinds) == sorted(EventKind), "each stands under one"
    shown = (set(EventKind) - NOT_IN_HISTORY) | {EventKind.CUSTOMER_WROTE}
    for language in LANGUAGES:
        labels = [say(f"windows.did_{kind}", language) for kind in sorted(shown)]
        assert not [label for label in labels if label[0].isalpha()], language
    assert len(HistoryFilter) == 6


async def test_a_transcript_includes_messages_moved_into_the_dialog(staff: Staff, clock: ManualClock) -> None:
    """A program that read it saw an answer without the question."""
    await a_days_work(staff, clock)
    told = await staff.store.read(transcript, dialog_id=1)
    assert [(line["text"], line["dialog_id"]) for line in told] == [
        ("Where is my parcel?", None),
        ("Which number?", 1),
        ("It is 4711", 1),
    ]
