"""The overview of a customer's dialogs, and the transcript file of one dialog (K-01 … K-18)."""

import pytest

from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from tests.web.conftest import Api, error_of


async def add_tags(api: Api, *names: str) -> None:
    for name in names:
        await api.post("/lists/tags", {"name": name}, status=201)


async def tag(api: Api, dialog_id: int, *names: str) -> None:
    body = {"manager_telegram_id": api.maria.telegram_id, "tags": list(names)}
    assert (await api.call("PATCH", f"/dialogs/{dialog_id}", body)).status_code == 200


@pytest.mark.row("K-03")
@pytest.mark.row("K-04")
@pytest.mark.row("K-08")
@pytest.mark.row("K-09")
async def test_the_overview_summarises_each_dialog(api: Api) -> None:
    await add_tags(api, "refund")
    dialog = await api.open("Money back")
    await tag(api, dialog["id"], "refund")
    await api.move(dialog, "close", send_rating_form=False)
    found = await api.get(f"/customers/{api.anna.id}/overview")
    assert found == {
        "repeated": [],
        "items": [
            {
                "dialog_id": dialog["id"],
                "title": "Money back",
                "state": "closed",
                "assignee": "Maria",
                "channel": "telegram",
                "tags": [{"name": "refund", "by": "manager"}],
                "closed_at": "2026-01-01T00:00:00Z",
                "last_at": "2026-01-01T00:00:00Z",
            }
        ],
        "next": None,
    }


@pytest.mark.row("K-17")
async def test_the_overview_is_sorted_and_filtered_and_assigns_nobody(api: Api) -> None:
    ids = []
    for step in ("close", "pause"):
        dialog = await api.open(f"To {step}")
        await api.move(dialog, step)
        ids.append(dialog["id"])
    ids.append((await api.open("Now"))["id"])
    path = f"/customers/{api.anna.id}/overview"

    async def ids_of(**words: str) -> list[int]:
        return [item["dialog_id"] for item in (await api.get(path, **words))["items"]]

    before = (await api.get("/dialogs"))["items"]
    assert await ids_of() == ids[::-1]
    assert await ids_of(order="oldest") == ids
    assert await ids_of(state="closed") == ids[:1]
    assert await ids_of(state="open") == [ids[2], ids[1]]
    assert await ids_of(state="paused", order="oldest") == ids[1:2]
    first = await api.get(path, limit="2")
    assert await ids_of(limit="2", cursor=first["next"]) == ids[:1]
    assert (await api.get("/dialogs"))["items"] == before


@pytest.mark.row("K-15")
async def test_a_topic_that_recurs_within_ninety_days_is_shown(api: Api) -> None:
    await add_tags(api, "refund", "delivery")
    for number in range(3):
        dialog = await api.open(f"Again {number}")
        await tag(api, dialog["id"], *(["refund", "delivery"] if number == 0 else ["refund"]))
        await api.move(dialog, "close")
    path = f"/customers/{api.anna.id}/overview"
    assert (await api.get(path))["repeated"] == [{"tag": "refund", "times": 3, "days": 90}]
    assert (await api.get(path, state="active"))["repeated"] == [{"tag": "refund", "times": 3, "days": 90}]
    api.store.clock.advance(91 * 86_400)
    assert (await api.get(path))["repeated"] == []


@pytest.mark.row("K-05")
async def test_a_dialog_without_an_assignee_is_unassigned(api: Api) -> None:
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "assignee_telegram_id": None}
    await api.post(f"/dialogs/{dialog['id']}/assign", body)
    assert (await api.get(f"/customers/{api.anna.id}/overview"))["items"][0]["assignee"] == "Unassigned"


async def test_the_author_of_a_tag_stays_known_when_others_change_tags(api: Api) -> None:
    await add_tags(api, "refund", "delivery")
    dialog = await api.open()

    def tag_by_rule(tx: Tx) -> None:
        refund = tx.one("SELECT id FROM lists WHERE kind = 'tags' AND name = 'refund'")
        assert refund is not None
        dialogs.add_label(tx, dialog["id"], refund["id"], source="rule")

    await api.store.act(tag_by_rule)
    await tag(api, dialog["id"], "refund", "delivery")
    (item,) = (await api.get(f"/customers/{api.anna.id}/overview"))["items"]
    assert item["tags"] == [{"name": "delivery", "by": "manager"}, {"name": "refund", "by": "rule"}]


async def test_an_unknown_customer_has_no_overview(api: Api) -> None:
    error_of(await api.call("GET", "/customers/999/overview"), 404, "not_found")
    error_of(await api.as_("send").call("GET", f"/customers/{api.anna.id}/overview"), 403, "not_allowed")


@pytest.mark.row("K-12")
async def test_the_transcript_contains_notes_only_on_request(api: Api) -> None:
    dialog = await api.open("Lost parcel")
    said = {"manager_telegram_id": api.maria.telegram_id}
    await api.post(f"/dialogs/{dialog['id']}/messages", {**said, "text": "On its way"}, status=201)
    api.store.clock.advance(60)
    await api.post(f"/dialogs/{dialog['id']}/notes", {**said, "text": "He is angry"}, status=201)
    path = f"/dialogs/{dialog['id']}/transcript.txt"
    plain = await api.call("GET", path)
    assert plain.status_code == 200
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert plain.headers["content-disposition"] == f'attachment; filename="dialog-{dialog["id"]}.txt"'
    assert "Lost parcel" in plain.text and "Anna" in plain.text
    assert plain.text.endswith("2026-01-01 00:00 · Maria: On its way\n")
    assert "angry" not in plain.text
    whole = await api.call("GET", path, params={"notes": "true"})
    assert whole.text.endswith("On its way\n2026-01-01 00:01 · Maria 📝 note: He is angry\n")
    russian = await api.call("GET", path, params={"notes": "true"}, headers={"Accept-Language": "ru"})
    assert "заметка: He is angry" in russian.text


async def test_a_file_of_several_pages_holds_each_note_once_and_at_its_time(api: Api) -> None:
    dialog = await api.open()
    said = {"manager_telegram_id": api.maria.telegram_id}
    for number in range(120):
        await api.post(f"/dialogs/{dialog['id']}/messages", {**said, "text": f"line {number}"}, status=201)
        if number % 50 == 49:
            await api.post(f"/dialogs/{dialog['id']}/notes", {**said, "text": f"note {number}"}, status=201)
        api.store.clock.advance(1)
    await api.post(f"/dialogs/{dialog['id']}/notes", {**said, "text": "note at the end"}, status=201)
    text = (await api.call("GET", f"/dialogs/{dialog['id']}/transcript.txt?notes=true")).text
    words = [line.partition(": ")[2] for line in text.splitlines() if " · Maria" in line]
    expected = []
    for number in range(120):
        expected.append(f"line {number}")
        if number % 50 == 49:
            expected.append(f"note {number}")
    assert words == [*expected, "note at the end"]


async def test_an_unknown_dialog_has_no_transcript_file(api: Api) -> None:
    error_of(await api.call("GET", "/dialogs/999/transcript.txt"), 404, "not_found")
