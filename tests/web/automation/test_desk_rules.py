"""Rules of the desk, as an outside program makes them; what they do, and that they never loop."""

from typing import Any

import pytest

from holdline.desk.automation.rules import move_rule
from holdline.desk.automation.triggers import act_on_silence
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.message import Content
from holdline.scheduler.due import handle_due_dates
from holdline.scheduler.sender import Sender
from holdline.scheduler.timers import chores_of
from holdline.store.people import admin_log
from tests.scheduler.conftest import plain_render
from tests.scheduler.wire import FakeWire
from tests.web.conftest import ANNA, BORIS, Api, error_of


async def add_rule(api: Api, on: str, *then: Any, name: str = "Refunds", **conditions: Any) -> Any:
    return await api.post(
        "/rules", {"name": name, "on": on, "if": conditions, "then": list(then)}, status=201
    )


async def write(api: Api, text: str, number: int = 1) -> None:
    content = Content(kind="text", text=text, chat_id=ANNA.telegram_id, tg_message_id=number)
    await api.store.act(receive_customer_message, sender=ANNA, content=content)


async def reply(api: Api, path: str) -> None:
    body = {"manager_telegram_id": api.maria.telegram_id, "text": "Here we are"}
    await api.post(f"{path}/messages", body, status=201)


async def dialogs_of(api: Api) -> list[Any]:
    return list((await api.get(f"/customers/{api.anna.id}/dialogs"))["items"])


async def tag(api: Api, *names: str) -> None:
    for name in names:
        await api.post("/lists/tags", {"name": name}, status=201)


async def test_rules_are_made_changed_and_deleted(api: Api) -> None:
    rule = await add_rule(api, "message", {"priority": "high"}, text_contains=["refund"], type="Support")
    assert rule == {
        "id": rule["id"],
        "name": "Refunds",
        "on": "message",
        "if": {"text_contains": ["refund"], "type": "Support"},
        "then": [{"priority": "high"}],
        "active": True,
        "position": 1,
        "runs": 0,
        "last_run_at": None,
    }
    path = f"/rules/{rule['id']}"
    changed = (await api.call("PATCH", path, {"active": False, "if": {}, "on": "first_message"})).json()
    assert (changed["active"], changed["if"], changed["on"]) == (False, {}, "first_message")
    assert (await api.get("/rules"))["items"] == [changed]
    assert (await api.call("DELETE", path)).status_code == 200
    assert (await api.get("/rules"))["items"] == []
    error_of(await api.call("DELETE", path), 404, "not_found")


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"on": "full_moon"}, "on"),
        ({"if": {"type": "No such"}}, "if.type"),
        ({"if": {"weather": "rain"}}, "if.weather"),
        ({"if": {"after": "soon"}}, "if.after"),
        ({"if": {"after": "9999999d"}}, "if.after"),
        ({"then": []}, "then"),
        ({"then": [{"priority": "high", "stage": "New"}]}, "then[0]"),
        ({"then": [{"priority": "high"}, {"team": "Nobody"}]}, "then[1].team"),
        ({"then": [{"assign": 1}]}, "then[0].assign"),
        ({"then": [{"dance": True}]}, "then.0.dance"),
        ({"name": "refunds"}, "name"),
    ],
)
async def test_a_bad_rule_is_refused_by_its_path(api: Api, wrong: dict[str, Any], name: str) -> None:
    await add_rule(api, "message", {"priority": "high"})
    body = {"name": "New", "on": "message", "if": {}, "then": [{"priority": "low"}], **wrong}
    assert error_of(await api.call("POST", "/rules", body), 400, "bad_input")["object"]["name"] == name
    assert len((await api.get("/rules"))["items"]) == 1


async def test_a_rule_opens_a_dialog_for_the_first_message_under_its_name(api: Api) -> None:
    await tag(api, "money")
    steps = [{"open_dialog": {"type": "Refund"}}, {"add_tags": ["money"]}, {"priority": "high"}]
    await add_rule(api, "first_message", *steps, text_contains=["refund", "money back"])
    await write(api, "Hello")
    assert await dialogs_of(api) == []
    await write(api, "My MONEY BACK please", 2)
    assert await dialogs_of(api) == []  # not the first
    await reply(api, f"/customers/{api.anna.id}")
    await write(api, "My MONEY BACK please", 3)
    (dialog,) = await dialogs_of(api)
    assert (dialog["type"], dialog["title"], dialog["assignee"]) == ("Refund", "My MONEY BACK please", None)
    assert (dialog["tags"], dialog["priority"]) == (["money"], "high")
    made = await api.entries(dialog, "dialog_opened") + await api.entries(dialog, "dialog_changed")
    assert [entry["actor"] for entry in made] == [{"kind": "rule", "name": "Refunds"}] * 3
    assert (await api.get(f"/customers/{api.anna.id}/gate"))["state"] == "held"


