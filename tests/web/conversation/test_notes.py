"""Notes of a dialog, as an outside program lists and deletes them."""

from typing import Any

import pytest

from tests.web.conftest import Api, error_of


async def write(api: Api, dialog: Any, text: str, by: int) -> int:
    body = {"manager_telegram_id": by, "text": text}
    return int((await api.post(f"/dialogs/{dialog['id']}/notes", body, status=201))["id"])


async def notes(api: Api, dialog: Any) -> Any:
    return (await api.get(f"/dialogs/{dialog['id']}/notes"))["items"]


@pytest.mark.row("S-15")
async def test_a_deleted_note_is_gone_and_its_text_stays_in_history(api: Api) -> None:
    dialog = await api.open()
    first = await write(api, dialog, "He is angry", api.maria.telegram_id)
    second = await write(api, dialog, "Call him", api.ivan.telegram_id)
    assert [(note["id"], note["text"], note["author"]["name"]) for note in await notes(api, dialog)] == [
        (first, "He is angry", "Maria"),
        (second, "Call him", "Ivan"),
    ]
    by = {"manager_telegram_id": api.maria.telegram_id}
    answer = await api.call("DELETE", f"/notes/{first}", by)
    assert answer.status_code == 200 and answer.json()["deleted_at"] is not None
    gone, there = await notes(api, dialog)
    assert (gone["text"], gone["deleted_at"] is None, there["deleted_at"]) == ("", False, None)
    await api.call("DELETE", f"/notes/{first}", by)
    history = (await api.get(f"/dialogs/{dialog['id']}/history", kind="note_deleted"))["items"]
    assert [(e["text"], e["actor"]["name"], e["data"]["written_by"]) for e in history] == [
        ("He is angry", "Maria", "Maria")
    ]


async def test_another_managers_note_is_deleted_by_a_manager_who_may_assign_dialogs(api: Api) -> None:
    dialog = await api.open()
    note = await write(api, dialog, "Mine", api.maria.telegram_id)
    refused = await api.call("DELETE", f"/notes/{note}", {"manager_telegram_id": api.rita.telegram_id})
    assert error_of(refused, 403, "not_allowed")["object"]["name"] == "dialog.assign"
    missing = await api.call("DELETE", "/notes/999999", {"manager_telegram_id": api.maria.telegram_id})
    error_of(missing, 404, "not_found")
    assert [one["text"] for one in await notes(api, dialog)] == ["Mine"]
