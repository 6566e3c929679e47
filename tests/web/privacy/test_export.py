"""Everything about a customer as a ZIP, by the API."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from tests.web.conftest import Api, error_of

HOSTILE = '<script>alert("x")</script> & more'


async def exported(api: Api, customer_id: int, **params: Any) -> ZipFile:
    answer = await api.as_("admin").call("GET", f"/customers/{customer_id}/export", params=params)
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="customer-{customer_id}.zip"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    return ZipFile(BytesIO(answer.content))


def data_of(archive: ZipFile) -> Any:
    return json.loads(archive.read("data.json"))


@pytest.fixture
async def dialog(api: Api) -> Any:
    """A dialog of Anna with a photo, a hostile text, a reply, a note and a label."""
    sender = MessageSender(telegram_id=api.anna.telegram_id, name="Anna", username="anna_p")
    photo = {"file_id": "F-1", "file_size": 7}
    for content in (Content(text=HOSTILE), Content("photo", "My parcel", data=photo)):
        await api.store.act(receive_customer_message, sender=sender, content=content)
    dialog = await api.open()
    by = {"manager_telegram_id": api.maria.telegram_id}
    await api.post(f"/dialogs/{dialog['id']}/messages", {"text": "We look for it", **by}, status=201)
    await api.post(f"/dialogs/{dialog['id']}/notes", {"text": "She is angry", **by}, status=201)
    await api.call("PATCH", f"/customers/{api.anna.id}", {"tags": ["vip"], "fields": {"city": "Kraków"}})
    return dialog


async def test_an_export_contains_everything_about_one_customer_only(api: Api, dialog: Any) -> None:
    archive = await exported(api, api.anna.id)
    data = data_of(archive)
    assert (data["format"], data["version"], data["notes"]) == ("holdline-export", 1, False)
    (person,) = data["customers"]
    assert (person["telegram_id"], person["username"], person["fields"]) == (
        api.anna.telegram_id,
        "anna_p",
        {"city": "Kraków"},
    )
    assert [row["text"] for row in data["messages"]] == [HOSTILE, "My parcel", "We look for it"]
    assert [row["name"] for row in data["customer_tags"]] == ["vip"]
    assert [(row["id"], row["title"]) for row in data["dialogs"]] == [(dialog["id"], "Lost parcel")]
    assert data["media"] == [{"message_id": 2, "kind": "photo", "file_size": 7, "file_id": "F-1"}]
    assert "notes" in data and "She is angry" not in json.dumps(data), "managers' notes only if asked for"
    other = data_of(await exported(api, api.boris.id))
    assert other["messages"] == [] and other["dialogs"] == []


async def test_the_exported_conversation_is_readable_and_runs_no_script(api: Api, dialog: Any) -> None:
    archive = await exported(api, api.anna.id)
    page = archive.read("conversation.html").decode()
    assert "<script" not in page and "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; more" in page
    assert "We look for it" in page and "My parcel" in page
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "Maria" not in everything, "a customer does not learn who the managers are"


async def test_notes_are_there_if_they_are_asked_for(api: Api, dialog: Any) -> None:
    data = data_of(await exported(api, api.anna.id, notes=True))
    assert [row["text"] for row in data["notes"]] == ["She is angry"]


async def test_stored_files_are_inside_under_a_safe_name(api: Api, dialog: Any) -> None:
    answer = await api.client.post(
        f"http://desk.test/api/v1/dialogs/{dialog['id']}/attachments",
        headers={"Authorization": f"Bearer {api.secret}"},
        data={"manager_telegram_id": str(api.maria.telegram_id)},
        files={"file": ("../../contract.pdf", b"%PDF-1", "application/pdf")},
    )
    assert answer.status_code == 201, answer.text
    archive = await exported(api, api.anna.id)
    (name,) = [name for name in archive.namelist() if name.startswith("attachments/")]
    assert name.count("/") == 1 and ".." not in name.split("-", 1)[0] and archive.read(name) == b"%PDF-1"


async def test_an_unknown_customer_has_no_export(api: Api) -> None:
    answer = await api.as_("admin").call("GET", "/customers/999/export")
    error_of(answer, 404, "not_found")
