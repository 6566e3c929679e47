"""Files of a dialog itself, stored and fetched by an outside program."""

from typing import Any

import httpx
import pytest

from holdline.desk.dialogs.attachments import add_attachment
from holdline.dialogs.decisions.attachments import FILE_LIMIT, MOST_ATTACHMENTS, NewFile
from tests.web.conftest import Api, error_of

PICTURE = bytes(range(256)) * 4


async def attach(
    api: Api, dialog: Any, content: bytes = PICTURE, *, name: str = "damage.png", key: str | None = None
) -> httpx.Response:
    form = {"manager_telegram_id": str(api.maria.telegram_id)}
    files = {"file": (name, content, "image/png")}
    return await api.call("POST", f"/dialogs/{dialog['id']}/attachments", key=key, data=form, files=files)


async def test_a_file_is_put_listed_fetched_and_removed(api: Api) -> None:
    dialog = await api.open()
    answer = await attach(api, dialog)
    assert answer.status_code == 201, answer.text
    added = answer.json()
    told = {"id": added["id"], "name": "damage.png", "mime": "image/png", "size": len(PICTURE)}
    assert {name: added[name] for name in told} == told and added["author"] == "Maria"
    assert (await api.get(f"/dialogs/{dialog['id']}/attachments"))["items"] == [added]
    assert (await api.get(f"/dialogs/{dialog['id']}"))["attachments"] == 1
    fetched = await api.call("GET", f"/attachments/{added['id']}")
    assert (fetched.content, fetched.headers["content-type"]) == (PICTURE, "image/png")
    assert fetched.headers["content-disposition"].startswith('attachment; filename="damage.png"')
    body = {"manager_telegram_id": api.maria.telegram_id}
    answer = await api.call("DELETE", f"/attachments/{added['id']}", body)
    assert answer.json() == {"id": added["id"], "deleted": True}
    assert (await api.get(f"/dialogs/{dialog['id']}"))["attachments"] == 0
    for method, more in (("GET", None), ("DELETE", body)):
        error_of(await api.call(method, f"/attachments/{added['id']}", more), 404, "not_found")
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    kinds = [(entry["kind"], entry["data"]) for entry in entries if "attachment" in entry["kind"]]
    assert kinds == [("attachment_added", told), ("attachment_removed", told)]


async def test_a_name_of_another_alphabet_comes_back_whole(api: Api) -> None:
    added = (await attach(api, await api.open(), name="C:\\отчёт \U0001f4e6.pdf")).json()
    assert added["name"] == "отчёт \U0001f4e6.pdf"
    header = (await api.call("GET", f"/attachments/{added['id']}")).headers["content-disposition"]
    assert header.isascii() and "filename*=UTF-8''%D0%BE" in header


async def test_the_same_upload_is_one_file(api: Api) -> None:
    dialog = await api.open()
    first = await attach(api, dialog, key="once")
    assert (await attach(api, dialog, key="once")).json() == first.json()
    other = await attach(api, dialog, b"other", key="once")
    error_of(other, 409, "idempotency_conflict")
    assert len((await api.get(f"/dialogs/{dialog['id']}/attachments"))["items"]) == 1


async def test_an_invalid_upload_names_its_field(api: Api) -> None:
    dialog = await api.open()
    path, form = f"/dialogs/{dialog['id']}/attachments", {"manager_telegram_id": str(api.maria.telegram_id)}
    files = {"file": ("x.txt", b"x", "text/plain")}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"data": form, "files": {"picture": files["file"]}}, "picture"),
        ({"data": {}, "files": files}, "manager_telegram_id"),
        ({"data": {"manager_telegram_id": "Maria"}, "files": files}, "manager_telegram_id"),
        ({"data": {**form, "note": "x"}, "files": files}, "note"),
        ({"data": form, "files": {"file": ("x.txt", b"", "text/plain")}}, "file"),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}, "body"),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, "body"),
        ({"content": b"{}", "headers": {"Content-Type": "application/json"}}, "Content-Type"),
    ]
    for body, named in wrong:
        answer = await api.call("POST", path, **body)
        assert error_of(answer, 400, "bad_input")["object"]["name"] == named
    assert (await api.get(f"/dialogs/{dialog['id']}"))["attachments"] == 0


async def test_limits_are_named(api: Api) -> None:
    dialog = await api.open()
    error = error_of(await attach(api, dialog, bytes(FILE_LIMIT + 1)), 400, "bad_input")
    assert "20" in error["message"]
    error_of(await attach(api, dialog, bytes(FILE_LIMIT + 100_000)), 413, "too_large")
    for _ in range(MOST_ATTACHMENTS):
        assert (await attach(api, dialog, b"x")).status_code == 201
    assert "50" in error_of(await attach(api, dialog, b"x"), 400, "bad_input")["message"]


async def test_a_closed_dialog_keeps_its_files_and_takes_no_more(api: Api) -> None:
    dialog = await api.open()
    added = (await attach(api, dialog)).json()
    await api.move(dialog, "close", send_rating_form=False)
    error_of(await attach(api, dialog), 409, "dialog_closed")
    body = {"manager_telegram_id": api.maria.telegram_id}
    error_of(await api.call("DELETE", f"/attachments/{added['id']}", body), 409, "dialog_closed")
    assert (await api.call("GET", f"/attachments/{added['id']}")).content == PICTURE


@pytest.mark.parametrize("scope", ["send", "admin"])
async def test_files_are_for_keys_of_the_desk(api: Api, scope: str) -> None:
    dialog = await api.open()
    added = (await attach(api, dialog)).json()
    other = api.as_(scope)
    error_of(await attach(other, dialog), 403, "not_allowed")
    error_of(await other.call("GET", f"/attachments/{added['id']}"), 403, "not_allowed")


async def test_a_file_that_telegram_has_not_handed_over_yet_is_asked_for_again(api: Api) -> None:
    dialog = await api.open()
    file = NewFile("list.pdf", "application/pdf", 10, file_id="FILE")
    added = await api.store.act(add_attachment, manager=api.maria, dialog_id=dialog["id"], file=file)
    answer = await api.call("GET", f"/attachments/{added.id}")
    error = error_of(answer, 503, "unavailable")
    assert "fetched from Telegram" in error["message"] and answer.headers["retry-after"] in error["message"]
