"""/settings → Rules: made by buttons, tried before they are switched on, put in order, deleted."""

import pytest

from holdline.desk.automation.rules import rule_page
from holdline.dialogs.decisions.rule import Rule
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import admin_log, managers
from tests.bot.desk_kit import Staff
from tests.bot.screens.test_windows_settings import Settings, settings
from tests.bot.staging import IVAN, customer, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await group_desk.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    return Staff(group_desk)


async def rules_window(staff: Staff, person: int = 400000077) -> Settings:
    window = await settings(staff, person)
    await window.press("open:rules")
    return window


async def rules(staff: Staff) -> list[Rule]:
    return await staff.store.read(rule_page)


async def write_refund_rule(window: Settings) -> None:
    """Up to the dry run."""
    await window.press("new", "when:first_message", "cond:text_contains")
    await window.type("refund, money back")
    await window.press("go:then", "step:open_dialog", "set:0", "step:priority", "set:2", "go:name")
    await window.type("Refunds")


async def test_a_rule_is_made_by_buttons_and_acts(staff: Staff) -> None:
    await wrote(staff.store, words("I want a refund"))
    window = await rules_window(staff)
    assert "no rules yet" in staff.gateway.window
    await write_refund_rule(window)
    shown = staff.gateway.window
    assert "it would have run 1×" in shown and "“I want a refund”" in shown and "Anna" in shown
    assert "When: a customer begins to write" in shown
    assert "1. open a dialog" in shown
    assert await rules(staff) == []  # nothing before the last tap
    await window.press("save:on")
    (rule,) = await rules(staff)
    assert (rule.name, rule.active, rule.trigger) == ("Refunds", True, "first_message")
    assert rule.conditions.given == {"text_contains": ["refund", "money back"]}
    assert rule.steps == ({"open_dialog": {}}, {"priority": "high"})
    anna = await staff.store.read(customer)
    assert await staff.store.read(lambda tx: dialogs.active_of(tx, anna.id)) is None
    await staff.store.act(lambda tx: tx.run("UPDATE inbox_items SET state = 'answered'"))
    await wrote(staff.store, words("Money back, please", 72))
    opened = await staff.store.read(lambda tx: dialogs.active_of(tx, anna.id))
    assert opened is not None and (opened.title, opened.priority) == ("Money back, please", "high")
    await window.press("list")
    assert "1. ✅ Refunds: a customer begins to write · ran 1×" in staff.gateway.window


async def test_a_rule_cannot_be_switched_on_before_its_dry_run(staff: Staff) -> None:
    window = await rules_window(staff)
    await write_refund_rule(window)
    await window.press("save:off")
    (rule,) = await rules(staff)
    assert not rule.active
    await window.press("on!")  # no button says so: made up, or from another window
    assert [each.active for each in await rules(staff)] == [False]
    await window.press(f"rule:{rule.id}", "on!")
    assert [each.active for each in await rules(staff)] == [False]
    await window.press(f"rule:{rule.id}", "try")
    assert "has not happened so far" in staff.gateway.window
    await window.press("on!")
    assert [each.active for each in await rules(staff)] == [True]
    await window.press("off")
    assert [each.active for each in await rules(staff)] == [False]
    changes = [line["change"] for line in await staff.store.read(admin_log.page)]
    assert changes[:3] == ["rule_changed", "rule_changed", "rule_added"]


async def test_a_rule_is_edited_put_earlier_and_deleted_after_a_question(staff: Staff) -> None:
    window = await rules_window(staff)
    await write_refund_rule(window)
    await window.press(
        "save:off", "list", "new", "when:dialog_opened", "go:then", "step:assign", f"set:{IVAN}"
    )
    await window.press("go:name", "take", "save:on")
    first, second = await rules(staff)
    assert (second.name, second.steps) == ("a dialog is opened", ({"assign": IVAN},))
    await window.press(f"rule:{second.id}", "up")
    assert [rule.id for rule in await rules(staff)] == [second.id, first.id]
    await window.press("up", "down", "down")
    assert [rule.id for rule in await rules(staff)] == [first.id, second.id]
    await window.press("edit", "go:then", "undo", "step:answer")
    await window.type("We are on it.")
    await window.press("go:name", "take", "save:on")
    changed = (await rules(staff))[1]
    assert (changed.id, changed.steps) == (second.id, ({"answer": "We are on it."},))
    await window.press("delete!")  # not asked yet
    assert len(await rules(staff)) == 2
    await window.press("delete", "shown", "delete", "delete!")
    assert [rule.id for rule in await rules(staff)] == [first.id]
    await window.press(f"rule:{second.id}")  # a button of an older window
    assert "Refunds" in staff.gateway.window


async def test_wrong_values_are_refused_in_a_sentence_and_change_nothing(staff: Staff) -> None:
    window = await rules_window(staff)
    await window.press("new", "go:then")
    assert "When should it act?" in staff.gateway.window
    await window.press("when:no_reply", "cond:outside_hours")
    assert "no working calendar yet" in staff.gateway.toast
    await window.press("cond:after")
    await window.type("soon")
    assert "for example 90m" in (await staff.answer()).text
    await window.type("45m")
    assert "nobody answers for 45 minutes" in staff.gateway.window
    await window.press("go:then", "go:name")
    assert "at least one step" in staff.gateway.toast
    await window.press("step:team")
    assert "nothing to choose yet" in staff.gateway.window
    await window.press("set:7")
    assert await rules(staff) == []


async def test_a_step_that_lacks_a_dialog_causes_a_warning(staff: Staff) -> None:
    window = await rules_window(staff)
    await window.press("new", "when:first_message", "go:then", "step:priority", "set:2")
    assert "These steps need a dialog" in staff.gateway.window
    await window.press("undo", "step:open_dialog", "set:0", "step:priority", "set:2")
    assert "These steps need a dialog" not in staff.gateway.window


async def test_each_tap_changes_the_condition_on_hours(staff: Staff) -> None:
    window = await settings(staff)
    await window.press("open:calendars")
    await window.type("Office; Europe/Warsaw; mon-fri 09:00-17:00")
    await window.press("menu", "open:rules", "new", "when:message")
    seen = []
    for _ in range(3):
        await window.press("cond:outside_hours")
        seen.append(staff.gateway.window.split("\n")[2])
    assert seen == [
        "Only if: outside working hours",
        "Only if: within working hours",
        "Always, without conditions",
    ]


async def test_renaming_a_rule_or_changing_its_trigger_keeps_the_valid_parts(staff: Staff) -> None:
    window = await rules_window(staff)
    await window.press(
        "new", "when:message", "cond:priority", "set:3", "go:then", "step:open_dialog", "set:0"
    )
    await window.press("go:when", "when:first_message")
    assert "Always, without conditions" in staff.gateway.window
    await window.press("go:then")
    assert "1. open a dialog" in staff.gateway.window
    await window.press("go:name", "take", "save:off", "list")
    await write_refund_rule(window)
    await window.press("save:off", "list", "new", "when:message", "go:then", "step:close", "set:1", "go:name")
    await window.type("refunds")
    assert "in the list already" in (await staff.answer()).text
    assert len(await rules(staff)) == 2


async def test_rules_need_the_permission_to_edit_settings(staff: Staff) -> None:
    his = await settings(staff, IVAN)
    await his.press("open:rules")
    assert "dialog_settings.edit" in staff.gateway.toast
    await his.press("new", "when:message")
    assert await rules(staff) == []
