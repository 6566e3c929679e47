"""A request to close: managers who may close see its values, and what their form shows is recorded."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, IVAN, manager, named

ZOE = 400000079


def _agent(tx: Tx) -> None:
    ivan = managers.by_telegram_id(tx, IVAN)
    assert ivan is not None
    managers.update(tx, ivan.id, role="agent")


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    """Ivan, an agent, handles Anna's dialog; Maria may close it."""
    async with desk_at(request.param, store_url, clock) as desk:
        await desk.store.act(_agent)
        await desk.store.act(
            lambda tx: assign_dialog(
                tx, manager=manager(tx), dialog_id=desk.dialog.id, assignee_telegram_id=IVAN
            )
        )
        await desk.heard()
        yield desk


async def request(desk: Place, **asked: Any) -> list[Said]:
    """What Maria is told of Ivan's request."""

    def asks(tx: Tx) -> None:
        ivan = managers.by_telegram_id(tx, IVAN)
        assert ivan is not None
        close_dialog(tx, manager=ivan, dialog_id=desk.dialog.id, closing=Closing(**asked))

    await desk.store.act(asks)
    return [one for one in await desk.heard() if one.call.params["chat_id"] == ADMIN]


async def form(desk: Place, notice: Said) -> Said:
    """What Maria's tap on the request opens."""
    return next(one for one in await desk.press(notice, "dlg.close") if one.data("form"))


async def closed(desk: Place) -> tuple[int | None, dict[str, Any]]:
    """The score of the dialog, and what history says about the close."""
    dialog = await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))
    rows = await desk.store.read(
        lambda tx: tx.all("SELECT data_json FROM history WHERE kind = 'dialog_closed'")
    )
    assert dialog.state == "closed"
    assert await desk.store.read(invariants.find_violations) == []
    return dialog.customer_score, rows[0]["data_json"]


def captions(said: Said) -> list[str]:
    return [b["text"] for row in said.call.params["reply_markup"]["inline_keyboard"] for b in row]


async def test_the_request_shows_what_it_asks_for(desk: Place) -> None:
    (notice,) = await request(desk, customer_score=2, reason="Refund /paid", comment="A kind person")
    for shown in ("Ivan asks to close", "⭐⭐", "Refund", "A kind person"):
        assert shown in notice.text


async def test_the_requested_score_is_preselected_and_keeps_its_author(desk: Place) -> None:
    (notice,) = await request(desk, customer_score=3, reason="Refund done")
    opened = await form(desk, notice)
    assert "Ivan" in opened.text and "Refund done" in opened.text
    assert "✔ ⭐⭐⭐" in captions(opened)
    await desk.press(opened, opened.data(f"{opened.offered[0].rsplit(':', 2)[0]}:close"))
    score, told = await closed(desk)
    assert (score, told["reason"]) == (3, "Refund done")
    assert told["customer_score_by"] == {"telegram_id": IVAN, "name": "Ivan"}


async def test_a_score_left_out_in_the_form_is_not_recorded(desk: Place) -> None:
    (notice,) = await request(desk, customer_score=1)
    opened = await form(desk, notice)
    skip = next(data for data in opened.offered if data.endswith(":score:0"))
    await desk.press(opened, skip)
    await desk.press(opened, skip.replace("score:0", "close"))
    score, told = await closed(desk)
    assert (score, told["customer_score"], told["customer_score_by"]) == (None, None, None)


async def test_a_closers_own_score_is_recorded_as_theirs(desk: Place) -> None:
    (notice,) = await request(desk, customer_score=1)
    opened = await form(desk, notice)
    mine = next(data for data in opened.offered if data.endswith(":score:3"))
    await desk.press(opened, mine)
    await desk.press(opened, mine.replace("score:3", "close"))
    score, told = await closed(desk)
    assert (score, told["customer_score_by"]["telegram_id"]) == (3, ADMIN)


async def test_a_manager_who_did_not_handle_the_dialog_may_keep_but_not_change_the_score(
    desk: Place,
) -> None:
    await desk.store.act(lambda tx: named(tx, ZOE, "Zoe"))
    await request(desk, customer_score=3)
    await desk.says(f"/close #{desk.dialog.id}", ZOE)
    opened = next(one for one in await desk.heard("text") if one.call.params["chat_id"] == ZOE)
    scores = [data for data in opened.offered if ":score:" in data]
    assert [data[-1] for data in scores] == ["3", "0"]
    assert captions(opened)[:2] == ["✔ 3 · Ivan", "skip"]
    await desk.presses(scores[0].replace("score:3", "score:1"), ZOE, on=opened.number)
    assert "score" in desk.gateway.toast
    await desk.presses(scores[0].replace("score:3", "close"), ZOE, on=opened.number)
    score, told = await closed(desk)
    assert (score, told["customer_score_by"]["name"]) == (3, "Ivan")


async def test_a_typed_close_names_whose_score_it_recorded(desk: Place) -> None:
    await request(desk, customer_score=2)
    await desk.line("/close form")
    answer = next(one for one in await desk.heard("text") if "is closed" in one.text)
    assert "⭐⭐" in answer.text and "Ivan" in answer.text
    assert (await closed(desk))[0] == 2


