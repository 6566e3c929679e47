"""The limits of a key count the recipients of its broadcasts."""

from dataclasses import replace
from datetime import time

from holdline.desk.people.keys import create_key
from holdline.dialogs.marketing.customer_days import QuietHours
from holdline.dialogs.text.api_key import KeyLimits
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.store.broadcasts import broadcasts
from holdline.store.clock import ManualClock
from tests.web.conftest import Api, error_of
from tests.web.marketing.test_broadcasts import AD, LATER, tool

__all__ = ["tool"]


async def with_limits(tool: Api, **limits: int) -> Api:
    """The same desk with a key that has these limits."""
    secret = await tool.store.act(create_key, name="tool", scopes=["send"], limits=KeyLimits(**limits))
    return Api(**{**tool.__dict__, "secret": secret})


async def test_a_broadcast_counts_its_recipients_in_the_day_of_its_key(tool: Api, clock: ManualClock) -> None:
    caller = await with_limits(tool, per_day=5)
    first = await caller.post("/broadcasts", {**AD, "at": LATER}, status=201, key="first")
    assert await caller.post("/broadcasts", {**AD, "at": LATER}, status=201, key="first") == first, "a repeat"
    await caller.post("/broadcasts", {**AD, "dry_run": True})
    narrow = {"language": "ru"}
    second = await caller.post("/broadcasts", {**AD, "at": LATER, "audience": narrow}, status=201)
    test = {"text": "Hello", "test_to": tool.boris.telegram_id}
    await caller.post("/broadcasts", test)
    answer = await caller.call("POST", "/broadcasts", AD)
    error = error_of(answer, 429, "throttled")
    assert error["object"] == {"type": "limit", "name": "per_day", "most": 5, "left": 1, "recipients": 2}
    assert "2 people" in error["message"] and "1 more messages today" in error["message"]
    assert len((await tool.get("/broadcasts"))["items"]) == 2, "nothing is created"
    path = f"/broadcasts/{second['id']}"
    await caller.call("PATCH", path, {"audience": {}})
    refused = await caller.call("POST", "/broadcasts", {**AD, "audience": narrow})
    assert error_of(refused, 429, "throttled")["object"]["left"] == 0, "one more by the larger audience"
    clock.advance(int(answer.headers["Retry-After"]))
    await caller.post("/broadcasts", AD, status=201)


async def test_an_audience_larger_than_any_daily_limit_is_refused(tool: Api) -> None:
    caller = await with_limits(tool, per_day=1)
    error = error_of(await caller.call("POST", "/broadcasts", AD), 429, "throttled")
    assert "whole day" in error["message"] and "higher limit" in error["message"]
    made = await caller.post("/broadcasts", {**AD, "audience": {"language": "ru"}, "at": LATER}, status=201)
    refused = await caller.call("PATCH", f"/broadcasts/{made['id']}", {"audience": {}})
    error_of(refused, 429, "throttled")
    assert (await tool.get(f"/broadcasts/{made['id']}"))["recipients"] == 1, "the audience stays"


async def test_a_recipient_put_off_does_not_count_in_the_minute(tool: Api) -> None:
    """At night everybody is looked at at once, and the key's own messages are not kept back."""
    tool.store.rules = replace(tool.store.rules, quiet_hours=QuietHours(time(22), time(8)))
    caller = await with_limits(tool, per_minute=1)
    made = await caller.post("/broadcasts", AD, status=201)
    await BroadcastLoop(tool.store).tick()
    now = await caller.get(f"/broadcasts/{made['id']}")
    assert (now["quiet_hours"], now["quiet_until"]) == (2, "08:00")
    await caller.post("/outbound", tool.ad(), status=202)


async def test_a_broadcast_keeps_the_limit_per_minute_of_its_key(tool: Api, clock: ManualClock) -> None:
    caller = await with_limits(tool, per_minute=1)
    made = await caller.post("/broadcasts", AD, status=201)
    assert made["eta_seconds"] == 120
    loop = BroadcastLoop(tool.store)

    async def queued() -> int:
        rows = await tool.store.read(
            lambda tx: tx.all("SELECT id FROM outbox WHERE broadcast_id = :id", id=made["id"])
        )
        return len(rows)

    await loop.tick()
    await loop.tick()
    assert await queued() == 1
    error_of(await caller.call("POST", "/outbound", tool.ad()), 429, "throttled")
    clock.advance(60)
    await loop.tick()
    assert await queued() == 2


async def test_the_time_left_follows_the_limit_of_the_key(
    tool: Api,
) -> None:
    caller = await with_limits(tool, per_minute=1)
    made = await caller.post("/broadcasts", AD, status=201)
    await tool.store.act(broadcasts.set_fields, made["id"], per_second=20.0)
    assert (await caller.get(f"/broadcasts/{made['id']}"))["eta_seconds"] == 120


async def test_a_recipient_who_is_fed_by_an_opened_dialog_counts_in_the_minute_too(tool: Api) -> None:
    caller = await with_limits(tool, per_minute=2)
    await caller.post("/broadcasts", AD, status=201)
    loop = BroadcastLoop(tool.store)
    await caller.post("/outbound", tool.ad(), status=202)
    await caller.post("/outbound", tool.ad(), status=202)
    await loop.tick()
    feeds = "SELECT id FROM outbox WHERE broadcast_id IS NOT NULL"
    assert await tool.store.read(lambda tx: tx.all(feeds)) == [], "nothing is left of the minute"
    await tool.open()
    assert len(await tool.store.read(lambda tx: tx.all(feeds))) == 1, "listed among what is held"
    used = "SELECT used FROM api_key_windows WHERE span = 'minute'"
    assert [row["used"] for row in await tool.store.read(lambda tx: tx.all(used))] == [3]


async def test_a_test_counts_the_text_of_each_variant(tool: Api) -> None:
    caller = await with_limits(tool, per_minute=3)
    variants = [{"text": text, "share": 50} for text in ("One", "Two")]
    test = {"variants": variants, "test_to": tool.boris.telegram_id}
    await caller.post("/broadcasts", test)
    error_of(await caller.call("POST", "/broadcasts", test), 429, "throttled")
    sent = "SELECT id FROM outbox WHERE class = 'broadcast'"
    assert len(await tool.store.read(lambda tx: tx.all(sent))) == 2, "the second test sent nothing"
