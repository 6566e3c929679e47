"""The windows in which managers forward a dialog, choose their notifications, and merge."""

from dataclasses import replace

import pytest

from holdline.desk.dialogs.forwards import settle_forwards
from holdline.store.dialogs import dialogs, forwards
from holdline.store.engine import Store
from holdline.store.people import managers, notifications
from holdline.store.tx import Row, Tx
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import GROUP, IVAN, manager, opened, words, wrote

LEGAL = "legal@example.org"


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    group_desk.rules = replace(group_desk.rules, mail_from="desk@example.org")
    await wrote(group_desk, words())
    await opened(group_desk)
    await group_desk.act(managers.insert, telegram_id=IVAN, name="Ivan", role="agent")
    staff = Staff(group_desk)
    await staff.heard()
    return staff


async def press(staff: Staff, window: Said, *data: str) -> None:
    thread = await thread_of(staff.store, 1)
    for one in data:
        await staff.presses(one, chat=GROUP, on=window.number, thread=thread)


async def letters(staff: Staff) -> list[Row]:
    return await staff.store.read(lambda tx: tx.all("SELECT * FROM mails"))


@pytest.mark.row("R-20", "R-21", "R-22", "R-23", "R-24")
async def test_a_dialog_is_forwarded_from_its_card(staff: Staff) -> None:
    thread = await thread_of(staff.store, 1)
    await staff.presses("dlg.forward:1", chat=GROUP, on=5, thread=thread)
    window = await staff.answer()
    form = window.form
    await press(staff, window, f"{form}:people", f"{form}:person:{IVAN}", f"{form}:back", f"{form}:emails")
    await staff.says(f"{LEGAL}, second@example.org", chat=GROUP, thread=thread, reply_to=window.number)
    await press(staff, window, f"{form}:subject")
    await staff.says("A lost parcel", chat=GROUP, thread=thread, reply_to=window.number)
    await press(staff, window, f"{form}:message")
    await staff.says("Please look.", chat=GROUP, thread=thread, reply_to=window.number)
    assert LEGAL in staff.gateway.window and "Ivan" in staff.gateway.window
    await press(staff, window, f"{form}:part:history", f"{form}:part:notes", f"{form}:send")
    assert f"⏳ {LEGAL}" in staff.gateway.window
    assert [(row["to_address"], row["subject"]) for row in await letters(staff)] == [
        (LEGAL, "A lost parcel"),
        ("second@example.org", "A lost parcel"),
    ]
    (message,) = [one for one in await staff.heard() if one.call.params["chat_id"] == IVAN]
    assert "Please look." in message.text and len(message.offered) == 1
    await staff.store.act(end_letters)
    await staff.store.act(settle_forwards)
    results = [one.text for one in await staff.heard() if one.call.method == "editMessageText"][-1]
    assert "✅ Ivan" in results and f"✅ {LEGAL}" in results and "⚠️ second@example.org: 550" in results
    made = await staff.store.read(forwards.by_id, 1)
    assert {one.name: one.status for one in made.recipients}["second@example.org"] == "failed"


def end_letters(tx: Tx) -> None:
    tx.run("UPDATE mails SET status = 'sent', settled_at = :at WHERE id = 1", at=tx.at)
    tx.run(
        "UPDATE mails SET status = 'refused', error = '550 no such user', settled_at = :at WHERE id = 2",
        at=tx.at,
    )


async def test_a_wrong_address_is_reported_and_asked_for_again(staff: Staff) -> None:
    await staff.says("/forward", chat=GROUP, thread=await thread_of(staff.store, 1))
    window = await staff.answer()
    form = window.form
    await press(staff, window, f"{form}:emails")
    thread = await thread_of(staff.store, 1)
    await staff.says("nobody", chat=GROUP, thread=thread, reply_to=window.number)
    assert "e-mail address" in (await staff.heard("text"))[-1].text
    assert await letters(staff) == []


@pytest.mark.row("R-31", "R-32", "R-33", "R-34", "R-35", "R-36")
async def test_each_topic_has_a_tick_for_each_channel(staff: Staff) -> None:
    await staff.says("/notify")
    window = await staff.answer()
    form = window.form
    topics = ("dialog_created", "stage", "queue", "tags", "note", "attachment", "escalation", "assigned")
    assert {f"{form}:{channel}:{topic}" for channel in ("telegram", "email") for topic in topics} <= set(
        window.offered
    )
    await staff.presses(f"{form}:telegram:note", on=window.number)
    await staff.presses(f"{form}:telegram:assigned", on=window.number)
    await staff.presses(f"{form}:email:escalation", on=window.number)
    assert "Write your e-mail address" in staff.gateway.window
    await staff.says("maria@example.org")
    assert "maria@example.org" in staff.gateway.window
    chosen = await staff.store.read(lambda tx: notifications.settings_of(tx, manager(tx).id))
    assert {topic: chosen.channels_for(topic) for topic in topics if chosen.channels_for(topic)} == {
        "note": ("telegram",),
        "escalation": ("email",),
    }
    await staff.presses(f"{form}:done", on=window.number)
    assert "Saved" in staff.gateway.window


async def test_merging_and_unmerging_are_one_command_each(staff: Staff) -> None:
    await staff.says("/pause", chat=GROUP, thread=await thread_of(staff.store, 1))
    await opened(staff.store, title="Second")
    await staff.heard()
    await staff.says("/merge 2", chat=GROUP, thread=await thread_of(staff.store, 1))
    assert "#2" in (await staff.answer()).text
    merged = await staff.store.read(dialogs.by_id, 1)
    assert (merged.state, merged.merged_into) == ("closed", 2)
    await staff.says("/merge soon", chat=GROUP, thread=await thread_of(staff.store, 2))
    assert "/merge 12" in (await staff.answer()).text
    await staff.says("/unmerge", chat=GROUP, thread=await thread_of(staff.store, 2))
    await staff.answer()
    assert (await staff.store.read(dialogs.by_id, 1)).state == "paused"


async def test_the_close_form_asks_for_the_outcome(staff: Staff) -> None:
    await staff.presses("dlg.close:1", chat=GROUP, on=5, thread=await thread_of(staff.store, 1))
    window = await staff.answer()
    form = window.form
    await press(staff, window, f"{form}:explain", f"{form}:outcome:failure", f"{form}:close")
    assert (await staff.store.read(dialogs.by_id, 1)).outcome == "failure"
