"""A manager is notified of the chosen topics, once, in one message, by the chosen channel."""

from typing import Any

import pytest

from holdline.desk.dialogs.due_dates import record_overdue
from holdline.desk.notices.subscriptions import send_digests
from holdline.dialogs.rules import DeskRules
from holdline.store.clock import ManualClock
from holdline.store.people import managers
from holdline.store.tx import Row
from holdline.texts import say
from tests.web.conftest import Api, error_of
from tests.web.ticket.test_attachments import attach

TOPICS = ("dialog_created", "stage", "queue", "tags", "note", "attachment", "escalation", "assigned")
NOTHING: dict[str, list[str]] = {topic: [] for topic in TOPICS}
ADDRESS = "ivan@example.org"


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(mail_from="desk@example.org")


async def choose(api: Api, manager: Any, **choice: Any) -> Any:
    answer = await api.call("PUT", f"/managers/{manager.id}/notifications", choice)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told(api: Api, clock: ManualClock, manager: Any) -> list[Row]:
    """The digests in a manager's own chat, after the moment for which they are gathered."""
    clock.advance(20)
    await api.store.act(send_digests)
    return await api.store.read(
        lambda tx: tx.all(
            "SELECT payload_json, dialog_id FROM outbox WHERE key LIKE 'digest:%' AND chat_id = :id ORDER BY id",
            id=manager.telegram_id,
        )
    )


def topics(row: Row) -> list[str]:
    said = row["payload_json"]
    return [line["key"].removeprefix("notify.") for line in (said, *said.get("more", ()))]


async def letters(api: Api) -> list[Row]:
    return await api.store.read(lambda tx: tx.all("SELECT * FROM mails ORDER BY id"))


@pytest.mark.row("R-36")
async def test_notification_settings_are_replaced_completely_by_the_desk(api: Api) -> None:
    path = f"/managers/{api.ivan.id}/notifications"
    assert await api.get(path) == {**NOTHING, "assigned": ["telegram"], "email": None}
    chosen = await choose(api, api.ivan, stage=["telegram", "email"], email=ADDRESS)
    assert chosen == {**NOTHING, "stage": ["telegram", "email"], "email": ADDRESS}
    assert await api.get(path) == chosen
    error_of(await api.as_("desk").call("PUT", path, {}), 403, "not_allowed")
    error_of(await api.call("PUT", "/managers/999/notifications", {}), 404, "not_found")
    error_of(await api.call("GET", "/managers/999/notifications"), 404, "not_found")
    for wrong in (
        {"stage": ["email"]},
        {"stage": ["email"], "email": "x"},
        {"wether": []},
        {"stage": ["sms"]},
    ):
        error_of(await api.call("PUT", path, wrong), 400, "bad_input")
    assert await api.get(path) == chosen


@pytest.mark.row("R-31")
async def test_new_dialogs_notify_subscribers_but_not_the_person_who_opened_them(
    api: Api, clock: ManualClock
) -> None:
    for manager in (api.maria, api.ivan):
        await choose(api, manager, dialog_created=["telegram"])
    dialog = await api.open()
    (row,) = await told(api, clock, api.ivan)
    assert (topics(row), row["dialog_id"]) == (["dialog_created"], dialog["id"])
    assert row["payload_json"]["words"]["title"] == "Lost parcel"
    assert f"dlg.go:{dialog['id']}" in str(row["payload_json"]["buttons"])
    assert await told(api, clock, api.maria) == []
    assert await told(api, clock, api.rita) == []


@pytest.mark.row("R-32", "R-33", "R-35")
async def test_several_notifications_within_seconds_are_one_message(api: Api, clock: ManualClock) -> None:
    for kind, name in (("stages", "Waiting"), ("queues", "Returns"), ("tags", "vip")):
        await api.post(f"/lists/{kind}", {"name": name}, status=201)
    everything = {topic: ["telegram"] for topic in TOPICS}
    for manager in (api.ivan, api.rita):
        await choose(api, manager, **everything)
    dialog = await api.open(participants=[api.ivan.telegram_id], due_at="2026-01-01T00:00:05Z")
    await told(api, clock, api.ivan)
    await api.change(dialog, stage="Waiting", queue="Returns", title="Found parcel")
    await api.change(dialog, tags=["vip"])
    note = {"manager_telegram_id": api.maria.telegram_id, "text": "Call her"}
    await api.post(f"/dialogs/{dialog['id']}/notes", note, status=201)
    await api.store.act(record_overdue, dialog_id=dialog["id"])
    _, row = await told(api, clock, api.ivan)
    assert topics(row) == ["stage", "queue", "tags", "note", "escalation"]
    assert row["payload_json"]["more"][2]["words"]["text"] == "Call her"
    assert [topics(one) for one in await told(api, clock, api.rita)] == [["dialog_created"]]


