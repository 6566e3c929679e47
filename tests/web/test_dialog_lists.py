"""Lists of dialogs: filtered and sorted by the values they show."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.store.clock import ManualClock
from tests.web.conftest import Api, error_of


@pytest.fixture
async def three(api: Api, clock: ManualClock) -> list[Any]:
    """Two of Anna's, the first closed, and one of Boris's: each a minute after the one before."""
    await api.post("/lists/queues", {"name": "Second line"}, status=201)
    made = []
    for customer, title in ((api.anna, "One"), (api.anna, "Two"), (api.boris, "Three")):
        if title == "Two":
            await api.move(made[0], "close", send_rating_form=False)
        made.append(await api.open(title, customer_id=customer.id))
        clock.advance(60)
    return made


async def titles(api: Api, **narrowed: Any) -> list[str]:
    return [item["title"] for item in (await api.get("/dialogs", **narrowed))["items"]]


async def test_each_filter_narrows_by_its_own_field(api: Api, three: list[Any], clock: ManualClock) -> None:
    _, two, other = three
    await api.change(two, priority="high", queue="Second line")
    past = (clock.now() - timedelta(hours=1)).isoformat()
    await api.change(other, type="Refund", due_at=past)
    assert await titles(api, priority="high") == ["Two"]
    assert await titles(api, queue="Second line") == ["Two"]
    assert await titles(api, type="Refund") == ["Three"]
    assert await titles(api, overdue="true") == ["Three"]
    assert await titles(api, overdue="false", order="oldest") == ["One", "Two"]
    assert await titles(api, channel="email") == []
    assert await titles(api, channel="telegram", order="oldest") == ["One", "Two", "Three"]
    assert await titles(api, team="Nobody") == []
    assert await titles(api, state="active", type="Support") == ["Two"]


async def test_unassigned_dialogs_can_be_listed(api: Api, three: list[Any]) -> None:
    path = f"/dialogs/{three[2]['id']}/assign"
    await api.post(path, {"manager_telegram_id": api.maria.telegram_id, "assignee_telegram_id": None})
    assert await titles(api, assignee="none") == ["Three"]
    assert await titles(api, assignee=api.maria.telegram_id, order="oldest") == ["One", "Two"]


@pytest.mark.parametrize("order", ["newest", "oldest", "due", "changed"])
async def test_pages_of_each_order_join_without_a_gap(
    api: Api, three: list[Any], clock: ManualClock, order: str
) -> None:
    _, two, other = three
    await api.change(two, tags=[], due_at=(clock.now() + timedelta(days=2)).isoformat())
    await api.change(other, due_at=(clock.now() + timedelta(days=1)).isoformat())
    clock.advance(60)
    await api.change(two, title="Two!")
    expected = {
        "newest": ["Three", "Two!", "One"],
        "oldest": ["One", "Two!", "Three"],
        "due": ["Three", "Two!", "One"],
        "changed": ["Two!", "Three", "One"],
    }[order]
    assert await titles(api, order=order) == expected
    seen, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {"order": order}
        page = await api.get("/dialogs", limit=1, **more)
        seen += [item["title"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == expected


async def test_an_invalid_filter_is_refused_by_its_name(api: Api) -> None:
    for wrong, field in (
        ({"assignee": "me"}, "assignee"),
        ({"priority": "highest"}, "priority"),
        ({"order": "random"}, "order"),
        ({"overdue": "perhaps"}, "overdue"),
    ):
        refused = await api.call("GET", "/dialogs", params=wrong)
        assert error_of(refused, 400, "bad_input")["object"]["name"] == field
