"""Messages held by an active dialog, at the HTTP API: listed, sent at once, dropped."""

import pytest

from tests.web.conftest import Api, error_of


@pytest.mark.row("M-11")
async def test_held_messages_are_listed_sent_and_dropped(api: Api) -> None:
    dialog = await api.open()
    path, by = f"/customers/{api.anna.id}/held", {"manager_telegram_id": api.maria.telegram_id}
    expires = "2096-01-02T00:00:00Z"
    first = await api.post("/outbound", {**api.ad("funnel"), "text": "Step one"}, status=202)
    second = await api.post(
        "/outbound", {**api.ad("broadcast"), "text": "Sale!", "expires_at": expires}, status=202
    )
    shown = await api.get(path)
    assert [(item["id"], item["class"], item["text"], item["expires_at"]) for item in shown["items"]] == [
        (first["id"], "funnel", "Step one", None),
        (second["id"], "broadcast", "Sale!", expires),
    ]
    assert shown["items"][0]["queued_at"] and "source" in shown["items"][0]
    page = await api.get(path, limit=1)
    assert (await api.get(path, limit=1, cursor=page["next"]))["items"] == shown["items"][1:]
    assert (await api.post(f"/outbound/{second['id']}/drop", by))["status"] == "cancelled"
    assert (await api.get(f"/outbound/{second['id']}"))["reason"] == "dropped_by_hand"
    assert (await api.post(f"/outbound/{first['id']}/send", by))["status"] == "queued"
    assert (await api.get(path))["items"] == []
    for verb in ("send", "drop"):
        for one in (first, second):
            error_of(await api.call("POST", f"/outbound/{one['id']}/{verb}", by), 409, "wrong_state")
    kinds = ("outbound_sent_now", "outbound_dropped")
    assert [len(await api.entries(dialog, kind)) for kind in kinds] == [1, 1]
    customer = await api.get(f"/customers/{api.anna.id}/history")
    assert set(kinds) <= {item["kind"] for item in customer["items"]}


async def test_an_unknown_held_message_or_customer_is_not_found(api: Api) -> None:
    by = {"manager_telegram_id": api.maria.telegram_id}
    error_of(await api.call("POST", "/outbound/999/send", by), 404, "not_found")
    error_of(await api.call("GET", "/customers/999/held"), 404, "not_found")
    assert (await api.get(f"/customers/{api.anna.id}/held")) == {"items": [], "next": None}
