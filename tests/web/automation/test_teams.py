"""Teams and the routing of their dialogs, as an outside program drives them."""

from typing import Any

import pytest

from holdline.desk.customers.customers import get_or_create_customer
from holdline.desk.teams.routing import PREFER_LAST_HANDLER
from holdline.dialogs.customer import MessageSender
from holdline.store.screens import settings
from tests.web.conftest import Api, error_of


async def add_team(api: Api, name: str = "Refunds", **more: Any) -> Any:
    body = {"name": name, "members": [api.maria.telegram_id, api.ivan.telegram_id], **more}
    return await api.post("/teams", body, status=201)


async def ready(api: Api, *people: Any, ready: bool = True) -> None:
    for person in people:
        answer = await api.call("PATCH", f"/managers/{person.id}", {"ready": ready})
        assert answer.json()["ready"] is ready


async def open_for(api: Api, number: int) -> Any:
    sender = MessageSender(telegram_id=520000000 + number, name=f"Customer {number}")
    customer = await api.store.act(get_or_create_customer, sender=sender)
    return await api.open(f"Case {number}", customer_id=customer.id)


async def give(api: Api, dialog: Any, team: str | None = "Refunds") -> Any:
    return await api.move(dialog, "assign", team=team)


async def assignee(api: Api, dialog: Any) -> str | None:
    now = await api.get(f"/dialogs/{dialog['id']}")
    return now["assignee"] and now["assignee"]["name"]


async def test_teams_are_made_changed_and_deleted(api: Api) -> None:
    team = await add_team(api, routing="least_loaded", capacity=2)
    assert team == {
        "id": team["id"],
        "name": "Refunds",
        "members": [api.maria.telegram_id, api.ivan.telegram_id],
        "routing": "least_loaded",
        "capacity": 2,
    }
    path = f"/teams/{team['id']}"
    changed = await api.call("PATCH", path, {"members": [api.ivan.telegram_id], "capacity": None})
    assert (changed.json()["members"], changed.json()["capacity"]) == ([api.ivan.telegram_id], None)
    assert (await api.get("/teams"))["items"] == [changed.json()]
    assert (await api.call("DELETE", path)).status_code == 200
    assert (await api.get("/teams"))["items"] == []
    error_of(await api.call("PATCH", path, {"name": "X"}), 404, "not_found")


async def test_a_bad_team_is_refused_and_nothing_is_kept(api: Api) -> None:
    await add_team(api)
    for wrong, name in (
        ({"name": "refunds"}, "name"),
        ({"capacity": 0}, "capacity"),
        ({"routing": "x"}, "routing"),
    ):
        refused = error_of(await api.call("POST", "/teams", {"name": "New", **wrong}), 400, "bad_input")
        assert refused["object"]["name"] == name
    error_of(await api.call("POST", "/teams", {"name": "New", "members": [1]}), 404, "not_found")
    assert len((await api.get("/teams"))["items"]) == 1
    error_of(await api.as_("desk").call("POST", "/teams", {"name": "New"}), 403, "not_allowed")


@pytest.mark.row("S-11")
@pytest.mark.row("S-13")
async def test_a_dialog_goes_to_a_person_or_to_a_team_and_can_be_withdrawn(api: Api) -> None:
    await add_team(api)
    dialog = await open_for(api, 1)
    await api.move(dialog, "assign", assignee_telegram_id=api.ivan.telegram_id)
    given = await give(api, dialog, "refunds")
    assert (given["team"], given["assignee"]) == ("Refunds", None)
    await give(api, dialog)
    to_person, to_team = await api.entries(dialog, "dialog_assigned")
    assert (to_person["data"]["from"], to_person["data"]["to"]) == (
        api.maria.telegram_id,
        api.ivan.telegram_id,
    )
    assert (to_team["data"]["from"], to_team["data"]["to_team"]) == (api.ivan.telegram_id, "Refunds")
    assert to_team["actor"]["name"] == "Maria"
    assert (await give(api, dialog, None))["team"] is None
    (withdrawn,) = await api.entries(dialog, "assignment_withdrawn")
    assert (withdrawn["data"]["from_team"], withdrawn["data"]["to_team"]) == ("Refunds", None)
    path = f"/dialogs/{dialog['id']}/assign"
    by = {"manager_telegram_id": api.maria.telegram_id}
    error_of(await api.call("POST", path, {**by, "team": "Nobody"}), 400, "bad_input")
    error_of(await api.call("POST", path, by), 400, "bad_input")
    error_of(
        await api.call("POST", path, {"manager_telegram_id": api.ivan.telegram_id, "team": "Refunds"}),
        403,
        "not_allowed",
    )


