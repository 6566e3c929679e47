"""A reply from a template, in each place of work: it is read first, changed if necessary, and sent only by a tap."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from holdline.desk.settings.templates import add_template, templates_page
from holdline.dialogs.conversation.template import Template
from holdline.scheduler.made_files import attach_file
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.conversation import notes
from holdline.store.people import managers
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, ANNA, words, wrote

RON = 400000090
HELLO = {"name": "Greeting", "kind": "reply", "text": "Hello {customer.name}, case {dialog.id}."}


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        await write(desk, HELLO)
        await write(desk, {"name": "Where is it", "kind": "reply", "text": "We are looking."})
        await write(desk, {"name": "Rang", "kind": "note", "text": "Rang {customer.name}"})
        yield desk
        assert await desk.store.read(invariants.find_violations) == []


async def write(desk: Place, values: dict[str, Any]) -> Template:
    return await desk.store.act(add_template, manager=None, values=values)


async def ask(desk: Place, line: str) -> Said:
    """The window that the command opens."""
    await desk.line(line)
    said = await desk.heard()
    assert to_customer(said) == []
    return next(one for one in said if one.data_or_none("form"))


def button(offered: list[str], action: str) -> str:
    return next(data for data in offered if data.split(":")[2] == action)


async def press(desk: Place, window: Said, action: str, *, offered: list[str] | None = None) -> list[Said]:
    where = {"chat": window.call.params["chat_id"], "thread": window.call.params.get("message_thread_id")}
    await desk.presses(button(offered or desk.gateway.offered, action), on=window.number, **where)
    return await desk.heard()


async def uses(desk: Place) -> dict[str, int]:
    found = await desk.store.read(templates_page, after=0, limit=9)
    return {template.name: template.uses for template in found}


@pytest.mark.row("W-14")
@pytest.mark.row("W-17")
async def test_a_template_is_found_by_a_word_and_sent_only_by_a_tap(desk: Place) -> None:
    window = await ask(desk, "/t greet")
    said = f"Hello Anna, case {desk.dialog.id}."
    assert said in window.text
    assert to_customer(await press(desk, window, "send", offered=window.offered)) == [said]
    assert (await uses(desk))["Greeting"] == 1


@pytest.mark.row("W-14")
async def test_a_template_is_chosen_from_the_list_and_can_be_changed_before_sending(desk: Place) -> None:
    window = await ask(desk, "/t")
    assert to_customer(await press(desk, window, "use", offered=window.offered)) == []
    await press(desk, window, "edit")
    await desk.line("Dear Anna, it is on its way.")
    assert to_customer(await desk.heard()) == []
    assert "Dear Anna, it is on its way." in desk.gateway.window
    assert to_customer(await press(desk, window, "send")) == ["Dear Anna, it is on its way."]


async def test_leaving_a_template_sends_and_counts_nothing(desk: Place) -> None:
    window = await ask(desk, "/t greet")
    assert to_customer(await press(desk, window, "cancel", offered=window.offered)) == []
    assert set((await uses(desk)).values()) == {0}


@pytest.mark.row("W-18")
@pytest.mark.row("W-21")
async def test_a_note_from_a_template_is_stored_only_by_the_add_button(desk: Place) -> None:
    window = await ask(desk, "/t")
    await press(desk, window, "kind", offered=window.offered)
    await press(desk, window, "use")
    assert await desk.store.read(notes.page, desk.dialog.id) == []
    assert to_customer(await press(desk, window, "send")) == []
    history = await desk.store.read(
        lambda tx: tx.all("SELECT kind, text FROM history WHERE kind = 'note_created'")
    )
    assert [entry["text"] for entry in history] == ["Rang Anna"]


@pytest.mark.row("W-15")
async def test_the_conversation_is_sent_with_the_reply_as_a_file(desk: Place) -> None:
    await desk.line(".She is rude")
    await desk.heard()
    window = await ask(desk, "/t where")
    await press(desk, window, "history", offered=window.offered)
    said = await press(desk, window, "send")
    (file,) = [one for one in said if one.row["kind"] == "history_file"]
    call = await attach_file(desk.store, file.call)
    name, content = call.files["document"]
    assert name == f"dialog-{desk.dialog.id}.txt"
    assert "Support: We are looking." in content.decode()
    assert "rude" not in content.decode() and "Maria" not in content.decode()


async def test_a_newer_customer_message_asks_for_a_second_tap(desk: Place) -> None:
    window = await ask(desk, "/t greet")
    await wrote(desk.store, words("Found it!", 72))
    await desk.heard()
    assert to_customer(await press(desk, window, "send", offered=window.offered)) == []
    assert "written in the meantime" in desk.gateway.window
    assert len(to_customer(await press(desk, window, "anyway"))) == 1


async def test_a_restricted_manager_writes_a_draft_from_a_template(desk: Place) -> None:
    await desk.store.act(lambda tx: managers.insert(tx, telegram_id=RON, name="Ron", role="restricted"))
    await desk.says(f"/t #{desk.dialog.id} greet", RON)
    window = next(one for one in await desk.heard() if one.data_or_none("form"))
    await desk.presses(button(window.offered, "send"), RON, on=window.number)
    said = await desk.heard()
    assert to_customer(said) == []
    assert any(one.data_or_none("draft.ok") for one in said)


@pytest.mark.row("W-33")
async def test_the_library_is_kept_in_the_settings_with_files_too(store_url: str, clock: ManualClock) -> None:
    async with desk_at("private without topics", store_url, clock) as desk:
        await desk.says("/enter")
        await desk.heard()
        await desk.says("/settings")
        window = next(one for one in await desk.heard() if one.data_or_none("form"))
        here = next(data for data in window.offered if data.endswith("open:templates"))
        await desk.presses(here, on=window.number)
        await press(desk, window, "new")
        photo = {"file_id": "P1", "file_unique_id": "p1", "width": 1, "height": 1}
        await desk.writes(ADMIN, photo=[photo], caption="Our map, {customer.name}")
        assert "Our map" in desk.gateway.window
        (template,) = await desk.store.read(templates_page, after=0, limit=9)
        assert (template.kind, template.file["kind"], template.name) == (
            "reply", "photo", "Our map, {customer.name}",
        )  # fmt: skip
        await desk.presses(next(d for d in desk.gateway.offered if d.endswith("ask:name")), on=window.number)
        await desk.says("Map")
        await desk.heard()
        await desk.says(f"/t #{desk.dialog.id} map")
        shown = next(one for one in await desk.heard() if one.data_or_none("form"))
        said = await press(desk, shown, "send", offered=shown.offered)
        (sent,) = [one for one in said if one.call.params["chat_id"] == ANNA.telegram_id]
        assert (sent.call.params.get("photo"), sent.text) == ("P1", "Our map, Anna")
        await desk.presses(next(d for d in await reopened(desk) if d.endswith("delete!")))
        assert await desk.store.read(templates_page, after=0, limit=9) == []


async def reopened(desk: Place) -> list[str]:
    """Settings → Templates → the first one → Delete."""
    await desk.says("/settings")
    window = next(one for one in await desk.heard() if one.data_or_none("form"))
    await desk.presses(
        next(data for data in window.offered if data.endswith("open:templates")), on=window.number
    )
    await press(desk, window, "show")
    await desk.presses(next(d for d in desk.gateway.offered if d.endswith("ask:delete")), on=window.number)
    return desk.gateway.offered
