"""One search over everything that the desk knows."""

from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.people import managers
from tests.web.conftest import ANNA, Api, error_of


async def find(api: Api, words: str, **more: Any) -> list[dict[str, Any]]:
    by = str(api.maria.telegram_id)
    found = await api.get("/search", q=words, manager_telegram_id=by, **more)
    assert set(found) == {"items", "next"}
    return list(found["items"])


async def hits(api: Api, words: str) -> list[tuple[str, int | None]]:
    return [(hit["kind"], hit["dialog_id"]) for hit in await find(api, words)]


async def hear(api: Api, text: str, *, number: int = 1, sender: MessageSender = ANNA, **data: Any) -> None:
    kind = "document" if data else "text"
    content = Content(kind=kind, text=text, chat_id=sender.telegram_id, tg_message_id=number, data=data)
    await api.store.act(receive_customer_message, sender=sender, content=content)


def said(api: Api, words: str) -> dict[str, Any]:
    return {"manager_telegram_id": api.maria.telegram_id, "text": words}


@pytest.mark.parametrize("words", ["zwrot", "ZWROT PIEN", "pieniedzy", "Pieniędzy zwrot", "lodz", "Łódź"])
async def test_titles_are_found_by_the_beginnings_of_words_in_any_case_with_or_without_accents(
    api: Api, words: str
) -> None:
    dialog = await api.open("Zwrot pieniędzy, Łódź")
    (hit,) = await find(api, words)
    assert hit == {
        "kind": "dialog",
        "dialog_id": dialog["id"],
        "customer_id": api.anna.id,
        "snippet": f"#{dialog['id']} Zwrot pieniędzy, Łódź",
    }
    assert await find(api, "wrot") == []


@pytest.mark.row("C-33")
@pytest.mark.parametrize("words", ["ещё", "ЕЩЕ посылк", "посылку"])
async def test_messages_are_found_in_dialogs_and_outside(api: Api, words: str) -> None:
    await hear(api, "Ещё жду мою Посылку")
    assert await hits(api, words) == [("message", None)]
    dialog = await api.open("Delay")
    await hear(api, "И ещё одну посылку", number=2)
    assert ("message", dialog["id"]) in await hits(api, words)


@pytest.mark.row("C-33")
async def test_notes_are_found(api: Api) -> None:
    dialog = await api.open("Delay")
    await api.post(f"/dialogs/{dialog['id']}/notes", said(api, "He shouts at couriers"), status=201)
    (hit,) = await find(api, "courier")
    assert (hit["kind"], hit["dialog_id"], hit["snippet"]) == ("note", dialog["id"], "He shouts at couriers")


@pytest.mark.row("C-33")
async def test_dialogs_and_customers_are_found_by_number_name_and_username(api: Api) -> None:
    dialog = await api.open("Delay")
    assert ("dialog", dialog["id"]) in await hits(api, f"#{dialog['id']}")
    assert ("dialog", dialog["id"]) in await hits(api, str(dialog["id"]))
    assert await hits(api, str(api.boris.telegram_id)) == [("customer", None)]
    assert [hit["customer_id"] for hit in await find(api, "bor")] == [api.boris.id]
    zofia = MessageSender(telegram_id=510000009, name="Zofia Żak", username="zofia_100")
    await hear(api, "dzień dobry", sender=zofia)
    for words in ("@zofia_100", "zak", "ŻAK zofia"):
        (hit,) = await find(api, words)
        assert (hit["kind"], hit["snippet"]) == ("customer", "Zofia Żak · @zofia_100 · 510000009")


@pytest.mark.row("C-33")
async def test_tags_fields_and_names_of_files_are_found(api: Api) -> None:
    await api.post("/lists/tags", {"name": "vip refund"}, status=201)
    await api.post("/fields", {"name": "Order", "kind": "text"}, status=201)
    dialog = await api.open("Delay")
    by = api.maria.telegram_id
    changes = {"manager_telegram_id": by, "tags": ["vip refund"], "fields": {"Order": "Заказ INV-2231"}}
    assert (await api.call("PATCH", f"/dialogs/{dialog['id']}", changes)).status_code == 200
    for words in ("refund", "inv-2231", "заказ"):
        assert await hits(api, words) == [("dialog", dialog["id"])]
    await hear(api, "", file_name="contract_2026.pdf")
    (hit,) = await find(api, "contract")
    assert (hit["kind"], hit["snippet"]) == ("message", "📎 contract_2026.pdf")
    file = {"file": ("passport scan.png", b"x", "image/png")}
    path = f"http://desk.test/api/v1/dialogs/{dialog['id']}/attachments"
    headers = {"Authorization": f"Bearer {api.secret}"}
    words = {"manager_telegram_id": str(by)}
    answer = await api.client.post(path, files=file, data=words, headers=headers)
    assert answer.status_code == 201
    assert await hits(api, "passport") == [("dialog", dialog["id"])]


async def test_a_found_dialog_does_not_show_a_yes_or_no_without_its_question(api: Api) -> None:
    await api.post("/fields", {"name": "Insured", "kind": "yes_no"}, status=201)
    dialog = await api.open("Delay")
    await api.change(dialog, fields={"Insured": True})
    (hit,) = await find(api, "delay")
    assert hit["snippet"] == f"#{dialog['id']} Delay"


async def test_an_edited_text_is_found_by_its_new_words(api: Api) -> None:
    dialog = await api.open("Delay")
    body = {"manager_telegram_id": api.maria.telegram_id, "title": "Broken screen"}
    assert (await api.call("PATCH", f"/dialogs/{dialog['id']}", body)).status_code == 200
    assert await find(api, "delay") == []
    assert await hits(api, "screen") == [("dialog", dialog["id"])]


async def test_the_text_around_a_match_is_shown(api: Api) -> None:
    await hear(api, f"{'before ' * 30}needle{' after' * 40}")
    (hit,) = await find(api, "needle")
    assert hit["snippet"].startswith("…") and hit["snippet"].endswith("…")
    assert " needle after" in hit["snippet"]


@pytest.mark.parametrize(
    "words", ["!", "%", '" OR 1', "a* NOT b", "'; DROP TABLE dialogs; --", "½ ²", "😀", "a_b:*&(c)"]
)
async def test_unusual_characters_break_nothing(api: Api, words: str) -> None:
    await api.open("Delay")
    assert await find(api, words) == []


async def test_an_empty_search_is_refused(api: Api) -> None:
    by = {"manager_telegram_id": str(api.maria.telegram_id)}
    for words in ("", " ", "x" * 201):
        error_of(await api.call("GET", "/search", params={"q": words, **by}), 400, "bad_input")


async def test_only_a_manager_of_the_desk_finds_anything(api: Api) -> None:
    stranger = {"q": "delay", "manager_telegram_id": "777"}
    error_of(await api.call("GET", "/search", params=stranger), 404, "not_found")
    await api.store.act(managers.update, api.ivan.id, active=False)
    left = {"q": "delay", "manager_telegram_id": str(api.ivan.telegram_id)}
    error_of(await api.call("GET", "/search", params=left), 403, "not_allowed")
    maria = left | {"manager_telegram_id": str(api.maria.telegram_id)}
    error_of(await api.as_("send").call("GET", "/search", params=maria), 403, "not_allowed")


@pytest.mark.row("C-17")
@pytest.mark.row("W-11")
async def test_searching_assigns_nobody(api: Api) -> None:
    dialog = await api.open("Delay", manager_telegram_id=api.ivan.telegram_id)
    await find(api, "delay")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["assignee"]["name"] == "Ivan"
