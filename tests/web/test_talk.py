"""Who may write where, and how it can be read afterwards."""

import pytest

from holdline.dialogs.event import SYSTEM, Event
from holdline.store.dialogs import history
from holdline.store.people import bots
from tests.web.conftest import Api, error_of


def said(api: Api, words: str) -> dict[str, object]:
    return {"manager_telegram_id": api.maria.telegram_id, "text": words}


@pytest.mark.row("W-12")
async def test_a_reply_is_sent_inside_an_active_dialog(api: Api) -> None:
    dialog = await api.open()
    answer = await api.post(f"/dialogs/{dialog['id']}/messages", said(api, "On its way"), status=201)
    assert set(answer) == {"id", "dialog_id", "status"}
    assert (answer["dialog_id"], answer["status"]) == (dialog["id"], "queued")
    lines = (await api.get(f"/dialogs/{dialog['id']}/transcript"))["items"]
    assert lines == [
        {
            "id": answer["id"],
            "at": "2026-01-01T00:00:00Z",
            "direction": "out",
            "channel": "telegram",
            "author": {"kind": "manager", "telegram_id": api.maria.telegram_id, "name": "Maria"},
            "kind": "text",
            "text": "On its way",
            "status": "queued",
            "dialog_id": dialog["id"],
        }
    ]


@pytest.mark.row("L-45")
@pytest.mark.row("L-46")
async def test_the_api_refuses_a_message_outside_the_dialog_while_one_is_active(api: Api) -> None:
    path = f"/customers/{api.anna.id}/messages"
    dialog = await api.open()
    error = error_of(await api.call("POST", path, said(api, "Hi")), 409, "active_dialog_exists")
    assert error["object"]["id"] == dialog["id"]
    await api.move(dialog, "pause")
    answer = await api.post(path, said(api, "Hi"), status=201)
    assert set(answer) == {"id", "status"}
    assert [line["text"] for line in (await api.get(path))["items"]] == ["Hi"]


@pytest.mark.row("L-47")
@pytest.mark.row("L-48")
async def test_nothing_is_written_into_a_paused_dialog(api: Api) -> None:
    dialog = await api.open()
    await api.move(dialog, "pause")
    path = f"/dialogs/{dialog['id']}/messages"
    error = error_of(await api.call("POST", path, said(api, "Hi")), 409, "dialog_paused")
    assert error["allowed"] == ["resume", "write_general"]
    await api.move(dialog, "resume")
    await api.post(path, said(api, "Hi"), status=201)


@pytest.mark.row("L-50")
async def test_nothing_is_written_into_a_closed_dialog(api: Api) -> None:
    dialog = await api.open()
    await api.move(dialog, "close", send_rating_form=False)
    path = f"/dialogs/{dialog['id']}/messages"
    error = error_of(await api.call("POST", path, said(api, "Hi")), 409, "dialog_closed")
    assert error["allowed"] == ["write_general", "new_dialog"]
    await api.post(f"/customers/{api.anna.id}/messages", said(api, "Hi"), status=201)


@pytest.mark.row("L-01")
@pytest.mark.row("L-23")
async def test_a_dialog_shows_only_its_own_messages(api: Api) -> None:
    general = f"/customers/{api.anna.id}/messages"
    await api.post(general, said(api, "before"), status=201)
    dialog = await api.open()
    await api.post(f"/dialogs/{dialog['id']}/messages", said(api, "inside"), status=201)
    await api.move(dialog, "pause")
    await api.post(general, said(api, "beside"), status=201)

    async def texts(path: str, **words: str) -> list[str]:
        return [line["text"] for line in (await api.get(path, **words))["items"]]

    assert await texts(f"/dialogs/{dialog['id']}/transcript") == ["inside"]
    assert await texts(general) == ["before", "beside"]
    everything = f"/customers/{api.anna.id}/transcript"
    assert await texts(everything) == ["before", "inside", "beside"]
    assert await texts(everything, order="newest") == ["beside", "inside", "before"]


@pytest.mark.row("R-17")
@pytest.mark.row("S-14")
async def test_a_note_is_in_the_history_and_in_no_transcript(api: Api) -> None:
    dialog = await api.open()
    note = await api.post(f"/dialogs/{dialog['id']}/notes", said(api, "Be kind"), status=201)
    assert note == {"id": note["id"], "dialog_id": dialog["id"], "status": "stored"}
    assert (await api.get(f"/customers/{api.anna.id}/transcript"))["items"] == []
    entry = (await api.get(f"/dialogs/{dialog['id']}/history", order="newest"))["items"]
    noted = next(one for one in entry if one["kind"] == "note_created")
    assert noted["text"] == "Be kind"
    assert noted["actor"] == {"kind": "manager", "telegram_id": api.maria.telegram_id, "name": "Maria"}


