"""The gate as a service: class × gate, as an outside marketing tool sees it."""

from datetime import timedelta

import pytest

from holdline.desk.customers import customers
from holdline.dialogs.message import Content
from holdline.store.clock import ManualClock
from tests.web.conftest import ANNA, Api, error_of


async def test_with_an_open_gate_everything_is_queued(api: Api) -> None:
    for class_ in ("funnel", "broadcast", "smart_reply"):
        answer = await api.post("/outbound", api.ad(class_), status=202)
        assert (answer["status"], answer["held_by"]) == ("queued", None)
        shown = await api.get(f"/outbound/{answer['id']}")
        assert shown.pop("created_at") and shown.pop("api_key_id")
        assert (shown.pop("expires_at") is None) == (class_ != "smart_reply")
        assert shown == {
            "id": answer["id"],
            "status": "queued",
            "class": class_,
            "customer": {"id": api.anna.id, "telegram_id": api.anna.telegram_id, "name": "Anna"},
            "kind": "text",
            "text": "Only today",
            "topic": None,
            "sent_at": None,
            "telegram_message_id": None,
            "reason": None,
            "waits_for": None,
            "buttons_left_out": False,
            "presses": [],
            "broadcast_id": None,
            "enrolment_id": None,
        }


@pytest.mark.row("L-32")
@pytest.mark.row("L-33")
@pytest.mark.row("L-36")
async def test_a_held_gate_holds_funnel_and_broadcast(api: Api) -> None:
    dialog = await api.open()
    for class_ in ("funnel", "broadcast"):
        answer = await api.post("/outbound", api.ad(class_), status=202)
        assert answer["status"] == "held"
        assert answer["held_by"] == {"dialog_id": dialog["id"], "title": "Lost parcel"}
        assert (await api.get(f"/outbound/{answer['id']}"))["status"] == "held"
    gate = await api.get(f"/customers/{api.anna.id}/gate")
    assert gate == {"state": "held", "dialog": {"id": dialog["id"], "title": "Lost parcel"}, "held": 2}


@pytest.mark.row("L-34")
@pytest.mark.row("L-38")
async def test_a_held_gate_drops_smart_replies_for_good(api: Api) -> None:
    dialog = await api.open()
    answer = await api.post("/outbound", api.ad("smart_reply"), status=202)
    assert answer["status"] == "dropped"
    await api.move(dialog, "close", send_rating_form=False)
    assert (await api.get(f"/outbound/{answer['id']}"))["status"] == "dropped"


@pytest.mark.row("L-38")
async def test_a_smart_reply_still_unsent_is_dropped_when_the_gate_closes(api: Api) -> None:
    answer = await api.post("/outbound", api.ad("smart_reply"), status=202)
    await api.open()
    assert (await api.get(f"/outbound/{answer['id']}"))["status"] == "dropped"


@pytest.mark.row("L-37")
@pytest.mark.row("L-39")
@pytest.mark.row("L-41")
async def test_pause_and_close_release_what_was_held(api: Api) -> None:
    dialog = await api.open()
    ad = await api.post("/outbound", api.ad(), status=202)
    await api.move(dialog, "pause")
    assert (await api.get(f"/outbound/{ad['id']}"))["status"] == "queued"
    assert (await api.get(f"/customers/{api.anna.id}/gate")) == {"state": "open", "dialog": None, "held": 0}
    await api.move(dialog, "resume")
    assert (await api.get(f"/outbound/{ad['id']}"))["status"] == "held"
    await api.move(dialog, "close", send_rating_form=False)
    assert (await api.get(f"/outbound/{ad['id']}"))["status"] == "queued"


async def test_a_gate_holds_messages_of_its_own_customer_only(api: Api) -> None:
    await api.open()
    body = {**api.ad(), "customer": {"telegram_id": api.boris.telegram_id}}
    assert (await api.post("/outbound", body, status=202))["status"] == "queued"


async def test_a_stranger_gets_no_marketing(api: Api) -> None:
    body = {**api.ad(), "customer": {"telegram_id": 599999999}}
    error = error_of(await api.call("POST", "/outbound", body), 404, "not_found")
    assert error["object"] == {"type": "customer", "id": 599999999}
    error_of(await api.call("GET", "/outbound/999999"), 404, "not_found")


