"""One card shows every value that is set, hides the others, and has a button for each."""

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.settings.desk_fields import add_field
from holdline.desk.settings.lists import add_to_list
from holdline.desk.settings.sla_policies import add_policy
from holdline.desk.teams.teams import add_team
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import attachments, dialogs, history
from holdline.store.engine import Store
from holdline.store.people import managers, teams
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import GROUP, IVAN, manager, opened, words, wrote

BARE = {"Status", "Stage", "Type", "Assignee", "Participants"}
"""What every dialog has."""


def furnish(tx: Tx) -> None:
    for kind, name in (
        ("queues", "Second line"),
        ("stages", "At the bank"),
        ("root_causes", "Courier"),
        ("tags", "vip"),
        ("reasons", "Late"),
        ("components", "Parcel"),
    ):
        add_to_list(tx, manager=None, kind=kind, name=name)
    for number, kind in enumerate(("text", "number", "date", "choice", "yes_no"), 1):
        choices = {"choices": ["none", "box"]} if kind == "choice" else {}
        add_field(tx, manager=None, values={"name": f"Field {number}", "kind": kind, **choices})
    add_policy(
        tx, manager=manager(tx), values={"name": "Standard", "if": {"priority": "urgent"}, "resolution": "1d"}
    )
    managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent")
    add_team(tx, manager=manager(tx), fields={"name": "Refunds"})


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await group_desk.act(furnish)
    await wrote(group_desk, words())
    await opened(group_desk)
    return Staff(group_desk)


class Card:
    """Of #1 in its topic; `edit` is the window under ✏️."""

    def __init__(self, staff: Staff, thread: int, shown: Said) -> None:
        self.staff, self.thread, self.shown = staff, thread, shown
        self.edit: Said | None = None

    async def press(self, *data: str) -> None:
        on = self.edit.number if self.edit else 5
        for one in data:
            await self.staff.presses(one, chat=GROUP, on=on, thread=self.thread)

    async def open_edit(self) -> str:
        await self.staff.heard()
        await self.press("dlg.edit:1")
        self.edit = await self.staff.answer()
        return self.edit.form

    async def type(self, text: str) -> None:
        await self.staff.says(text, chat=GROUP, thread=self.thread)

    async def choose(self, caption: str) -> None:
        """The button with those words in the window, found by its caption."""
        rows = self.staff.gateway.last("editMessageText").params["reply_markup"]["inline_keyboard"]
        flat = [button for row in rows for button in row]
        await self.press(next(b["callback_data"] for b in flat if caption.casefold() in b["text"].casefold()))

    async def stored(self) -> Dialog:
        return await self.staff.store.read(lambda tx: dialogs.by_id(tx, 1))


async def drawn(staff: Staff) -> Said:
    """The card as it looks last."""
    return [one for one in await staff.heard() if one.row["kind"] in ("info_card", "info_card_edit")][-1]


def names_on(card: Said) -> set[str]:
    return {line.partition(":")[0] for line in card.text.splitlines()[2:]}


@pytest.fixture
async def card(staff: Staff) -> Card:
    shown = await drawn(staff)
    return Card(staff, await thread_of(staff.store, 1), shown)


@pytest.mark.row("R-02")
async def test_a_value_that_is_not_set_takes_no_line(card: Card) -> None:
    assert names_on(card.shown) == BARE, card.shown.text


@pytest.mark.row("R-01")
@pytest.mark.row("R-02")
@pytest.mark.row("L-26")
async def test_everything_is_set_by_buttons_unsaved_until_saved_and_then_on_the_card(card: Card) -> None:
    staff, form = card.staff, await card.open_edit()
    for name, caption in (
        ("stage", "At the bank"),
        ("priority", "high"),
        ("queue", "Second line"),
        ("sla_policy", "Standard"),
        ("own4", "box"),
        ("own5", "Yes"),
    ):
        await card.press(f"{form}:edit:{name}")
        await card.choose(caption)
    for name, caption in (
        ("root_causes", "Courier"),
        ("tags", "vip"),
        ("reasons", "Late"),
        ("components", "Parcel"),
    ):
        await card.press(f"{form}:edit:{name}")
        await card.choose(caption)
        await card.press(f"{form}:back")
    for name, typed in (
        ("description", "She called twice."),
        ("own1", "A-17"),
        ("own2", "2,5"),
        ("own3", "24.12.2026"),
    ):
        await card.press(f"{form}:edit:{name}")
        await card.type(typed)
    assert staff.gateway.window.count("unsaved") == 14
    before = await card.stored()
    assert (before.stage, before.queue, before.fields) == ("New", None, {}), "nothing applies before 💾"
    await card.press(f"{form}:save")
    card.edit = None
    shown = await drawn(staff)
    for line in (
        "Stage: At the bank",
        "Priority: high",
        "Queue: Second line",
        "Root causes: Courier",
        "Tags: vip",
        "Description: She called twice.",
        "Field 1: A-17",
        "Field 2: 2.5",
        "Field 3: 2026-12-24",
        "Field 4: box",
        "Field 5: Yes",
    ):
        assert line.casefold() in shown.text.casefold(), (line, shown.text)
    entries = await staff.store.read(lambda tx: history.page(tx, dialog_id=1))
    (changed,) = [row for row in entries if row["kind"] == "dialog_changed"]
    assert len(changed["data_json"]) == 10, "fields of the desk's own are one of them"