@pytest.mark.row("C-24")
async def test_rules_never_loop(api: Api) -> None:
    """Two that undo each other, on each other's changes."""
    await add_rule(api, "dialog_changed", {"priority": "low"}, name="Down", priority="high")
    await add_rule(api, "dialog_changed", {"priority": "high"}, name="Up", priority="low")
    dialog = await api.open()
    changed = await api.change(dialog, priority="high")
    assert changed["priority"] == "high"  # both acted once, one after the other
    who = [entry["actor"]["name"] for entry in await api.entries(dialog, "dialog_changed")]
    assert who == ["Maria", "Down", "Up"]


async def test_opening_and_closing_by_rules_triggers_each_rule_once(api: Api) -> None:
    await add_rule(api, "message", {"open_dialog": {"title": "Again"}}, name="Open")
    await add_rule(api, "dialog_opened", {"close": {"reason": "robots"}}, name="Close")
    await add_rule(api, "dialog_closed", {"open_dialog": {"title": "And again"}}, name="Reopen")
    await write(api, "Hello")
    found = await dialogs_of(api)
    assert [(dialog["title"], dialog["state"]) for dialog in found] == [
        ("And again", "active"),
        ("Again", "closed"),
    ]


async def test_a_rule_gives_a_new_dialog_to_a_team_and_routes_it_in_its_own_name(api: Api) -> None:
    team = {"name": "Money", "members": [api.ivan.telegram_id], "routing": "round_robin"}
    await api.post("/teams", team, status=201)
    await api.call("PATCH", f"/managers/{api.ivan.id}", {"ready": True})
    await add_rule(api, "dialog_opened", {"team": "Money"}, {"notify": [api.rita.telegram_id]}, type="Refund")
    other = await api.open(type="Support")
    assert other["team"] is None
    await api.move(other, "pause")
    dialog = await api.open(type="Refund")
    now = await api.get(f"/dialogs/{dialog['id']}")
    assert (now["team"], now["assignee"]["name"]) == ("Money", "Ivan")
    assert {entry["actor"]["name"] for entry in await api.entries(dialog, "dialog_assigned")} == {"Refunds"}


async def test_an_answer_by_a_rule_does_not_count_as_a_managers_answer(api: Api) -> None:
    await add_rule(api, "message", {"answer": "We have your words."}, text_contains=["hello"])
    await write(api, "Hello?")
    said = (await api.get(f"/customers/{api.anna.id}/messages"))["items"]
    assert [(line["author"]["kind"], line["author"]["name"], line["text"]) for line in said][-1] == (
        "rule",
        "Refunds",
        "We have your words.",
    )
    assert [item["state"] for item in (await api.get("/inbox"))["items"]] == ["new"]
    await write(api, "More", 2)
    assert len((await api.get(f"/customers/{api.anna.id}/messages"))["items"]) == 3


async def test_a_rule_at_the_close_checks_the_whole_dialog(api: Api) -> None:
    await tag(api, "courier")
    await add_rule(api, "dialog_closed", {"add_tags": ["courier"]}, text_contains=["courier"])
    dialog = await api.open()
    await write(api, "Your COURIER was rude")
    await write(api, "Anyway, thanks", 2)
    await api.move(dialog, "close")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["tags"] == ["courier"]


async def test_silence_is_noticed_once_and_an_answer_ends_it(api: Api) -> None:
    await add_rule(api, "no_reply", {"priority": "urgent"}, after="10m")
    dialog = await api.open()
    await write(api, "Hello?")
    assert await api.store.act(act_on_silence) == 0
    api.store.clock.advance(540)
    await write(api, "Anybody?", 2)
    api.store.clock.advance(60)
    assert await api.store.act(act_on_silence) == 1
    assert await api.store.act(act_on_silence) == 0
    assert (await api.get(f"/dialogs/{dialog['id']}"))["priority"] == "urgent"
    await api.change(dialog, priority="normal")
    await write(api, "Still here", 3)
    await reply(api, f"/dialogs/{dialog['id']}")
    api.store.clock.advance(3600)
    assert await api.store.act(act_on_silence) == 0


async def test_one_tick_notices_every_customer_whose_silence_has_lasted(api: Api) -> None:
    await add_rule(api, "no_reply", {"open_dialog": {}}, after="10m")
    for sender in (ANNA, BORIS):
        content = Content(kind="text", text="Hello?", chat_id=sender.telegram_id, tg_message_id=1)
        await api.store.act(receive_customer_message, sender=sender, content=content)
    api.store.clock.advance(600)
    sender = Sender(api.store, render=plain_render, gateway=FakeWire(), clock=api.store.clock.monotonic)
    (chore,) = (chore for chore in chores_of(api.store, sender) if chore.name == "rules")
    assert await chore.do() == 2
    assert len((await api.get("/dialogs"))["items"]) == 2