async def test_a_system_stage_has_the_same_name_in_notifications_and_on_cards(
    api: Api, clock: ManualClock
) -> None:
    await choose(api, api.ivan, stage=["telegram"])
    await api.store.act(lambda tx: managers.update(tx, api.ivan.id, language="pl"))
    dialog = await api.open(participants=[api.ivan.telegram_id])
    await api.change(dialog, stage="In handling")
    (row,) = await told(api, clock, api.ivan)
    words = row["payload_json"]["words"]
    assert (words["before"], words["after"]) == (
        say("cards.stage_new", "pl"),
        say("cards.stage_handling", "pl"),
    )


@pytest.mark.row("R-34")
async def test_files_that_are_added_or_removed_cause_notifications(api: Api, clock: ManualClock) -> None:
    for manager in (api.ivan, api.maria):
        await choose(api, manager, attachment=["telegram"])
    dialog = await api.open(participants=[api.ivan.telegram_id])
    added = (await attach(api, dialog, name="damage.png")).json()
    by = {"manager_telegram_id": api.maria.telegram_id}
    assert (await api.call("DELETE", f"/attachments/{added['id']}", by)).status_code == 200
    (row,) = await told(api, clock, api.ivan)
    came, went = (row["payload_json"], *row["payload_json"]["more"])
    for line, verb in ((came, "added"), (went, "removed")):
        expected = f"📎 #{dialog['id']} “Lost parcel”, file {verb}: damage.png (Maria)"
        assert say(line["key"], "en", **line["words"]) == expected
    assert await told(api, clock, api.maria) == []


async def test_a_manager_without_channels_is_not_notified_of_an_assignment(
    api: Api, clock: ManualClock
) -> None:
    await choose(api, api.rita)
    dialog = await api.open()
    for manager in (api.ivan, api.rita):
        body = {
            "manager_telegram_id": api.maria.telegram_id,
            "assignee_telegram_id": manager.telegram_id,
        }
        await api.post(f"/dialogs/{dialog['id']}/assign", body)
    assert await assigned_notices(api, api.ivan) == 1
    assert await assigned_notices(api, api.rita) == 0
    assert await told(api, clock, api.rita) == []


async def assigned_notices(api: Api, manager: Any) -> int:
    rows = await api.store.read(
        lambda tx: tx.all(
            "SELECT id FROM outbox WHERE key LIKE 'notice:desk_notices.assigned_to_you%' AND chat_id = :id",
            id=manager.telegram_id,
        )
    )
    return len(rows)


@pytest.mark.row("R-30")
async def test_a_manager_who_chose_e_mail_gets_a_letter(api: Api, clock: ManualClock) -> None:
    await choose(api, api.ivan, assigned=["email"], note=["email"], email=ADDRESS)
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "assignee_telegram_id": api.ivan.telegram_id}
    await api.post(f"/dialogs/{dialog['id']}/assign", body)
    assert (await told(api, clock, api.ivan), await assigned_notices(api, api.ivan)) == ([], 0)
    (letter,) = await letters(api)
    assert (letter["to_address"], "Lost parcel" in letter["subject"]) == (ADDRESS, True)
    for text in ("One", "Two"):
        note = {"manager_telegram_id": api.rita.telegram_id, "text": text}
        await api.post(f"/dialogs/{dialog['id']}/notes", note, status=201)
    await told(api, clock, api.ivan)
    _, digest = await letters(api)
    assert "One" in digest["body"] and "Two" in digest["body"] and "/notify" in digest["body"]


async def test_a_former_manager_is_not_notified(api: Api, clock: ManualClock) -> None:
    await choose(api, api.ivan, dialog_created=["telegram", "email"], email=ADDRESS)
    await api.open()
    await api.store.act(managers.update, api.ivan.id, active=False)
    assert (await told(api, clock, api.ivan), await letters(api)) == ([], [])


async def test_a_letter_that_waits_for_the_mail_server_is_not_sent_to_a_former_manager(
    api: Api, clock: ManualClock
) -> None:
    """A colleague reads the same mailbox, and gets theirs."""
    for reader in (api.ivan, api.rita):
        await choose(api, reader, dialog_created=["email"], email=ADDRESS)
    await api.open()
    await told(api, clock, api.ivan)
    answer = await api.call("PATCH", f"/managers/{api.ivan.id}", {"active": False})
    assert answer.status_code == 200, answer.text
    waiting = [(letter["reader_id"], letter["status"]) for letter in await letters(api)]
    assert sorted(waiting) == [(api.ivan.id, "refused"), (api.rita.id, "queued")]
