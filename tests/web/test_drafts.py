"""Replies that wait for approval, as an outside program drives them."""

from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from tests.web.conftest import Api, error_of


@pytest.fixture
async def dialog(api: Api) -> Any:
    return await api.open()


@pytest.mark.row("C-45")
@pytest.mark.row("S-24")
@pytest.mark.row("S-25")
@pytest.mark.row("S-26")
async def test_a_restricted_reply_is_seen_by_the_customer_only_once_approved(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "We found it")
    assert draft == {"id": draft["id"], "dialog_id": dialog["id"], "status": "draft"}
    assert await texts_of(api, dialog) == []
    assert (await api.get(f"/dialogs/{dialog['id']}"))["stage"] == "Awaiting review"
    (waiting,) = (await api.get("/drafts", state="waiting"))["items"]
    assert (waiting["id"], waiting["text"], waiting["author"]["name"]) == (draft["id"], "We found it", "Rita")
    approved = await decide(api, draft, "approve")
    assert (approved["state"], approved["decided_by"]["name"]) == ("sent", "Maria")
    assert await texts_of(api, dialog) == [("Rita", "We found it")]
    assert (await api.get(f"/dialogs/{dialog['id']}"))["stage"] == "In handling"


@pytest.mark.row("S-19")
async def test_the_approver_may_change_the_text_and_history_names_both(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "its here")
    approved = await decide(api, draft, "approve", text="It is here.")
    assert approved["text"] == "It is here."
    assert await texts_of(api, dialog) == [("Rita", "It is here.")]
    (entry,) = await api.entries(dialog, "draft_approved")
    assert (entry["actor"]["name"], entry["data"]["author"]["name"]) == ("Maria", "Rita")
    assert (entry["text"], entry["data"]["edited"]) == ("It is here.", True)
    error_of(await ask(api, draft, "approve"), 409, "wrong_state")
    assert len(await texts_of(api, dialog)) == 1


@pytest.mark.row("S-20")
@pytest.mark.row("S-27")
async def test_a_returned_draft_is_corrected_and_submitted_again(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "No idea")
    returned = await decide(api, draft, "return", reason="Friendlier, please")
    assert (returned["state"], returned["reason"]) == ("returned", "Friendlier, please")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["stage"] == "In handling"
    (entry,) = await api.entries(dialog, "draft_returned")
    assert (entry["text"], entry["actor"]["name"]) == ("Friendlier, please", "Maria")
    refused = error_of(await ask(api, draft, "approve"), 409, "wrong_state")
    assert refused["message"] == "This draft is back with its author: Maria has returned it."
    error_of(await ask(api, draft, "submit", text="Mine now"), 403, "not_allowed")
    again = await decide(api, draft, "submit", by=api.rita.telegram_id, text="I will find out")
    assert (again["state"], again["reason"]) == ("waiting", None)
    assert (await api.get(f"/dialogs/{dialog['id']}"))["stage"] == "Awaiting review"
    await decide(api, draft, "approve")
    assert await texts_of(api, dialog) == [("Rita", "I will find out")]
    assert [entry["text"] for entry in await api.entries(dialog, "draft_submitted")] == [
        "No idea",
        "I will find out",
    ]


@pytest.mark.row("S-21")
@pytest.mark.row("S-28")
async def test_a_draft_has_notes_of_its_own(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "Maybe")
    noted = await decide(api, draft, "notes", status=201, text="Ask the courier first")
    (note,) = noted["notes"]
    assert (note["text"], note["author"]["name"]) == ("Ask the courier first", "Maria")
    path = f"/drafts/{draft['id']}/notes/{note['id']}"
    by_rita = {"manager_telegram_id": api.rita.telegram_id}
    error_of(await api.call("DELETE", path, by_rita), 403, "not_allowed")
    answer = await api.call("DELETE", path, {"manager_telegram_id": api.maria.telegram_id})
    assert answer.json()["notes"] == []
    told = [
        (kind, entry["text"])
        for kind in ("draft_note_added", "draft_note_removed")
        for entry in await api.entries(dialog, kind)
    ]
    assert told == [
        ("draft_note_added", "Ask the courier first"),
        ("draft_note_removed", "Ask the courier first"),
    ]
    assert await api.entries(dialog, "note_created") == []


@pytest.mark.row("S-29")
async def test_approving_needs_the_permission_and_another_managers_draft(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "Mine")
    error_of(await ask(api, draft, "approve", by=api.rita.telegram_id), 403, "not_allowed")
    promoted = await api.as_("admin").call("PATCH", f"/managers/{api.rita.id}", {"role": "manager"})
    assert promoted.status_code == 200, promoted.text
    for verb, more in (("approve", {}), ("return", {"reason": "x"})):
        refused = await ask(api, draft, verb, by=api.rita.telegram_id, **more)
        assert error_of(refused, 403, "own_draft")["object"]["id"] == draft["id"]
    assert await texts_of(api, dialog) == []


