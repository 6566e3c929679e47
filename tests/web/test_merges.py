"""Two dialogs of one customer are merged and unmerged, with nothing lost."""

from typing import Any

import pytest

from holdline.desk.people.leaving import finish_leaving
from holdline.store.clock import ManualClock
from holdline.store.invariants import find_violations
from holdline.store.people import managers
from tests.web.conftest import Api, error_of


async def say(api: Api, dialog: Any, text: str) -> None:
    body = {"manager_telegram_id": api.maria.telegram_id, "text": text}
    await api.post(f"/dialogs/{dialog['id']}/messages", body, status=201)


async def texts(api: Api, dialog: Any) -> list[str]:
    return [line["text"] for line in (await api.get(f"/dialogs/{dialog['id']}/transcript"))["items"]]


async def kinds(api: Api, dialog: Any) -> list[str]:
    return [entry["kind"] for entry in (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]]


async def two_dialogs(api: Api) -> tuple[Any, Any]:
    """The first one paused; each with words and a note of its own."""
    both = []
    for title in ("Lost parcel", "Where is it?"):
        dialog = await api.open(title)
        await say(api, dialog, f"About: {title}")
        note = {"manager_telegram_id": api.maria.telegram_id, "text": f"Note on {title}"}
        await api.post(f"/dialogs/{dialog['id']}/notes", note, status=201)
        both.append(dialog)
        if len(both) == 1:
            await api.move(dialog, "pause")
    return both[0], both[1]


@pytest.mark.row("C-01")
async def test_messages_move_at_a_merge_and_move_back(api: Api) -> None:
    first, second = await two_dialogs(api)
    on = await api.move(first, "merge", into=second["id"])
    assert (on["id"], on["state"], on["merged_into"]) == (second["id"], "active", None)
    merged = await api.get(f"/dialogs/{first['id']}")
    assert (merged["state"], merged["stage"], merged["close_reason"]) == ("closed", "Closed", "merged")
    assert merged["merged_into"] == second["id"]
    assert (await texts(api, first), await texts(api, second)) == (
        [],
        ["About: Lost parcel", "About: Where is it?"],
    )
    assert (await kinds(api, first))[-1] == "dialog_closed"
    assert (await kinds(api, second))[-1] == "dialog_merged"
    forms = await api.store.read(lambda tx: tx.all("SELECT id FROM outbox WHERE kind = 'rating_form'"))
    assert forms == []
    back = await api.move(first, "unmerge")
    assert back["id"] == second["id"]
    parted = await api.get(f"/dialogs/{first['id']}")
    assert (parted["state"], parted["stage"], parted["closed_at"]) == ("paused", "In handling", None)
    assert (parted["close_reason"], parted["merged_into"]) == (None, None)
    assert await texts(api, first) == ["About: Lost parcel"]
    assert await texts(api, second) == ["About: Where is it?"]
    assert (await kinds(api, first))[-1] == "dialog_unmerged"
    assert (await kinds(api, second))[-1] == "merge_undone"
    assert await api.store.read(find_violations) == []


async def test_notes_move_with_a_merge(api: Api) -> None:
    first, second = await two_dialogs(api)
    await api.move(first, "merge", into=second["id"])
    rows = await api.store.read(lambda tx: tx.all("SELECT dialog_id FROM notes ORDER BY id"))
    assert [row["dialog_id"] for row in rows] == [second["id"], second["id"]]
    await api.move(second, "unmerge")
    rows = await api.store.read(lambda tx: tx.all("SELECT dialog_id FROM notes ORDER BY id"))
    assert [row["dialog_id"] for row in rows] == [first["id"], second["id"]]


async def test_an_active_dialog_that_is_merged_opens_the_gate(api: Api) -> None:
    first, second = await two_dialogs(api)
    on = await api.move(second, "merge", into=first["id"])
    assert on["state"] == "paused"
    assert (await api.get(f"/customers/{api.anna.id}/gate"))["state"] == "open"
    await api.move(first, "resume")
    await api.move(second, "unmerge")
    assert (await api.get(f"/dialogs/{second['id']}"))["state"] == "paused"
    assert (await api.get(f"/dialogs/{first['id']}"))["state"] == "active"
    assert await api.store.read(find_violations) == []


async def test_nested_merges_are_undone_one_by_one(api: Api) -> None:
    first, second = await two_dialogs(api)
    await api.move(second, "pause")
    third = await api.open("Still nothing")
    await api.move(first, "merge", into=second["id"])
    await api.move(second, "merge", into=third["id"])
    assert await texts(api, third) == ["About: Lost parcel", "About: Where is it?"]
    await api.move(third, "unmerge")
    assert await texts(api, third) == []
    assert await texts(api, second) == ["About: Lost parcel", "About: Where is it?"]
    await api.move(first, "unmerge")
    assert await texts(api, first) == ["About: Lost parcel"]
    assert await texts(api, second) == ["About: Where is it?"]
    assert await api.store.read(find_violations) == []


