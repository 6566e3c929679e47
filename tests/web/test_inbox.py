"""The Inbox, as an outside program works through it."""

from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from tests.web.conftest import Api, error_of


async def write(api: Api, text: str, *, who: str = "anna") -> None:
    customer = getattr(api, who)
    sender = MessageSender(telegram_id=customer.telegram_id, name=customer.name)
    await api.store.act(receive_customer_message, sender=sender, content=Content(text=text))


async def items(api: Api, **narrowed: Any) -> Any:
    return (await api.get("/inbox", **narrowed))["items"]


def by(api: Api, **more: Any) -> dict[str, Any]:
    return {"manager_telegram_id": api.maria.telegram_id, **more}


async def test_a_series_of_messages_is_one_item_and_items_are_oldest_first(api: Api) -> None:
    await write(api, "Where is my parcel?")
    await write(api, "Good evening", who="boris")
    await write(api, "Hello?")
    first, second = await items(api, state="new")
    assert (first["name"], first["messages"], first["text"]) == (api.anna.name, 2, "Where is my parcel?")
    assert (first["customer_id"], first["channel"], first["assignee"], first["team"]) == (
        api.anna.id,
        "telegram",
        None,
        None,
    )
    assert second["customer_id"] == api.boris.id
    assert first["first_at"] <= first["last_at"]
    page = await api.get("/inbox", limit=1)
    assert [item["id"] for item in page["items"]] == [first["id"]]
    assert (await api.get("/inbox", limit=1, cursor=page["next"]))["items"][0]["id"] == second["id"]


async def test_an_assigned_item_still_waits(api: Api) -> None:
    await write(api, "Hello")
    (item,) = await items(api)
    path = f"/inbox/{item['id']}/assign"
    given = await api.post(path, by(api, assignee_telegram_id=api.ivan.telegram_id))
    assert (given["state"], given["assignee"]["name"]) == ("new", "Ivan")
    assert [one["id"] for one in await items(api, assignee=api.ivan.telegram_id)] == [item["id"]]
    assert await items(api, assignee="none") == []
    withdrawn = await api.post(path, by(api, assignee_telegram_id=None))
    assert withdrawn["assignee"] is None
    await api.post(path, by(api, assignee_telegram_id=None))
    kinds = [
        (e["kind"], e["data"]["to"]) for e in (await api.get(f"/customers/{api.anna.id}/history"))["items"]
    ]
    assert kinds == [("inbox_assigned", "Ivan"), ("inbox_assignment_withdrawn", None)]


async def test_an_item_can_be_given_to_a_team(api: Api) -> None:
    await write(api, "Hello")
    (item,) = await items(api)
    team = {"name": "Couriers", "members": [api.ivan.telegram_id], "routing": "manual", "capacity": None}
    created = await api.as_("admin").call("POST", "/teams", team)
    assert created.status_code == 201, created.text
    path = f"/inbox/{item['id']}/assign"
    given = await api.post(path, by(api, team="Couriers"))
    assert (given["team"], given["assignee"], given["state"]) == ("Couriers", None, "new")
    assert [one["id"] for one in await items(api, team="Couriers")] == [item["id"]]
    assert await items(api, assignee="none") == []
    assert (await api.post(path, by(api, team=None)))["team"] is None
    error_of(await api.call("POST", path, by(api, team="Nobody")), 404, "not_found")


@pytest.mark.row("S-08")
@pytest.mark.row("S-22")
async def test_an_ignored_item_comes_back_under_its_id_with_a_new_message(api: Api) -> None:
    await write(api, "Buy my coins")
    (item,) = await items(api, state="new")
    ignored = await api.post(f"/inbox/{item['id']}/ignore", by(api))
    assert ignored["state"] == "ignored" and await items(api, state="new") == []
    refused = await api.call("POST", f"/inbox/{item['id']}/ignore", by(api))
    assert error_of(refused, 409, "wrong_state")["object"]["id"] == item["id"]
    (entry,) = (await api.get(f"/customers/{api.anna.id}/history", kind="inbox_ignored"))["items"]
    assert entry["actor"]["name"] == "Maria" and entry["data"]["inbox_item_id"] == item["id"]
    await write(api, "Hello again")
    (back,) = await items(api, state="new")
    assert (back["id"], back["messages"]) == (item["id"], 2)


async def test_a_dialog_opened_from_an_item_includes_its_messages(api: Api) -> None:
    await write(api, "My parcel is lost")
    (item,) = await items(api)
    dialog = await api.post(f"/inbox/{item['id']}/open", by(api, title="Lost parcel"), status=201)
    assert (dialog["customer_id"], dialog["title"], dialog["state"]) == (api.anna.id, "Lost parcel", "active")
    (moved,) = await items(api, state="moved")
    assert moved["dialog_id"] == dialog["id"]
    for verb, more in (
        ("open", {"title": "Again"}),
        ("ignore", {}),
        ("assign", {"assignee_telegram_id": None}),
    ):
        error_of(await api.call("POST", f"/inbox/{item['id']}/{verb}", by(api, **more)), 409, "wrong_state")


async def test_inbox_calls_without_permission_or_with_wrong_values_change_nothing(api: Api) -> None:
    await write(api, "Hello")
    (item,) = await items(api)
    path = f"/inbox/{item['id']}"
    agent = {"manager_telegram_id": api.rita.telegram_id}
    gives = await api.call("POST", path + "/assign", agent | {"assignee_telegram_id": api.ivan.telegram_id})
    assert error_of(gives, 403, "not_allowed")["object"]["name"] == "dialog.assign"
    takes = await api.call("POST", path + "/assign", agent | {"assignee_telegram_id": api.rita.telegram_id})
    assert takes.json()["assignee"]["name"] == "Rita"
    error_of(await api.call("POST", path + "/assign", by(api, assignee_telegram_id=999)), 404, "not_found")
    error_of(await api.call("POST", path + "/assign", by(api)), 400, "bad_input")
    error_of(await api.call("GET", "/inbox?assignee=nobody"), 400, "bad_input")
    error_of(await api.call("GET", "/inbox?state=old"), 400, "bad_input")
    error_of(await api.call("POST", "/inbox/999999/ignore", by(api)), 404, "not_found")
    (after,) = await items(api, state="new")
    assert after["assignee"]["name"] == "Rita"