@pytest.mark.row("C-45")
@pytest.mark.row("S-30")
async def test_an_approval_obeys_the_rules_for_replies(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "Late words")
    await api.move(dialog, "pause")
    assert error_of(await ask(api, draft, "approve"), 409, "dialog_paused")["allowed"] == [
        "resume",
        "write_general",
    ]
    await api.move(dialog, "close", send_rating_form=False)
    assert (await api.get(f"/drafts/{draft['id']}"))["state"] == "dropped"
    assert error_of(await ask(api, draft, "approve"), 409, "dialog_closed")["allowed"] == [
        "write_general",
        "new_dialog",
    ]
    error_of(await ask(api, draft, "submit", by=api.rita.telegram_id, text="again"), 409, "wrong_state")
    refused = await say(api, dialog, "Anything", by=api.rita.telegram_id)
    error_of(refused, 409, "dialog_closed")
    assert await texts_of(api, dialog) == []
    assert (await api.get(f"/dialogs/{dialog['id']}"))["stage"] == "Closed"


async def test_an_approver_who_has_not_seen_the_newest_message_is_asked(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "We are looking")
    await customer_says(api, "Found it myself!")
    refused = error_of(await ask(api, draft, "approve"), 409, "newer_message")
    assert refused["allowed"] == ["send_anyway"]
    await decide(api, draft, "approve", seen_message_id=refused["object"]["id"])
    other = await write(api, dialog, "Good")
    await customer_says(api, "Thanks")
    await decide(api, other, "approve", anyway=True)
    assert [text for who, text in await texts_of(api, dialog) if who == "Rita"] == ["We are looking", "Good"]


async def test_a_reply_that_crosses_the_customers_message_needs_confirmation(api: Api, dialog: Any) -> None:
    await customer_says(api, "Hello?")
    (seen,) = (await api.get(f"/dialogs/{dialog['id']}/transcript"))["items"]
    await customer_says(api, "I found it")
    refused = await say(api, dialog, "Still looking", seen_message_id=seen["id"])
    assert error_of(refused, 409, "newer_message")["allowed"] == ["send_anyway"]
    sent = await say(api, dialog, "Still looking", seen_message_id=seen["id"], anyway=True)
    assert sent.status_code == 201
    unasked = await say(api, dialog, "Great")
    assert unasked.status_code == 201


async def test_two_drafts_wait_in_review_until_both_are_decided(api: Api, dialog: Any) -> None:
    first, second = await write(api, dialog, "One"), await write(api, dialog, "Two")
    await decide(api, first, "approve")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["stage"] == "Awaiting review"
    await decide(api, second, "return", reason="No")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["stage"] == "In handling"


async def test_an_invalid_field_is_named_and_nothing_changes(api: Api, dialog: Any) -> None:
    draft = await write(api, dialog, "Words")
    for verb, body, field in (
        ("approve", {"text": "   "}, "text"),
        ("approve", {"text": "x" * 20_000}, "text"),
        ("return", {"reason": " "}, "reason"),
        ("return", {}, "reason"),
        ("notes", {"text": "  "}, "text"),
    ):
        assert error_of(await ask(api, draft, verb, **body), 400, "bad_input")["object"]["name"] == field
    assert (await api.get(f"/drafts/{draft['id']}"))["state"] == "waiting"
    error_of(await api.call("GET", "/drafts/999999"), 404, "not_found")
    error_of(await api.call("GET", "/drafts", params={"state": "lost"}), 400, "bad_input")


async def say(api: Api, dialog: Any, text: str, *, by: int | None = None, **more: Any) -> Any:
    body = {"manager_telegram_id": by or api.maria.telegram_id, "text": text, **more}
    return await api.call("POST", f"/dialogs/{dialog['id']}/messages", body)


async def write(api: Api, dialog: Any, text: str) -> Any:
    answer = await say(api, dialog, text, by=api.rita.telegram_id)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def ask(api: Api, draft: Any, verb: str, *, by: int | None = None, **more: Any) -> Any:
    body = {"manager_telegram_id": by or api.maria.telegram_id, **more}
    return await api.call("POST", f"/drafts/{draft['id']}/{verb}", body)


async def decide(api: Api, draft: Any, verb: str, *, status: int = 200, **more: Any) -> Any:
    answer = await ask(api, draft, verb, **more)
    assert answer.status_code == status, answer.text
    return answer.json()


async def texts_of(api: Api, dialog: Any) -> list[tuple[str, str]]:
    items = (await api.get(f"/dialogs/{dialog['id']}/transcript"))["items"]
    return [(item["author"]["name"], item["text"]) for item in items]


async def customer_says(api: Api, text: str) -> None:
    sender = MessageSender(telegram_id=api.anna.telegram_id, name="Anna")
    await api.store.act(receive_customer_message, sender=sender, content=Content(text=text))