async def test_round_robin_goes_in_turns_among_those_who_are_ready(api: Api) -> None:
    await add_team(
        api, routing="round_robin", members=[each.telegram_id for each in (api.maria, api.ivan, api.rita)]
    )
    await ready(api, api.maria, api.ivan)
    given = [(await give(api, await open_for(api, n)))["assignee"]["name"] for n in range(1, 5)]
    assert given == ["Maria", "Ivan", "Maria", "Ivan"]
    await ready(api, api.rita)
    await ready(api, api.maria, ready=False)
    given = [(await give(api, await open_for(api, n)))["assignee"]["name"] for n in range(5, 8)]
    assert given == ["Rita", "Ivan", "Rita"]


@pytest.mark.row("C-14")
@pytest.mark.row("R-40")
async def test_the_least_loaded_member_gets_the_dialog_from_the_system(api: Api) -> None:
    await add_team(api, routing="least_loaded")
    await ready(api, api.maria, api.ivan)
    await open_for(api, 1)
    dialog = await open_for(api, 2)
    assert (await give(api, dialog))["assignee"]["name"] == "Ivan"
    _, routed = await api.entries(dialog, "dialog_assigned")
    assert (routed["actor"]["kind"], routed["actor"]["name"]) == ("system", "system")
    assert (routed["data"]["from"], routed["data"]["to"]) == (None, api.ivan.telegram_id)


@pytest.mark.row("C-13")
@pytest.mark.parametrize("step", ["close", "pause", "assign", "withdraw", "ready", "capacity"])
async def test_a_member_who_becomes_free_gets_the_longest_waiting_dialog(api: Api, step: str) -> None:
    """A queue that nobody wakes, or in which newer ones overtake."""
    team = await add_team(api, routing="least_loaded", capacity=1, members=[api.ivan.telegram_id])
    await ready(api, api.ivan)
    first, second, third = [await open_for(api, n) for n in range(1, 4)]
    for dialog in (first, second, third):
        await give(api, dialog)
    assert [await assignee(api, each) for each in (first, second, third)] == ["Ivan", None, None]
    if step == "assign":
        await api.move(first, "assign", assignee_telegram_id=api.maria.telegram_id)
    elif step == "withdraw":
        answer = await api.move(first, "assign", assignee_telegram_id=None)
        assert answer["assignee"] is None
    elif step == "ready":
        await ready(api, api.ivan, ready=False)
        await api.move(first, "close")
        assert await assignee(api, second) is None
        await ready(api, api.ivan)
    elif step == "capacity":
        await api.call("PATCH", f"/teams/{team['id']}", {"capacity": 2})
    else:
        await api.move(first, step)
    assert [await assignee(api, each) for each in (second, third)] == ["Ivan", None]


async def test_a_manager_who_leaves_the_desk_leaves_their_teams_and_others_get_their_dialogs(
    api: Api,
) -> None:
    await add_team(api, routing="round_robin")
    await ready(api, api.ivan)
    dialog = await open_for(api, 1)
    await give(api, dialog)
    await ready(api, api.maria)
    assert await assignee(api, dialog) == "Ivan"
    await api.call("PATCH", f"/managers/{api.ivan.id}", {"active": False})
    assert (await api.get("/teams"))["items"][0]["members"] == [api.maria.telegram_id]
    assert await assignee(api, dialog) == "Maria"


async def test_a_dialog_taken_by_hand_is_not_routed(api: Api) -> None:
    await add_team(api, routing="round_robin")
    dialog = await open_for(api, 1)
    await give(api, dialog)
    await api.move(dialog, "assign", assignee_telegram_id=api.rita.telegram_id)
    await ready(api, api.ivan)
    assert await assignee(api, dialog) == "Rita"
    await api.move(dialog, "assign", assignee_telegram_id=None)
    await ready(api, api.maria)
    assert await assignee(api, dialog) is None


@pytest.mark.row("C-12")
async def test_the_last_handler_is_preferred_if_the_team_is_set_so(api: Api) -> None:
    """Not where they are away."""
    await add_team(api, routing="round_robin")
    earlier = await open_for(api, 1)
    await api.move(earlier, "assign", assignee_telegram_id=api.ivan.telegram_id)
    await api.post(f"/dialogs/{earlier['id']}/close", {"manager_telegram_id": api.maria.telegram_id})
    await api.store.act(settings.put, PREFER_LAST_HANDLER, True)
    await ready(api, api.maria, api.ivan)
    for expected in ("Maria", "Maria"):
        dialog = await open_for(api, 1)
        assert (await give(api, dialog))["assignee"]["name"] == expected
        await ready(api, api.ivan, ready=False)
        await api.move(dialog, "close")
