"""An outside tool's messages: listed, cancelled, and limited by its key."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.people.keys import create_key
from holdline.dialogs.text.api_key import KeyLimits
from holdline.store.clock import ManualClock
from tests.web.conftest import Api, error_of


async def ids(api: Api, **narrowed: Any) -> list[int]:
    return [item["id"] for item in (await api.get("/outbound", **narrowed))["items"]]


async def test_the_list_of_messages_is_filtered_by_the_query(api: Api, clock: ManualClock) -> None:
    boris = {"customer": {"telegram_id": api.boris.telegram_id}}
    offer = (await api.post("/outbound", api.ad(topic="offers"), status=202))["id"]
    soon = (clock.now() + timedelta(minutes=1)).isoformat()
    over = (await api.post("/outbound", api.ad("broadcast", expires_at=soon), status=202))["id"]
    his = (await api.post("/outbound", {**api.ad("broadcast"), **boris}, status=202))["id"]
    long = (await api.post("/outbound", api.ad(text="🎁" * 3000), status=202))["id"]
    await api.open()
    clock.advance(61)
    for narrowed, found in (
        ({}, [long, his, over, offer]),
        ({"order": "oldest"}, [offer, over, his, long]),
        ({"gate": "held"}, [long, offer]),
        ({"gate": "open"}, [his]),
        ({"status": "held"}, [long, offer]),
        ({"status": "queued"}, [his]),
        ({"status": "expired"}, [over]),
        ({"status": "sent"}, []),
        ({"customer": api.boris.id}, [his]),
        ({"class": "broadcast"}, [his, over]),
        ({"topic": "offers"}, [offer]),
        ({"topic": "offers", "class": "broadcast"}, []),
    ):
        assert await ids(api, **narrowed) == found, narrowed
    first = (await api.get("/outbound", topic="offers"))["items"][0]
    assert first["customer"] == {"id": api.anna.id, "telegram_id": api.anna.telegram_id, "name": "Anna"}
    assert (first["status"], first["class"], first["topic"], first["text"]) == (
        "held",
        "funnel",
        "offers",
        "Only today",
    )
    assert first["api_key_id"] > 0
    alone = await api.get(f"/outbound/{offer}")
    assert {name: alone[name] for name in first} == first, "one message says what the list says of it"


async def test_the_list_comes_in_pages(api: Api) -> None:
    made = [(await api.post("/outbound", api.ad(), status=202))["id"] for _ in range(5)]
    page = await api.get("/outbound", limit=2)
    seen = [item["id"] for item in page["items"]]
    while page["next"]:
        page = await api.get("/outbound", limit=2, cursor=page["next"])
        seen += [item["id"] for item in page["items"]]
    assert seen == made[::-1]
    error_of(await api.call("GET", "/outbound", params={"gate": "shut"}), 400, "bad_input")


async def test_only_waiting_messages_are_cancelled(api: Api) -> None:
    await api.open()
    for body in (api.ad(), api.ad(text="🎁" * 3000), api.ad(media=[{"photo": "A"}, {"photo": "B"}])):
        made = (await api.post("/outbound", body, status=202))["id"]
        answer = await api.call("DELETE", f"/outbound/{made}")
        assert (answer.status_code, answer.json()["status"], answer.json()["reason"]) == (
            200,
            "cancelled",
            "withdrawn",
        )
        error = error_of(await api.call("DELETE", f"/outbound/{made}"), 409, "wrong_state")
        assert error["object"] == {"type": "outbound message", "id": made, "status": "cancelled"}
    assert (await api.get(f"/customers/{api.anna.id}/gate"))["held"] == 0
    error_of(await api.call("DELETE", "/outbound/9999"), 404, "not_found")


async def test_a_message_sent_even_in_part_is_not_cancelled(api: Api) -> None:
    made = (await api.post("/outbound", api.ad(text="🎁" * 3000), status=202))["id"]
    left = "UPDATE outbox SET status = 'sent', settled_at = :at WHERE id = :id"
    await api.store.act(lambda tx: tx.run(left, at=tx.at, id=made))
    error_of(await api.call("DELETE", f"/outbound/{made}"), 409, "wrong_state")
    rows = await api.store.read(lambda tx: tx.all("SELECT status FROM outbox ORDER BY id"))
    assert {row["status"] for row in rows} == {"sent", "queued"}


@pytest.mark.parametrize(
    ("limits", "span", "wait"),
    [(KeyLimits(per_minute=2), "per_minute", 60), (KeyLimits(per_day=2), "per_day", 86_400)],
)
async def test_a_key_sends_no_more_than_it_may(
    api: Api, clock: ManualClock, limits: KeyLimits, span: str, wait: int
) -> None:
    secret = await api.store.act(create_key, name="tool", scopes=["send"], limits=limits)
    tool = Api(**{**api.__dict__, "secret": secret})
    for number in range(2):
        await tool.post("/outbound", api.ad(), status=202, key=f"once-{number}")
    await tool.post("/outbound", api.ad(), status=202, key="once-1")  # a repeat counts nothing
    error_of(await tool.call("POST", "/outbound", api.ad(html="<b>")), 400, "bad_input")
    answer = await tool.call("POST", "/outbound", api.ad())
    error = error_of(answer, 429, "throttled")
    assert error["object"] == {"type": "limit", "name": span}
    assert "2" in error["message"]
    assert 0 < int(answer.headers["Retry-After"]) <= wait
    await api.post("/outbound", api.ad(), status=202)  # another key is not touched
    clock.advance(int(answer.headers["Retry-After"]))
    await tool.post("/outbound", api.ad(), status=202)


async def test_a_403_suggests_a_command_that_keeps_the_scopes_of_the_key(api: Api) -> None:
    secret = await api.store.act(create_key, name="my tool's key", scopes=["send"])
    error = error_of(
        await Api(**{**api.__dict__, "secret": secret}).call("GET", "/customers"), 403, "not_allowed"
    )
    assert error["message"].endswith(
        "holdline key create --name 'my tool'\"'\"'s key' --scope send --scope read"
    )
