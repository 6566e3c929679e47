"""Scheduled replies, and the conversation as a file with a reply."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.conversation.scheduling import send_due_reply
from holdline.desk.people.staff import change_manager
from holdline.desk.reading.customer_history import history_head, history_page
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.tx import Row
from tests.web.conftest import Api, error_of

TEN = "2026-01-01T10:00:00Z"


async def say(api: Api, dialog: Any, **words: Any) -> Any:
    body = {"manager_telegram_id": api.maria.telegram_id, "text": "We call you at noon", **words}
    return await api.call("POST", f"/dialogs/{dialog['id']}/messages", body)


async def schedule(api: Api, dialog: Any, **words: Any) -> Any:
    answer = await say(api, dialog, **{"at": TEN, **words})
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "scheduled"
    return answer.json()


async def texts(api: Api, dialog: Any) -> list[str]:
    return [line["text"] for line in (await api.get(f"/dialogs/{dialog['id']}/transcript"))["items"]]


async def planned(api: Api, dialog: Any) -> list[tuple[str, str | None]]:
    items = (await api.get(f"/dialogs/{dialog['id']}/scheduled"))["items"]
    return [(item["state"], item["reason"]) for item in items]


async def ten_o_clock(api: Api, clock: ManualClock) -> None:
    clock.advance(timedelta(hours=10).total_seconds())
    while await api.store.act(send_due_reply):
        pass


async def notices(api: Api, telegram_id: int) -> list[Row]:
    rows = await api.store.read(
        lambda tx: tx.all(
            "SELECT * FROM outbox WHERE chat_id = :chat AND kind = 'desk_notice'", chat=telegram_id
        )
    )
    return [row["payload_json"] for row in rows if row["payload_json"]["key"] == "scheduled.refused"]


@pytest.mark.row("C-25")
async def test_a_scheduled_reply_is_sent_when_it_is_due_and_not_before(api: Api, clock: ManualClock) -> None:
    dialog = await api.open()
    answer = await schedule(api, dialog)
    assert set(answer) == {"id", "dialog_id", "status"}
    assert await api.store.act(send_due_reply) == 0
    assert (await texts(api, dialog), await planned(api, dialog)) == ([], [("waiting", None)])
    await ten_o_clock(api, clock)
    assert (await texts(api, dialog), await planned(api, dialog)) == (
        ["We call you at noon"],
        [("sent", None)],
    )
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    told = [(entry["kind"], entry["actor"]["name"]) for entry in entries if "reply" in entry["kind"]]
    assert told == [("reply_scheduled", "Maria"), ("reply_given", "Maria")]


@pytest.mark.parametrize(
    "at", ["2026-01-01T00:00:00Z", "2025-12-31T00:00:00Z", "2028-01-01T00:00:00Z", "noon"]
)
async def test_an_impossible_time_of_a_scheduled_reply_is_refused(api: Api, at: str) -> None:
    dialog = await api.open()
    error = error_of(await say(api, dialog, at=at), 400, "bad_input")
    assert (error["object"]["name"], await planned(api, dialog)) == ("at", [])


async def test_the_rules_for_replies_are_checked_when_one_is_scheduled(api: Api) -> None:
    dialog = await api.open()
    await api.move(dialog, "pause")
    error_of(await say(api, dialog, at=TEN), 409, "dialog_paused")
    await api.move(dialog, "close", send_rating_form=False)
    error_of(await say(api, dialog, at=TEN), 409, "dialog_closed")
    mine = {"manager_telegram_id": api.rita.telegram_id}
    error_of(await say(api, dialog, at=TEN, **mine), 403, "not_allowed")


@pytest.mark.row("C-25")
@pytest.mark.parametrize(("step", "code"), [("pause", "dialog_paused"), ("close", "dialog_closed")])
async def test_the_rules_are_checked_again_when_it_is_due(
    api: Api, clock: ManualClock, step: str, code: str
) -> None:
    dialog = await api.open()
    await schedule(api, dialog)
    await api.move(dialog, step, **({"send_rating_form": False} if step == "close" else {}))
    await ten_o_clock(api, clock)
    assert (await texts(api, dialog), await planned(api, dialog)) == ([], [("refused", code)])
    (notice,) = await notices(api, api.maria.telegram_id)
    assert [line["key"] for line in notice["more"]] == [f"scheduled.why_{code}", "scheduled.words"]
    assert notice["more"][1]["words"] == {"words": "We call you at noon"}
    assert await api.store.read(invariants.find_violations) == []


async def test_an_author_who_may_no_longer_reply_is_notified_too(api: Api, clock: ManualClock) -> None:
    dialog = await api.open()
    await schedule(api, dialog)
    changes = {"permissions": ["dialog.update"]}
    await api.store.act(change_manager, acting=None, manager_id=api.maria.id, changes=changes)
    await ten_o_clock(api, clock)
    assert await planned(api, dialog) == [("refused", "not_allowed")]
    assert len(await notices(api, api.maria.telegram_id)) == 1


async def test_if_its_author_has_left_those_who_handle_the_dialog_are_notified(
    api: Api, clock: ManualClock
) -> None:
    dialog = await api.open(participants=[api.ivan.telegram_id])
    await schedule(api, dialog)
    await api.store.act(change_manager, acting=None, manager_id=api.maria.id, changes={"active": False})
    await ten_o_clock(api, clock)
    assert await planned(api, dialog) == [("refused", "not_allowed")]
    assert (len(await notices(api, api.ivan.telegram_id)), await texts(api, dialog)) == (1, [])


@pytest.mark.parametrize("closed", [False, True])
async def test_without_other_handlers_the_places_of_the_dialog_are_notified(
    api: Api, clock: ManualClock, closed: bool
) -> None:
    dialog = await api.open()
    await schedule(api, dialog)
    if closed:
        await api.move(dialog, "close", send_rating_form=False)
    await api.store.act(change_manager, acting=None, manager_id=api.maria.id, changes={"active": False})
    await ten_o_clock(api, clock)
    for colleague in (api.ivan, api.rita):
        (notice,) = await notices(api, colleague.telegram_id)
        assert notice["more"][1]["words"] == {"words": "We call you at noon"}
        assert notice["buttons"]


async def test_a_scheduled_reply_can_be_cancelled_once(api: Api, clock: ManualClock) -> None:
    dialog = await api.open()
    reply = await schedule(api, dialog)
    by = {"manager_telegram_id": api.ivan.telegram_id}
    answer = await api.call("DELETE", f"/scheduled/{reply['id']}", by)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    await ten_o_clock(api, clock)
    assert await texts(api, dialog) == []
    error_of(await api.call("DELETE", f"/scheduled/{reply['id']}", by), 409, "wrong_state")
    error_of(await api.call("DELETE", "/scheduled/999", by), 404, "not_found")
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    assert entries[-1]["kind"] == "scheduled_reply_cancelled"
    assert (entries[-1]["text"], entries[-1]["actor"]["name"]) == ("We call you at noon", "Ivan")


async def test_the_text_of_a_scheduled_reply_can_be_changed_until_it_is_sent(
    api: Api, clock: ManualClock
) -> None:
    dialog = await api.open()
    reply = await schedule(api, dialog)
    words = {"manager_telegram_id": api.ivan.telegram_id, "text": "We call you at one"}
    answer = await api.call("PATCH", f"/scheduled/{reply['id']}", words)
    assert (answer.status_code, answer.json()["text"]) == (200, "We call you at one")
    assert (answer.json()["author"]["name"], answer.json()["files"]) == ("Ivan", 0)
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    assert (entries[-1]["kind"], entries[-1]["text"]) == ("scheduled_reply_edited", "We call you at noon")
    assert entries[-1]["data"]["new_text"] == "We call you at one"
    error_of(await api.call("PATCH", f"/scheduled/{reply['id']}", {**words, "text": " "}), 400, "bad_input")
    await ten_o_clock(api, clock)
    assert await texts(api, dialog) == ["We call you at one"]
    error_of(await api.call("PATCH", f"/scheduled/{reply['id']}", words), 409, "wrong_state")
    error_of(await api.call("PATCH", "/scheduled/999", words), 404, "not_found")


async def test_a_template_is_filled_in_when_it_is_scheduled(api: Api, clock: ManualClock) -> None:
    dialog = await api.open()
    body = {"name": "Hello", "kind": "reply", "text": "Hello {customer.name}"}
    template = await api.post("/templates", body, status=201)
    await schedule(api, dialog, text=None, template=template["id"])
    await ten_o_clock(api, clock)
    assert await texts(api, dialog) == ["Hello Anna"]


@pytest.mark.row("W-15")
async def test_the_conversation_sent_with_a_reply_has_no_notes_and_no_names(api: Api) -> None:
    dialog = await api.open("Angry customer")
    await say(api, dialog, text="We look")
    note = {"manager_telegram_id": api.maria.telegram_id, "text": "She is lying"}
    await api.post(f"/dialogs/{dialog['id']}/notes", note, status=201)
    answer = await say(api, dialog, text="Here is all of it", include_history=True)
    assert answer.status_code == 201
    await api.store.act(lambda tx: tx.run("UPDATE messages SET status = 'sent'"))
    rows = await api.store.read(
        lambda tx: tx.all(
            "SELECT kind, payload_json FROM outbox WHERE chat_id = :chat ORDER BY id",
            chat=api.anna.telegram_id,
        )
    )
    assert [row["kind"] for row in rows] == ["message", "message", "history_file"]
    until = rows[-1]["payload_json"]["last_message_id"]
    about = {"dialog_id": dialog["id"], "language": "en"}
    head = await api.store.read(history_head, **about)
    page = await api.store.read(history_page, after=head.last, until=until, **about)
    assert [line.partition(" · ")[2] for line in page.text.splitlines()] == [
        "Support: We look",
        "Support: Here is all of it",
    ]
    assert "Angry" not in head.text
