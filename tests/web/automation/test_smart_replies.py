"""Smart replies over HTTP: stored, tested, refused with a sentence; customers outside dialogs are answered (M-13)."""

from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.message import Content
from tests.web.conftest import ANNA, Api, error_of

HOURS = {"name": "Hours", "question": "What are your opening hours?", "answer": "From 9 to 18."}
REFUND = {"name": "Refunds", "any_of": ["refund", "money back"], "answer": "Within 14 days."}


async def keep(api: Api, reply: dict[str, Any]) -> Any:
    return await api.post("/smart-replies", reply, status=201)


async def tried(api: Api, text: str) -> Any:
    return await api.post("/smart-replies/try", {"text": text})


async def says(api: Api, words: str, number: int = 1) -> None:
    content = Content(kind="text", text=words, chat_id=ANNA.telegram_id, tg_message_id=number)
    await api.store.act(receive_customer_message, sender=ANNA, content=content)


async def robot_said(api: Api) -> list[Any]:
    lines = (await api.get(f"/customers/{api.anna.id}/messages"))["items"]
    return [line for line in lines if line["author"]["kind"] == "smart_reply"]


@pytest.mark.row("M-13")
async def test_replies_are_kept_changed_tried_and_deleted(api: Api) -> None:
    assert await tried(api, "refund") == {"answer": None, "by": None, "score": 0.0}
    hours, refund = await keep(api, HOURS), await keep(api, REFUND)
    assert (hours["question"], hours["questions"], hours["active"]) == (
        HOURS["question"],
        [HOURS["question"]],
        True,
    )
    assert (refund["question"], refund["any_of"], refund["hours"]) == (None, REFUND["any_of"], None)
    assert await tried(api, "I want a REFUND") == {"answer": "Within 14 days.", "by": "Refunds", "score": 1.0}
    assert (await tried(api, "opening hours?"))["by"] == "Hours"
    unsure = await tried(api, "what is the weather today")
    assert (unsure["answer"], unsure["by"]) == (None, None) and 0 <= unsure["score"] < 0.85
    path = f"/smart-replies/{refund['id']}"
    changed = (await api.call("PATCH", path, {"active": False})).json()
    assert (changed["active"], changed["any_of"]) == (False, REFUND["any_of"])
    assert (await tried(api, "refund"))["answer"] is None
    await api.call("PATCH", path, {"active": True, "any_of": ["returns"], "answer": "New"})
    assert [(await tried(api, text))["answer"] for text in ("refund", "Returns")] == [None, "New"]
    assert (await api.call("DELETE", path)).status_code == 200
    assert (await tried(api, "returns"))["answer"] is None
    assert [item["name"] for item in (await api.get("/smart-replies"))["items"]] == ["Hours"]
    error_of(await api.call("PATCH", path, {"active": True}), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x", "answer": "y"}, "question"),
        ({"name": "x", "answer": " ", "any_of": ["a"]}, "answer"),
        ({"name": "x", "answer": "y", "any_of": ["!"]}, "any_of"),
        ({"name": "x", "answer": "y", "regex": "(a+)+$"}, "regex"),
        ({"name": "x", "answer": "y", "regex": "("}, "regex"),
        ({"name": "x", "answer": "y", "question": "?!"}, "question"),
        ({"name": "x", "answer": "y", "any_of": ["a"], "hours": "Nowhere"}, "hours"),
        ({"name": "x", "answer": "y", "any_of": ["a"], "when": "late"}, "when"),
    ],
)
async def test_an_invalid_smart_reply_names_its_field(api: Api, body: dict[str, Any], field: str) -> None:
    error = error_of(await api.call("POST", "/smart-replies", body), 400, "bad_input")
    assert error["object"]["name"] == field
    assert (await api.get("/smart-replies"))["items"] == []


async def test_the_last_trigger_of_a_smart_reply_cannot_be_removed(api: Api) -> None:
    hours = await keep(api, HOURS)
    answer = await api.call("PATCH", f"/smart-replies/{hours['id']}", {"question": None})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "question"


@pytest.mark.row("M-13")
async def test_a_smart_reply_keeps_its_hours_and_its_calendar_cannot_be_deleted(api: Api) -> None:
    """The desk's clock stands on Thursday at midnight."""
    office = {"name": "Office", "timezone": "UTC", "hours": {"thu": [["09:00", "17:00"]]}}
    calendar = await api.post("/calendars", office, status=201)
    inside = await keep(api, {"name": "Day", "any_of": ["call"], "answer": "Call us now", "hours": "office"})
    await keep(
        api,
        {"name": "Night", "any_of": ["call"], "answer": "From 9 on", "hours": "Office", "when": "outside"},
    )
    assert (inside["hours"], inside["when"]) == ("Office", "inside")
    assert (await tried(api, "may I call?"))["by"] == "Night"
    api.store.clock.advance(10 * 3600)
    assert (await tried(api, "may I call?"))["by"] == "Day"
    error = error_of(await api.call("DELETE", f"/calendars/{calendar['id']}"), 400, "bad_input")
    assert "Day" in error["message"]


@pytest.mark.row("M-13")
async def test_a_customer_outside_dialogs_gets_a_smart_reply_and_still_waits(api: Api) -> None:
    await keep(api, HOURS)
    await says(api, "opening hours?")
    (line,) = await robot_said(api)
    assert (line["text"], line["author"]["name"]) == ("From 9 to 18.", "Hours")
    (item,) = (await api.get("/inbox"))["items"]
    assert item["state"] == "new"
    (kept,) = (await api.get("/smart-replies"))["items"]
    assert (kept["answers"], kept["helped"], kept["to_person"]) == (1, 0, 0)
    times = await api.get("/reports/times")
    assert times["first_response"]["count"] == 0


@pytest.mark.row("M-13")
@pytest.mark.row("L-34")
async def test_nobody_gets_an_automatic_answer_in_an_active_dialog(api: Api) -> None:
    await keep(api, REFUND)
    await api.open("Lost parcel")
    await says(api, "refund?")
    assert await robot_said(api) == []
