"""Webhooks at the API: stored, notified of events, monitored; and the addresses they may have."""

from typing import Any

import pytest

from holdline.desk.customers.presses import record_button_press
from holdline.desk.dialogs.ratings import record_rating
from holdline.dialogs.audience import Audience
from holdline.store.delivery import telegram_messages
from holdline.store.tx import Tx
from tests.web.conftest import Api, error_of

URL = "https://tool.example.org/hook"
ALL = ["outbound.held", "outbound.released", "outbound.sent", "rating.answered", "dialog.state_changed"]


@pytest.fixture(autouse=True)
def names(api: Api) -> dict[str, list[str]]:
    """What the names of this test mean; the others are not known."""
    known = {"tool.example.org": ["93.184.216.34"]}

    async def look_up(host: str, port: int) -> list[str]:
        if host not in known:
            raise OSError(host)
        return known[host]

    api.client._transport.app.state.look_up = look_up  # type: ignore[attr-defined]
    return known


async def added(api: Api, *events: str, **more: Any) -> Any:
    return await api.post("/webhooks", {"url": URL, "events": list(events or ALL), **more}, status=201)


async def bodies(api: Api, webhook: Any) -> list[Any]:
    items = (await api.get(f"/webhooks/{webhook['id']}/deliveries", order="oldest"))["items"]
    return [item["body"] for item in items]


@pytest.mark.row("M-16")
async def test_the_secret_is_shown_once(api: Api) -> None:
    made = await added(api)
    assert made["secret"].startswith("whsec_")
    assert (made["url"], made["events"], made["active"]) == (URL, ALL, True)
    (listed,) = (await api.get("/webhooks"))["items"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}


async def test_a_webhook_is_changed_and_deleted(api: Api) -> None:
    made = await added(api)
    path = f"/webhooks/{made['id']}"
    changed = await api.call("PATCH", path, {"active": False, "events": ["outbound.sent"], "url": URL + "/2"})
    assert (changed.json()["active"], changed.json()["events"]) == (False, ["outbound.sent"])
    assert changed.json()["url"] == URL + "/2"
    assert (await api.call("DELETE", path)).json() == {"id": made["id"], "deleted": True}
    error_of(await api.call("PATCH", path, {"active": True}), 404, "not_found")
    error_of(await api.call("GET", path + "/deliveries"), 404, "not_found")
    assert (await api.get("/webhooks"))["items"] == []


async def test_a_desk_has_a_maximum_number_of_webhooks(api: Api) -> None:
    for _ in range(20):
        await added(api)
    answer = await api.call("POST", "/webhooks", {"url": URL, "events": ALL})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "url"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://127.0.0.1:8080", "events": ALL}, "url"),
        ({"url": "http://[::ffff:10.0.0.1]:8080", "events": ALL}, "url"),
        ({"url": "http://2130706433:8080", "events": ALL}, "url"),
        ({"url": "https://inside.example.org", "events": ALL}, "url"),
        ({"url": "ftp://tool.example.org", "events": ALL}, "url"),
        ({"url": "https://user:pass@tool.example.org", "events": ALL}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["moon.rose"]}, "events.0"),
        ({"url": URL, "events": ALL, "active": "yes"}, "active"),
        ({"events": ALL}, "url"),
    ],
)
async def test_an_invalid_webhook_names_its_field(
    api: Api, names: dict[str, list[str]], body: dict[str, Any], field: str
) -> None:
    names["inside.example.org"] = ["93.184.216.34", "10.0.0.7"]
    error = error_of(await api.call("POST", "/webhooks", body), 400, "bad_input")
    assert error["object"]["name"] == field
    webhook = await added(api)
    if "url" in body and field == "url":
        answer = await api.call("PATCH", f"/webhooks/{webhook['id']}", {"url": body["url"]})
        error_of(answer, 400, "bad_input")


async def test_a_webhook_host_that_cannot_be_resolved_yet_is_accepted(api: Api) -> None:
    await api.post("/webhooks", {"url": "https://soon.example.org", "events": ALL}, status=201)