async def test_a_customer_who_unsubscribed_or_blocked_the_bot_gets_no_marketing(api: Api) -> None:
    await api.store.act(customers.stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    error_of(await api.call("POST", "/outbound", api.ad()), 409, "opted_out")
    boris = {**api.ad(), "customer": {"telegram_id": api.boris.telegram_id}}
    sender = customers.MessageSender(telegram_id=api.boris.telegram_id, name="Boris")
    await api.store.act(customers.record_block, sender=sender, blocked=True)
    error_of(await api.call("POST", "/outbound", boris), 409, "unreachable")


@pytest.mark.row("M-10")
async def test_a_newer_message_with_the_same_collapse_key_replaces_the_older(api: Api) -> None:
    await api.open()
    first = await api.post("/outbound", api.ad(collapse_key="sale"), status=202)
    second = await api.post("/outbound", api.ad(collapse_key="sale"), status=202)
    assert (await api.get(f"/outbound/{first['id']}"))["status"] == "cancelled"
    assert (await api.get(f"/outbound/{second['id']}"))["status"] == "held"


async def test_an_expiry_must_be_in_the_future(api: Api) -> None:
    await api.post("/outbound", api.ad(expires_at="2026-01-01T02:00:00+01:00"), status=202)
    for wrong in (
        "2025-12-31T23:59:59Z",
        "2026-02-01T10:00:00",
        "soon",
        1767225600,
        "9999-12-31T23:59:59-12:00",
    ):
        answer = await api.call("POST", "/outbound", api.ad(expires_at=wrong))
        assert error_of(answer, 400, "bad_input")["object"]["name"] == "expires_at"


@pytest.mark.row("M-10")
async def test_a_message_expired_at_the_gate_is_reported_at_once(api: Api, clock: ManualClock) -> None:
    await api.open()
    soon = (clock.now() + timedelta(seconds=60)).isoformat()
    made = await api.post("/outbound", api.ad(expires_at=soon), status=202)
    gate = f"/customers/{api.anna.id}/gate"
    assert ((await api.get(f"/outbound/{made['id']}"))["status"], (await api.get(gate))["held"]) == (
        "held",
        1,
    )
    clock.advance(61)
    assert ((await api.get(f"/outbound/{made['id']}"))["status"], (await api.get(gate))["held"]) == (
        "expired",
        0,
    )


async def test_a_wrong_button_is_refused_with_its_position(api: Api) -> None:
    for buttons, field in (
        ([{"text": "Shop"}], "buttons.0"),
        ([[{"text": "Shop", "url": "https://x.test"}, {"url": "https://x.test"}]], "buttons.0.1.text"),
        ([{"text": "Shop", "link": "https://x.test"}], "buttons.0.link"),
        (["Shop"], "buttons.0"),
        ([[]], "buttons.0"),
    ):
        error = error_of(await api.call("POST", "/outbound", api.ad(buttons=buttons)), 400, "bad_input")
        assert error["object"]["name"] == field
        assert "[" not in error["message"] and "function" not in error["message"]


async def test_optional_fields_may_be_null_and_data_may_be_called_callback_data(api: Api) -> None:
    nothing = {"buttons": None, "expires_at": None, "collapse_key": None}
    await api.post("/outbound", api.ad(**nothing), status=202)
    await api.post("/outbound", api.ad(buttons=[[{"text": "Later", "callback_data": "later"}]]), status=202)
    await api.open(participants=None, reasons=None, components=None, description=None)


async def test_buttons_come_in_rows_or_alone(api: Api) -> None:
    link, press = {"text": "Shop", "url": "https://shop.test/"}, {"text": "Later", "data": "later"}
    await api.post("/outbound", api.ad(buttons=[[link, press], link]), status=202)
    for wrong in (
        [{"text": "Shop", "url": "javascript:1"}],
        "Shop",
        [[]],
        [{"text": "Shop"}],
        [{**link, "data": "x"}],
        [{"text": "x", "data": "я" * 33}],
        [{"url": "https://x.test"}],
    ):
        error_of(await api.call("POST", "/outbound", api.ad(buttons=wrong)), 400, "bad_input")


REFUSED_LINKS = (
    "http://localhost:8080/x", "https://shop/", "https://shop:443", "http://", "https://.", "https://a..b/", "https://x.test:0/",
    "https://x.test:99999/", "https://x.test:/", "https://x.test:port/", "https://[::1", "tg://", "tg://re solve", "https://x%20.test",
    "tg://user:7", "http://?q=x.test", "http://#x.test", "https:///x.test/path", "http://user@localhost/",
)  # fmt: skip
TAKEN_LINKS = (
    "https://x.test", "https://x.test:8443/a?b=c#d", "http://127.0.0.1:8080/", "http://[2001:db8::1]:80/", "tg://resolve?domain=x",
    "tg://user?id=7", "https://пример.рф/", "https://a_b.x-y.test/",
)  # fmt: skip


@pytest.mark.parametrize("link", REFUSED_LINKS)
async def test_a_link_not_allowed_in_a_button_is_refused_with_its_position(api: Api, link: str) -> None:
    wrong = [[{"text": "Fine", "data": "x"}, {"text": "Open", "url": link}]]
    error = error_of(await api.call("POST", "/outbound", api.ad(buttons=wrong)), 400, "bad_input")
    assert error["object"]["name"] == "buttons.0.1.url"


async def test_links_allowed_by_telegram_are_accepted(api: Api) -> None:
    for link in TAKEN_LINKS:
        await api.post("/outbound", api.ad(buttons=[[{"text": "Open", "url": link}]]), status=202)


async def test_more_buttons_than_a_keyboard_holds_and_blank_captions_are_refused(api: Api) -> None:
    row = [{"text": "x", "data": "x"}] * 8
    for wrong, field in (([row] * 13, "buttons"), ([[{"text": " \n", "data": "x"}]], "buttons.0.0.text")):
        error = error_of(await api.call("POST", "/outbound", api.ad(buttons=wrong)), 400, "bad_input")
        assert error["object"]["name"] == field
    await api.post("/outbound", api.ad(buttons=[row] * 12), status=202)


async def test_a_smart_reply_ends_after_two_minutes(api: Api, clock: ManualClock) -> None:
    accepted = await api.post("/outbound", api.ad("smart_reply"), status=202)
    clock.advance(121)
    assert (await api.get(f"/outbound/{accepted['id']}"))["status"] == "expired"