async def test_a_closed_dialog_takes_notes_which_move_no_assignment(api: Api) -> None:
    dialog = await api.open()
    await api.move(dialog, "close", send_rating_form=False)
    note = {"manager_telegram_id": api.ivan.telegram_id, "text": "Be kind"}
    await api.post(f"/dialogs/{dialog['id']}/notes", note, status=201)
    after = await api.get(f"/dialogs/{dialog['id']}")
    assert (after["state"], after["assignee"]["name"]) == ("closed", "Maria")


@pytest.mark.row("W-10")
async def test_a_reply_moves_the_assignment(api: Api) -> None:
    dialog = await api.open(manager_telegram_id=api.ivan.telegram_id)
    await api.post(f"/dialogs/{dialog['id']}/messages", said(api, "I take it"), status=201)
    assert (await api.get(f"/dialogs/{dialog['id']}"))["assignee"]["name"] == "Maria"


@pytest.mark.row("S-12")
@pytest.mark.row("S-18")
@pytest.mark.row("R-07")
async def test_history_shows_every_step_in_either_order(api: Api) -> None:
    dialog = await api.open()
    await api.move(dialog, "pause")
    await api.move(dialog, "resume")
    await api.move(dialog, "close", send_rating_form=False, reason="Done")
    path = f"/dialogs/{dialog['id']}/history"
    kinds = [entry["kind"] for entry in (await api.get(path))["items"]]
    assert kinds == ["dialog_opened", "dialog_paused", "dialog_resumed", "dialog_closed"]
    assert [entry["kind"] for entry in (await api.get(path, order="newest"))["items"]] == kinds[::-1]
    moves = [(e["data"].get("from"), e["data"].get("to")) for e in (await api.get(path))["items"]][1:]
    assert moves == [("active", "paused"), ("paused", "active"), ("active", "closed")]
    of_customer = (await api.get(f"/customers/{api.anna.id}/history"))["items"]
    assert [entry["kind"] for entry in of_customer][-4:] == kinds


async def test_a_restricted_manager_s_reply_is_not_sent_without_approval(api: Api) -> None:
    dialog = await api.open(manager_telegram_id=api.rita.telegram_id)
    body = {"manager_telegram_id": api.rita.telegram_id, "text": "Hi"}
    answer = await api.call("POST", f"/dialogs/{dialog['id']}/messages", body)
    if answer.status_code == 201:
        assert answer.json()["status"] == "draft"
    else:
        assert error_of(answer, 403, "not_allowed")["object"]["name"] == "reply.direct"


async def test_fields_that_do_not_apply_are_left_out(api: Api) -> None:
    """A line of the bot's own has no Telegram id, an entry without words no text."""
    dialog = await api.open()
    await api.move(dialog, "close", send_rating_form=True)
    unsaid = Event("undelivered", SYSTEM, api.anna.id, dialog["id"])
    await api.store.act(lambda tx: history.add(tx, [unsaid]))
    entries = (await api.get(f"/customers/{api.anna.id}/history"))["items"]
    closed = next(one for one in entries if one["kind"] == "dialog_closed")
    assert "text" not in closed
    system = [one for one in entries if one["actor"]["kind"] == "system"]
    assert system and all("telegram_id" not in one["actor"] for one in system)
    document = await api.get("/openapi.json")
    for name in ("AuthorOut", "ActorOut"):
        schema = document["components"]["schemas"][name]
        assert "telegram_id" not in schema["required"]
        assert schema["properties"]["telegram_id"]["type"] == "integer"


@pytest.mark.row("W-13")
async def test_a_reply_names_the_bot_that_the_customer_knows_and_any_other_is_refused(
    api: Api,
) -> None:
    await api.store.act(bots.save, username="desk_bot", topics_in_private=False)
    dialog = await api.open()
    assert dialog["inbox"] == "desk_bot"
    path, by = f"/dialogs/{dialog['id']}/messages", {"manager_telegram_id": api.maria.telegram_id}
    wrong = await api.call("POST", path, {**by, "text": "From elsewhere", "inbox": "shop_bot"})
    error = error_of(wrong, 400, "bad_input")
    assert error["object"]["name"] == "inbox" and "desk_bot" in error["message"]
    await api.post(path, {**by, "text": "From here", "inbox": "desk_bot"}, status=201)
    await api.post(path, {**by, "text": "Without a choice"}, status=201)
    said = (await api.get(f"/dialogs/{dialog['id']}/transcript"))["items"]
    assert [line["text"] for line in said] == ["From here", "Without a choice"]