@pytest.mark.row("R-01")
async def test_assignee_team_files_history_and_transitions_are_buttons_of_the_card(card: Card) -> None:
    staff, shown = card.staff, card.shown
    for data in (
        "dlg.pause:1",
        "dlg.close:1",
        "dlg.edit:1",
        "dlg.assign:1",
        "dlg.postpone:1",
        "dlg.history:1",
    ):
        assert data in shown.offered
    await card.press("dlg.assign:1")
    people = await staff.answer()
    (team,) = await staff.store.read(teams.list_all)
    assert {f"assign:1:{IVAN}", f"assign.team:1:{team.id}"} <= set(people.offered)
    await staff.presses(f"assign.team:1:{team.id}", chat=GROUP, on=people.number, thread=card.thread)
    assert "Team: Refunds" in (await drawn(staff)).text
    await card.open_edit()
    assert card.edit is not None and "dlg.files:1" in card.edit.offered
    await card.press("dlg.files:1")
    assert "/attach" in (await staff.answer()).text
    await staff.writes(
        chat=GROUP,
        thread=card.thread,
        caption="/attach",
        document={"file_id": "F1", "file_unique_id": "U1", "file_name": "bill.pdf", "file_size": 10},
    )
    assert len(await staff.store.read(lambda tx: attachments.of_dialog(tx, 1))) == 1
    assert "dlg.files:1" in (await drawn(staff)).offered


async def test_dropping_leaves_all_fields_as_they_were(card: Card) -> None:
    form = await card.open_edit()
    await card.press(f"{form}:edit:own1")
    await card.type("A-17")
    await card.press(f"{form}:edit:priority")
    await card.choose("high")
    await card.press(f"{form}:cancel", f"{form}:save")
    after = await card.stored()
    assert (after.priority, after.fields) == ("normal", {})


WRONG = [("own2", "two"), ("own3", "30.02.2026"), ("own1", "x" * 1001), ("title", "x" * 200)]


@pytest.mark.parametrize(("name", "typed"), WRONG)
async def test_an_invalid_value_is_refused_in_the_window_and_changes_nothing(
    card: Card, name: str, typed: str
) -> None:
    staff, form = card.staff, await card.open_edit()
    await card.press(f"{form}:edit:{name}")
    await card.type(typed)
    (problem,) = [line for line in staff.gateway.window.splitlines() if line.startswith("⚠️")]
    assert problem.count(". ") <= 1
    await card.press(f"{form}:back")
    assert "unsaved" not in staff.gateway.window and f"{form}:save" not in staff.gateway.offered


@pytest.mark.parametrize("data", ["priority:9", "queue:999", "own4:7", "own5:5", "sla_policy:99", "stage:77"])
async def test_a_button_of_a_deleted_value_reports_it_and_changes_nothing(card: Card, data: str) -> None:
    staff, form = card.staff, await card.open_edit()
    await card.press(f"{form}:edit:{data.partition(':')[0]}", f"{form}:{data}")
    assert "deleted" in staff.gateway.window
    await card.press(f"{form}:back")
    assert f"{form}:save" not in staff.gateway.offered


async def test_a_colleagues_change_of_an_own_field_is_asked_about_before_it_is_overwritten(
    card: Card,
) -> None:
    staff, form = card.staff, await card.open_edit()
    await card.press(f"{form}:edit:own1")
    await card.type("A-17")
    theirs = {"fields": {"Field 1": "B-1"}}
    await staff.store.act(lambda tx: change_dialog(tx, manager=manager(tx), dialog_id=1, changes=theirs))
    await card.press(f"{form}:save")
    assert "B-1" in staff.gateway.window and (await card.stored()).fields == {"Field 1": "B-1"}
    await card.press(f"{form}:save")
    assert (await card.stored()).fields == {"Field 1": "A-17"}
