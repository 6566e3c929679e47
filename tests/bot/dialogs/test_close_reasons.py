"""Close reasons: chosen at the close; the outcome is asked only if the reason does not set it."""

import pytest

from holdline.desk.settings.close_reasons import add_close_reason, close_reasons, remove_close_reason
from holdline.dialogs.closing import CloseReason
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs, history
from holdline.store.engine import Store
from tests.bot.desk_kit import Said, Staff
from tests.bot.screens.test_windows_settings import settings
from tests.bot.staging import manager, opened, words, wrote


class CloseForm:
    """/close of the one dialog, in the manager's own chat."""

    def __init__(self, staff: Staff, window: Said) -> None:
        self.staff, self.window = staff, window

    async def press(self, *actions: str) -> None:
        for action in actions:
            await self.staff.presses(f"{self.window.form}:{action}", on=self.window.number)

    async def type(self, text: str) -> None:
        await self.staff.says(text, reply_to=self.window.number)

    @property
    def shown(self) -> str:
        return self.staff.gateway.window

    @property
    def asks_outcome(self) -> bool:
        return any(":outcome:" in data for data in self.staff.gateway.offered)

    async def dialog(self) -> Dialog:
        return await self.staff.store.read(lambda tx: dialogs.by_id(tx, 1))


async def add(store: Store, name: str, outcome: str | None = None) -> CloseReason:
    values = {"name": name, "outcome": outcome}
    return await store.act(lambda tx: add_close_reason(tx, manager=manager(tx), values=values))


@pytest.fixture
async def form(group_desk: Store) -> CloseForm:
    for name, outcome in (("Refunded", "success"), ("Lost", "failure"), ("Moved", None)):
        await add(group_desk, name, outcome)
    await wrote(group_desk, words())
    await opened(group_desk)
    staff = Staff(group_desk)
    await staff.heard()
    await staff.presses("dlg.close:1", on=5)
    closing = CloseForm(staff, await staff.answer())
    await closing.press("explain")
    return closing


@pytest.mark.row("R-29")
@pytest.mark.parametrize(("number", "outcome", "told"), [(1, "success", "🟢"), (2, "failure", "🔴")])
async def test_a_reason_with_an_outcome_skips_the_question(
    form: CloseForm, number: int, outcome: str, told: str
) -> None:
    await form.press(f"offered:{await id_of(form, number)}")
    assert told in form.shown and not form.asks_outcome
    await form.press("outcome:success", "outcome:failure", "close")
    dialog = await form.dialog()
    reason = ("Refunded", "Lost")[number - 1]
    assert (dialog.state, dialog.close_reason, dialog.outcome) == ("closed", reason, outcome)
    last = await form.staff.store.read(lambda tx: history.last_close(tx, 1))
    assert last is not None and last["data_json"]["outcome"] == outcome


async def test_a_reason_without_an_outcome_asks_for_it(form: CloseForm) -> None:
    await form.press(f"offered:{await id_of(form, 3)}")
    assert form.asks_outcome
    await form.press("outcome:failure", "close")
    dialog = await form.dialog()
    assert (dialog.close_reason, dialog.outcome) == ("Moved", "failure")


async def test_a_typed_reason_matches_the_desks_reason_of_the_same_name(form: CloseForm) -> None:
    await form.press("outcome:failure")
    await form.press("reason")
    await form.type("refunded")
    assert "🟢" in form.shown and not form.asks_outcome
    await form.press("close")
    dialog = await form.dialog()
    assert (dialog.close_reason, dialog.outcome) == ("Refunded", "success")


async def test_typed_and_deleted_reasons_ask_as_before(form: CloseForm) -> None:
    lost = await id_of(form, 2)
    await form.staff.store.act(lambda tx: remove_close_reason(tx, manager=manager(tx), reason_id=lost))
    await form.press(f"offered:{lost}")
    assert "Lost" not in form.shown
    await form.press("reason")
    await form.type("She found it herself")
    assert form.asks_outcome
    await form.press("close")
    dialog = await form.dialog()
    assert (dialog.close_reason, dialog.outcome) == ("She found it herself", None)


async def test_the_settings_add_a_reason_turn_its_outcome_and_delete_it(group_desk: Store) -> None:
    staff = Staff(group_desk)
    window = await settings(staff)
    await window.press("open:close_reasons")
    await window.type("Refunded")
    (reason,) = await group_desk.read(close_reasons)
    for outcome in ("success", "failure", None, "success"):
        await window.press(f"outcome:{reason.id}")
        (now,) = await group_desk.read(close_reasons)
        assert now.outcome == outcome
    await staff.heard()
    await window.type("refunded")
    (said,) = await staff.heard("text")
    assert "refunded" in said.text and "\n" not in said.text
    await window.press("outcome:999", "delete:999", f"delete:{reason.id}", "keep")
    assert [each.name for each in await group_desk.read(close_reasons)] == ["Refunded"]
    await window.press(f"delete:{reason.id}", f"delete!:{reason.id}", f"outcome:{reason.id}")
    assert await group_desk.read(close_reasons) == []


async def id_of(form: CloseForm, number: int) -> int:
    found = await form.staff.store.read(close_reasons)
    return found[number - 1].id