async def test_a_request_made_again_changes_the_message_of_the_first(desk: Place) -> None:
    (notice,) = await request(desk, customer_score=1)
    (again,) = await request(desk, customer_score=3, comment="calmer now")
    assert again.call.method == "editMessageText"
    assert again.call.params["message_id"] == notice.number
    assert "⭐⭐⭐" in again.text and "calmer now" in again.text
    assert again.data("dlg.close")


async def test_stars_of_somebody_taken_out_of_the_dialog_do_not_count(desk: Place) -> None:
    """Ivan's form is still open when Maria takes the dialog and takes him out of it."""
    await desk.store.act(lambda tx: managers.update(tx, _id(tx, IVAN), role="manager"))
    await desk.says(f"/close #{desk.dialog.id}", IVAN)
    opened = next(one for one in await desk.heard("text") if one.call.params["chat_id"] == IVAN)
    star = next(data for data in opened.offered if data.endswith(":score:1"))
    await desk.presses(star, IVAN, on=opened.number)

    def taken_out(tx: Tx) -> None:
        maria = manager(tx)
        assign_dialog(tx, manager=maria, dialog_id=desk.dialog.id, assignee_telegram_id=ADMIN)
        change_dialog(tx, manager=maria, dialog_id=desk.dialog.id, changes={"participants": [ADMIN]})

    await desk.store.act(taken_out)
    await desk.presses(star.replace("score:1", "close"), IVAN, on=opened.number)
    assert (await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))).state == "active"
    assert "your stars do not count" in desk.gateway.window
    await desk.presses(star, IVAN, on=opened.number)
    assert "score" in desk.gateway.toast
    await desk.presses(star.replace("score:1", "close"), IVAN, on=opened.number)
    assert (await closed(desk))[0] is None


def _id(tx: Tx, telegram_id: int) -> int:
    person = managers.by_telegram_id(tx, telegram_id)
    assert person is not None
    return person.id


@pytest.mark.parametrize(
    ("command", "offered"),
    [("/pause", ["dlg.resume", "dlg.take"]), ("/resume", ["dlg.take"]), ("/close 3", ["dlg.new"])],
)
async def test_the_assignee_is_notified_of_who_changed_the_state_and_can_act(
    desk: Place, command: str, offered: list[str]
) -> None:
    if command == "/resume":
        await desk.says(f"/pause {desk.dialog.id}", IVAN)
        await desk.heard()
    await desk.store.act(
        lambda tx: assign_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id, assignee_telegram_id=IVAN)
    )
    await desk.heard()
    typed = command if command == "/close 3" else f"{command} #{desk.dialog.id}"
    await desk.line(typed)
    told = [
        one for one in await desk.heard() if one.call.params["chat_id"] == IVAN and "Maria has" in one.text
    ]
    assert len(told) == 1, [one.text for one in told]
    verbs = [data.split(":")[0] for data in told[0].offered if not data.startswith(("dlg.go", "http"))]
    assert verbs == offered
    assert "no longer yours" not in told[0].text
    for verb in offered:
        await desk.press(told[0], verb, IVAN)
        assert "wrong" not in desk.gateway.toast and "closed for good" not in desk.gateway.toast


def edits(said: list[Said], number: int) -> list[Said]:
    return [one for one in said if one.call.params.get("message_id") == number and one.text]


@pytest.mark.parametrize("command", ["/pause", "/close 3"])
async def test_requests_and_forms_of_others_lose_their_buttons_when_the_dialog_moves(
    desk: Place, command: str
) -> None:
    await desk.store.act(lambda tx: named(tx, ZOE, "Zoe"))
    (notice,) = await request(desk, customer_score=2)
    await desk.says(f"/close #{desk.dialog.id}", ZOE)
    opened = next(one for one in await desk.heard("text") if one.call.params["chat_id"] == ZOE)
    assert "Anna" in opened.text, "a form says whose dialog it would close"
    await desk.line(command)
    said = await desk.heard()
    for number, chat in ((notice.number, ADMIN), (opened.number, ZOE)):
        (drawn,) = [one for one in edits(said, number) if one.call.params["chat_id"] == chat]
        assert drawn.offered == []
        assert "Maria has paused" in drawn.text or "Maria has closed" in drawn.text
    before = await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))
    await desk.press(opened, next(d for d in opened.offered if d.endswith(":close")), ZOE)
    assert "Maria has" in desk.gateway.window and desk.gateway.offered == []
    assert await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id)) == before
    assert await desk.store.read(invariants.find_violations) == []


async def test_a_managers_own_pause_keeps_their_form(desk: Place) -> None:
    await desk.line("/close")
    opened = next(one for one in await desk.heard("text") if "Close #" in one.text)
    await desk.line("/pause")
    assert edits(await desk.heard(), opened.number) == []
    await desk.press(opened, next(d for d in opened.offered if d.endswith(":close")))
    assert (await closed(desk))[0] is None


async def test_a_close_ends_the_closers_other_forms(desk: Place) -> None:
    forms = []
    for _ in range(2):
        await desk.line("/close")
        forms.append(next(one for one in await desk.heard("text") if "Close #" in one.text))
    await desk.press(forms[1], next(d for d in forms[1].offered if d.endswith(":close")))
    await desk.press(forms[0], next(d for d in forms[0].offered if d.endswith(":close")))
    assert "Maria has closed" in desk.gateway.toast