@pytest.mark.row("C-01")
async def test_only_open_dialogs_of_one_customer_are_merged(api: Api) -> None:
    first, second = await two_dialogs(api)
    other = await api.open("Other", customer_id=api.boris.id)
    path, by = f"/dialogs/{first['id']}/merge", {"manager_telegram_id": api.maria.telegram_id}
    for wrong in (first["id"], other["id"]):
        answer = await api.call("POST", path, {**by, "into": wrong})
        assert error_of(answer, 400, "bad_input")["object"]["name"] == "into"
    error_of(await api.call("POST", path, {**by, "into": 999}), 404, "not_found")
    error_of(await api.call("POST", f"/dialogs/{first['id']}/unmerge", by), 409, "wrong_state")
    await api.move(second, "close")
    error_of(await api.call("POST", path, {**by, "into": second["id"]}), 409, "dialog_closed")
    answer = await api.call("POST", f"/dialogs/{second['id']}/merge", {**by, "into": first["id"]})
    error_of(answer, 409, "dialog_closed")
    error_of(await api.call("POST", f"/dialogs/{second['id']}/unmerge", by), 409, "wrong_state")


async def test_a_manager_who_may_not_close_may_not_merge(api: Api) -> None:
    first, second = await two_dialogs(api)
    by = {"manager_telegram_id": api.ivan.telegram_id}
    answer = await api.call("POST", f"/dialogs/{first['id']}/merge", {**by, "into": second["id"]})
    assert error_of(answer, 403, "not_allowed")["object"]["name"] == "dialog.close"
    await api.move(first, "merge", into=second["id"])
    error_of(await api.call("POST", f"/dialogs/{first['id']}/unmerge", by), 403, "not_allowed")


async def test_a_former_manager_does_not_return_to_an_unmerged_dialog(api: Api) -> None:
    first, second = await two_dialogs(api)
    body = {"manager_telegram_id": api.maria.telegram_id, "assignee_telegram_id": api.ivan.telegram_id}
    await api.post(f"/dialogs/{first['id']}/assign", body)
    await api.move(first, "merge", into=second["id"])
    await api.store.act(managers.update, api.ivan.id, active=False)
    await api.store.act(finish_leaving, manager_id=api.ivan.id)
    await api.move(first, "unmerge")
    parted = await api.get(f"/dialogs/{first['id']}")
    assert (parted["assignee"], [one["name"] for one in parted["participants"]]) == (None, ["Maria"])
    assert await api.store.read(find_violations) == []


async def test_three_merged_dialogs_get_their_own_messages_back_in_any_order(api: Api) -> None:
    three = []
    for title in ("First", "Second", "Third"):
        three.append(await api.open(title))
        await say(api, three[-1], f"About: {title}")
        await api.move(three[-1], "pause")
    await api.move(three[0], "merge", into=three[1]["id"])
    await api.move(three[1], "merge", into=three[2]["id"])
    on = await api.move(three[0], "unmerge")
    assert on["id"] == three[2]["id"], "the words had gone along with the second merge"
    await api.move(three[1], "unmerge")
    assert [await texts(api, dialog) for dialog in three] == [
        ["About: First"],
        ["About: Second"],
        ["About: Third"],
    ]
    assert await api.store.read(find_violations) == []


@pytest.mark.row("R-28", "R-29")
async def test_a_close_stores_the_outcome(api: Api) -> None:
    await api.post("/lists/root_causes", {"name": "Courier"}, status=201)
    dialog = await api.open()
    said = {"outcome": "failure", "reason": "Parcel is gone", "comment": "Refunded", "root_cause": "Courier"}
    closed = await api.move(dialog, "close", **said)
    assert (closed["outcome"], closed["stage"], closed["close_reason"]) == (
        "failure",
        "Closed",
        "Parcel is gone",
    )
    history = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    (entry,) = [one for one in history if one["kind"] == "dialog_closed"]
    assert {name: entry["data"][name] for name in said} == said
    other = await api.open("Other", follow_up_of=dialog["id"])
    assert other["follow_up_of"] == dialog["id"]
    answer = await api.call(
        "POST",
        f"/dialogs/{other['id']}/close",
        {"manager_telegram_id": api.maria.telegram_id, "outcome": "draw"},
    )
    error_of(answer, 400, "bad_input")


async def test_the_remaining_dialog_changes_by_a_merge_and_by_undoing_it(
    api: Api, clock: ManualClock
) -> None:
    first, second = await two_dialogs(api)
    moments = [(await api.get(f"/dialogs/{second['id']}"))["changed_at"]]
    for step, more in (("merge", {"into": second["id"]}), ("unmerge", {})):
        clock.advance(60)
        moments.append((await api.move(first, step, **more))["changed_at"])
    assert moments[0] < moments[1] < moments[2]