@pytest.mark.row("M-16")
async def test_webhooks_get_messages_as_the_api_shows_them(api: Api) -> None:
    webhook = await added(api, "outbound.held", "outbound.released")
    dialog = await api.open()
    made = await api.post("/outbound", api.ad(topic="offers"), status=202)
    held = await api.get(f"/outbound/{made['id']}")
    await api.move(dialog, "pause")
    released = await api.get(f"/outbound/{made['id']}")
    customer = {"id": api.anna.id, "telegram_id": api.anna.telegram_id, "name": "Anna"}
    told = await bodies(api, webhook)
    assert [(one["type"], one["data"]) for one in told] == [
        ("outbound.held", {**held, "customer": customer}),
        ("outbound.released", {**released, "customer": customer}),
    ]
    assert (held["status"], released["status"], held["topic"]) == ("held", "queued", "offers")
    assert all(one["timestamp"].endswith("Z") for one in told)


@pytest.mark.row("M-16")
async def test_webhooks_get_dialogs_and_ratings(api: Api) -> None:
    webhook = await added(api, "dialog.state_changed", "rating.answered")
    dialog = await api.open()
    shown = [await api.get(f"/dialogs/{dialog['id']}")]
    for step in ("pause", "resume", "close"):
        shown.append(await api.move(dialog, step))

    form = await api.store.read(lambda tx: tx.one("SELECT token FROM ratings"))
    assert form is not None
    anna = api.anna.telegram_id
    await api.store.act(record_rating, telegram_id=anna, token=form["token"], value=3)
    *moves, rated = await bodies(api, webhook)
    assert [(one["data"]["from"], one["data"]["to"]) for one in moves] == [
        (None, "active"),
        ("active", "paused"),
        ("paused", "active"),
        ("active", "closed"),
    ]
    for one, seen in zip(moves, shown, strict=True):
        assert set(one["data"]["dialog"]) == set(seen)
        assert one["data"]["dialog"]["id"] == dialog["id"]
        assert one["data"]["dialog"]["state"] == seen["state"]
    assert (rated["type"], rated["data"]) == (
        "rating.answered",
        {"dialog_id": dialog["id"], "service_rating": 3},
    )


async def test_a_press_is_sent_with_its_data(api: Api) -> None:
    webhook = await added(api, "outbound.pressed")
    made = await api.post("/outbound", api.ad(buttons=[{"text": "Yes", "data": "yes"}]), status=202)

    def arrived(tx: Tx) -> None:
        item = tx.one("SELECT message_id FROM outbox WHERE id = :id", id=made["id"])
        assert item is not None
        telegram_messages.add(
            tx, api.anna.telegram_id, 77, "copy", audience=Audience.CUSTOMER, message_id=item["message_id"]
        )

    await api.store.act(arrived)
    press = {"telegram_id": api.anna.telegram_id, "tg_message_id": 77, "data": "out:yes"}
    await api.store.act(record_button_press, **press)
    (told,) = await bodies(api, webhook)
    assert (told["data"]["pressed"], told["data"]["id"]) == ("yes", made["id"])


async def test_a_delivery_is_sent_again_by_hand(api: Api) -> None:
    webhook = await added(api, "dialog.state_changed")
    await api.open()
    path = f"/webhooks/{webhook['id']}/deliveries"
    (waiting,) = (await api.get(path, status="queued"))["items"]
    again = await api.post(f"/webhooks/deliveries/{waiting['id']}/again", None)
    assert (again["status"], again["message_id"]) == ("queued", waiting["message_id"])
    await api.call("PATCH", f"/webhooks/{webhook['id']}", {"active": False})
    (given_up,) = (await api.get(path, status="failed"))["items"]
    assert given_up["next_at"] is None
    error_of(await api.call("POST", f"/webhooks/deliveries/{waiting['id']}/again"), 409, "wrong_state")
    error_of(await api.call("POST", "/webhooks/deliveries/9999/again"), 404, "not_found")


async def test_the_log_comes_in_pages(api: Api) -> None:
    webhook = await added(api, "dialog.state_changed")
    dialog = await api.open()
    for step in ("pause", "resume", "pause"):
        await api.move(dialog, step)
    path, seen, cursor = f"/webhooks/{webhook['id']}/deliveries", [], None
    while True:
        page = await api.get(path, limit=3, **({"cursor": cursor} if cursor else {}))
        seen += [item["id"] for item in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert len(seen) == 4
    assert seen == sorted(seen, reverse=True)
