"""The calls of marketing as an outside program makes them, beside dialogs as managers hold them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.hands import became, number_of, offered
from tests.journeys.marketing.hands import BY_MARIA, closed, held_dialog, is_in, patched, started
from tests.journeys.world import World


@pytest.mark.row("M-05")
@pytest.mark.row("M-06")
async def test_a_broadcast_reaches_its_audience_and_waits_for_a_dialog(desk: World) -> None:
    anna, boris = await started(desk), await started(desk, 510000002, "Boris")
    cleo = await started(desk, 510000003, "Cleo", "ru")
    dora = await started(desk, 510000004, "Dora")
    await patched(desk, dora, tags=["no ads"])
    dialog = await held_dialog(desk, anna)
    audience = {"language": "en", "exclude_tags": ["no ads"]}
    counted = await desk.post("/broadcasts", {"text": "Sale!", "audience": audience, "dry_run": True})
    assert counted == {"recipients": 2}
    sale = await desk.post("/broadcasts", {"text": "Sale!", "audience": audience}, 201)
    await boris.gets("Sale!")
    now = await is_in(desk, f"/broadcasts/{sale['id']}", sent=1, held=1)
    assert (now["recipients"], now["waiting"], now["status"]) == (2, 0, "sending")
    number = await number_of(desk, anna)
    (held,) = (await desk.get(f"/customers/{number}/held"))["items"]
    assert (held["text"], "broadcast" in held["source"]) == ("Sale!", True)
    await closed(desk, dialog)
    await anna.gets("Sale!")
    await is_in(desk, f"/broadcasts/{sale['id']}", sent=2, held=0, status="done")
    sent = (await desk.get(f"/broadcasts/{sale['id']}/recipients?status=sent"))["items"]
    assert {one["status"] for one in sent} == {"sent"} and len(sent) == 2
    assert "Sale!" not in [*cleo.got(), *dora.got()]
    refused = await desk.post(f"/broadcasts/{sale['id']}/pause", {}, 409)
    assert refused["error"]["code"] == "wrong_state"


async def test_a_broadcast_can_be_scheduled_paused_resumed_and_cancelled(desk: World) -> None:
    anna = await started(desk)
    at = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    later = await desk.post("/broadcasts", {"text": "Later", "audience": {}, "at": at}, 201)
    assert later["status"] == "scheduled"
    path = f"/broadcasts/{later['id']}"
    assert (await desk.post(f"{path}/pause", {}))["status"] == "paused"
    assert (await desk.post(f"{path}/resume", {}))["status"] == "scheduled"
    assert (await desk.post(f"{path}/cancel", {}))["status"] == "cancelled"
    assert (await desk.post(f"{path}/resume", {}, 409))["error"]["code"] == "wrong_state"
    dialog = await held_dialog(desk, anna)
    held = await desk.post("/broadcasts", {"text": "Held", "audience": {}}, 201)
    await is_in(desk, f"/broadcasts/{held['id']}", held=1)
    await desk.post(f"/broadcasts/{held['id']}/cancel", {})
    await is_in(desk, f"/broadcasts/{held['id']}", held=0, status="cancelled")
    await closed(desk, dialog)
    await offered(desk, anna, "After all")
    await anna.gets("After all")
    assert not {"Held", "Later"} & set(anna.got())


@pytest.mark.row("M-14")
async def test_variants_share_an_audience_and_must_make_a_hundred(desk: World) -> None:
    people = [await started(desk, 510000001 + n, f"P{n}") for n in range(6)]
    halves = [{"text": "A", "share": 50}, {"text": "B", "share": 50}]
    bad = await desk.post("/broadcasts", {"variants": [{"text": "A", "share": 60}], "audience": {}}, 400)
    assert bad["error"]["object"]["name"].startswith("variants")
    made = await desk.post("/broadcasts", {"variants": halves, "audience": {}}, 201)
    await is_in(desk, f"/broadcasts/{made['id']}", sent=6, status="done")
    assert {person.got()[-1] for person in people} <= {"A", "B"}


@pytest.mark.row("M-05")
async def test_a_test_send_creates_nothing(desk: World) -> None:
    anna = await started(desk)
    before = (await desk.get("/broadcasts"))["items"]
    answer = await desk.api.post("/broadcasts", json={"text": "Look", "audience": {}, "test_to": anna.id})
    assert answer.status_code == 200, answer.text
    await anna.gets("Look")
    assert (await desk.get("/broadcasts"))["items"] == before


@pytest.mark.row("M-11")
async def test_a_held_message_is_sent_or_dropped_by_hand(desk: World) -> None:
    anna = await started(desk)
    dialog = await held_dialog(desk, anna)
    first, second = await offered(desk, anna, "Reminder"), await offered(desk, anna, "Sale")
    sent = await desk.post(f"/outbound/{first['id']}/send", BY_MARIA)
    assert sent["id"] == first["id"]
    await anna.gets("Reminder")
    await desk.post(f"/outbound/{second['id']}/drop", BY_MARIA)
    await became(desk, second, "cancelled")
    again = await desk.post(f"/outbound/{second['id']}/send", BY_MARIA, 409)
    assert again["error"]["code"] == "wrong_state"
    number = await number_of(desk, anna)
    kinds = [one["kind"] for one in (await desk.get(f"/customers/{number}/history"))["items"]]
    assert {"outbound_sent_now", "outbound_dropped"} <= set(kinds)
    await closed(desk, dialog)
    assert "Sale" not in anna.got()


@pytest.mark.row("M-09")
async def test_an_unsubscribed_customer_gets_no_held_or_running_marketing(desk: World) -> None:
    anna = await started(desk)
    steps = [{"send": {"text": "One"}}, {"wait": "1h"}, {"send": {"text": "Two"}}]
    funnel = await desk.post("/funnels", {"name": "Series", "steps": steps}, 201)
    run = await desk.post(f"/funnels/{funnel['id']}/enrolments", {"telegram_id": anna.id}, 201)
    await anna.gets("One")
    await held_dialog(desk, anna)
    offer = await offered(desk, anna, "Sale")
    assert (await patched(desk, anna, opt_out=True))["opt_out"] is True
    await became(desk, offer, "cancelled")
    await is_in(desk, f"/enrolments/{run['id']}", state="left", next_at=None)
    body = {"customer": {"telegram_id": anna.id}, "class": "funnel", "text": "More"}
    refused = await desk.post("/outbound", body, 409)
    assert refused["error"]["code"] == "opted_out"
    assert (await patched(desk, anna, opt_out=False))["opt_out"] is False
    assert (await desk.post("/outbound", body, 202))["status"] == "held"


@pytest.mark.row("M-09")
async def test_a_customer_can_unsubscribe_from_one_topic_only(desk: World) -> None:
    anna = await started(desk)
    dialog = await held_dialog(desk, anna)
    news = await desk.post("/broadcasts", {"text": "News", "audience": {}, "topic": "news"}, 201)
    sale = await desk.post("/broadcasts", {"text": "Sale", "audience": {}, "topic": "sale"}, 201)
    for made in (news, sale):
        await is_in(desk, f"/broadcasts/{made['id']}", held=1)
    assert (await patched(desk, anna, topics={"news": False}))["topics"]["news"] is False
    await is_in(desk, f"/broadcasts/{news['id']}", held=0, status="done")
    await closed(desk, dialog)
    await anna.gets("Sale")
    assert "News" not in anna.got()


@pytest.mark.row("M-13")
async def test_smart_replies_answer_or_stay_silent(desk: World) -> None:
    maria = desk.manager()
    hours = {"name": "Opening hours", "any_of": ["hours", "open"], "answer": "Nine to six", "active": True}
    made = await desk.post("/smart-replies", hours, 201)
    tried = await desk.post("/smart-replies/try", {"text": "What are your HOURS?"})
    assert (tried["answer"], tried["by"]) == ("Nine to six", "Opening hours")
    silent = await desk.post("/smart-replies/try", {"text": "It reopened at half past"})
    assert (silent["answer"], silent["by"]) == (None, None)
    anna = await started(desk)
    anna.says("Are you open on Sunday?")
    await anna.gets("Nine to six")
    waiting = await desk.until_asked("/inbox?state=new", lambda a: a["items"], "the item still waits")
    assert waiting["items"][0]["text"].endswith("Are you open on Sunday?")
    await held_dialog(desk, anna)
    heard = len(anna.got())
    anna.says("And when do you open tomorrow?")
    thread = await maria.thread("Lost parcel")
    maria.says("At nine", thread)
    await anna.gets("At nine")
    assert anna.got()[heard:] == ["At nine"]
    answer = await desk.api.delete(f"/smart-replies/{made['id']}")
    assert answer.status_code in {200, 204}


async def test_a_customer_has_the_values_that_marketing_uses(desk: World) -> None:
    anna = await started(desk)
    changes = {
        "tags": ["vip", "lamp"],
        "timezone": "Europe/Warsaw",
        "language": "pl",
        "fields": {"city": "Łódź"},
    }
    shown = await patched(desk, anna, **changes)
    assert (sorted(shown["tags"]), shown["timezone"], shown["language"]) == (
        ["lamp", "vip"], "Europe/Warsaw", "pl",
    )  # fmt: skip
    assert (shown["opt_out"], shown["fields"]) == (False, {"city": "Łódź"})
    number = await number_of(desk, anna)
    bad = await desk.api.patch(f"/customers/{number}", json={"timezone": "Mars/Base"})
    assert (bad.status_code, bad.json()["error"]["object"]["name"]) == (400, "timezone")


async def test_a_webhook_shows_its_secret_once(desk: World) -> None:
    hook = {"url": "https://hooks.example.org/desk", "events": ["outbound.sent"], "active": True}
    made = await desk.post("/webhooks", hook, 201)
    assert made["secret"].startswith("whsec_")
    listed = (await desk.get("/webhooks"))["items"]
    assert [("secret" in one, one["url"]) for one in listed] == [(False, hook["url"])]
    unknown = await desk.post("/webhooks", {**hook, "events": ["nothing.like"]}, 400)
    assert unknown["error"]["object"]["name"].startswith("events")


async def test_a_message_of_a_tool_can_be_deleted(desk: World) -> None:
    anna = await started(desk)
    await held_dialog(desk, anna)
    offer = await offered(desk, anna, "Sale")
    answer = await desk.api.delete(f"/outbound/{offer['id']}")
    assert answer.status_code in {200, 204}
    await became(desk, offer, "cancelled")
    assert (await desk.api.delete(f"/outbound/{offer['id']}")).status_code == 409