async def test_a_failed_step_of_a_rule_does_not_lose_the_message(api: Api) -> None:
    await tag(api, "gone")
    await add_rule(
        api, "message", {"add_tags": ["gone"]}, {"assign": api.ivan.telegram_id}, {"priority": "high"}
    )
    (value,) = (await api.get("/lists/tags"))["items"]
    await api.call("DELETE", f"/lists/tags/{value['id']}")
    await api.call("PATCH", f"/managers/{api.ivan.id}", {"active": False})
    dialog = await api.open()
    await write(api, "Hello")
    now = await api.get(f"/dialogs/{dialog['id']}")
    assert (now["priority"], now["tags"], now["assignee"]["name"]) == ("high", [], "Maria")


async def test_a_dry_run_names_the_events_and_does_nothing(api: Api) -> None:
    for number, text in enumerate(("refund!", "hello", "REFUND?"), start=1):
        await write(api, text, number)
    body = {"on": "message", "if": {"text_contains": ["refund"]}, "then": [{"open_dialog": {}}]}
    tried = await api.post("/rules/try", body)
    assert (tried["events"], [item["text"] for item in tried["items"]]) == (3, ["REFUND?", "refund!"])
    assert await dialogs_of(api) == []
    assert (await api.get("/rules"))["items"] == []


async def test_a_rule_that_is_off_does_nothing(api: Api) -> None:
    rule = await add_rule(api, "message", {"open_dialog": {}})
    await api.call("PATCH", f"/rules/{rule['id']}", {"active": False})
    await write(api, "Hello")
    assert await dialogs_of(api) == []


async def test_an_overdue_dialog_triggers_a_rule(api: Api) -> None:
    await add_rule(api, "overdue", {"priority": "urgent"}, {"postpone": {"hours": 2}})
    dialog = await api.open()
    await api.change(dialog, due_at="2026-01-01T01:00:00Z")
    api.store.clock.advance(2 * 3600)
    await handle_due_dates(api.store)
    now = await api.get(f"/dialogs/{dialog['id']}")
    assert (now["priority"], now["due_at"], now["overdue"]) == ("urgent", "2026-01-01T04:00:00Z", False)


async def test_rules_act_in_the_order_of_their_positions_and_count_their_runs(api: Api) -> None:
    first = await add_rule(api, "message", {"priority": "low"}, name="First")
    second = await add_rule(api, "message", {"priority": "high"}, name="Second")
    assert (first["position"], second["position"]) == (1, 2)
    dialog = await api.open()
    await write(api, "Hello")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["priority"] == "high"
    moved = await api.call("PATCH", f"/rules/{second['id']}", {"position": 1})
    assert (moved.json()["position"], moved.json()["runs"]) == (1, 1)
    await api.call("PATCH", f"/rules/{first['id']}", {"position": 5})
    await write(api, "Again", 2)
    assert (await api.get(f"/dialogs/{dialog['id']}"))["priority"] == "low"
    counted = {rule["name"]: (rule["position"], rule["runs"]) for rule in (await api.get("/rules"))["items"]}
    assert counted == {"First": (5, 2), "Second": (1, 2)}
    wrong = await api.call("PATCH", f"/rules/{first['id']}", {"position": 0})
    error_of(wrong, 400, "bad_input")


async def test_a_moved_rule_is_logged_with_its_positions(api: Api) -> None:
    rules = [await add_rule(api, "message", {"priority": "low"}, name=name) for name in ("First", "Second")]
    for rule, position in zip(rules, (5, 9), strict=True):
        await api.call("PATCH", f"/rules/{rule['id']}", {"position": position})
    await api.store.act(move_rule, manager=None, rule_id=rules[1]["id"], up=True)
    places = {rule["name"]: rule["position"] for rule in (await api.get("/rules"))["items"]}
    assert places == {"Second": 1, "First": 2}
    (line, *_) = await api.store.read(admin_log.page)
    assert (line["change"], line["before_json"], line["after_json"]) == ("rule_moved", 2, 1)


async def test_a_dry_run_of_silence_counts_the_silences_that_lasted(api: Api) -> None:
    """Not every word: what was answered in time is none, and further words make no second one."""
    await write(api, "Answered at once")
    await reply(api, f"/customers/{api.anna.id}")
    api.store.clock.advance(3600)
    await write(api, "Nobody answers", 2)
    api.store.clock.advance(300)
    await write(api, "Still nobody", 3)
    api.store.clock.advance(600)
    await write(api, "Another silence", 4)
    body = {"on": "no_reply", "if": {"after": "10m"}}
    tried = await api.post("/rules/try", body)
    assert (tried["events"], [item["text"] for item in tried["items"]]) == (4, ["Nobody answers"])
    api.store.clock.advance(600)
    tried = await api.post("/rules/try", body)
    assert [item["text"] for item in tried["items"]] == ["Another silence", "Nobody answers"]
