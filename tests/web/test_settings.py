"""The settings of an administrator: people, lists, texts; and the resulting report."""

import csv
from io import StringIO
from typing import Any

import pytest

from tests.web.conftest import Api, error_of


async def names(api: Api, kind: str) -> list[str]:
    return [value["name"] for value in (await api.get(f"/lists/{kind}"))["items"]]


@pytest.mark.row("L-12")
@pytest.mark.row("L-13")
@pytest.mark.row("L-15")
async def test_types_are_added_and_deleted_and_old_dialogs_keep_theirs(api: Api) -> None:
    assert await names(api, "types") == ["Support", "Refund"]
    dialog = await api.open(type="Refund")
    added = await api.post("/lists/types", {"name": "Complaint"}, status=201)
    assert added == {"id": added["id"], "name": "Complaint", "category": None, "system": False}
    refund = next(v for v in (await api.get("/lists/types"))["items"] if v["name"] == "Refund")
    answer = await api.call("DELETE", f"/lists/types/{refund['id']}")
    assert (answer.status_code, answer.json()) == (200, {"id": refund["id"], "deleted": True})
    assert await names(api, "types") == ["Support", "Complaint"]
    assert (await api.get(f"/dialogs/{dialog['id']}"))["type"] == "Refund"
    error_of(await api.call("DELETE", f"/lists/types/{refund['id']}"), 404, "not_found")
    await api.move(dialog, "close", send_rating_form=False)
    body = {
        "customer_id": api.anna.id,
        "title": "x",
        "type": "Refund",
        "manager_telegram_id": api.maria.telegram_id,
    }
    assert error_of(await api.call("POST", "/dialogs", body), 400, "bad_input")["object"]["name"] == "type"


@pytest.mark.row("L-16")
@pytest.mark.row("L-19")
@pytest.mark.row("R-38")
async def test_every_kind_of_list_exists_and_system_stages_are_kept(api: Api) -> None:
    for kind in ("reasons", "components", "tags", "queues", "root_causes"):
        assert await names(api, kind) == []
        await api.post(f"/lists/{kind}", {"name": "One"}, status=201)
        error_of(await api.call("POST", f"/lists/{kind}", {"name": "One"}), 400, "bad_input")
        assert await names(api, kind) == ["One"]
    stages = (await api.get("/lists/stages"))["items"]
    assert [stage["name"] for stage in stages] == ["New", "In handling", "Awaiting review", "Closed"]
    error_of(await api.call("DELETE", f"/lists/stages/{stages[0]['id']}"), 400, "bad_input")
    own = await api.post("/lists/stages", {"name": "At the bank", "category": "waiting"}, status=201)
    assert (own["category"], own["system"]) == ("waiting", False)


@pytest.mark.row("L-70")
async def test_people_are_added_changed_and_shown_with_their_permissions(api: Api) -> None:
    body = {"telegram_id": 400000090, "name": "Olga", "role": "agent"}
    olga = await api.post("/managers", body, status=201)
    assert {"id", "telegram_id", "name", "role", "permissions", "ready"} <= set(olga)
    assert olga["permissions"] == ["dialog.open", "dialog.update", "reply.direct"]
    answer = await api.call("PATCH", f"/managers/{olga['id']}", {"role": "manager", "ready": True})
    assert (answer.json()["role"], answer.json()["ready"]) == ("manager", True)
    wanted = [*answer.json()["permissions"], "dialog_settings.edit"]
    answer = await api.call("PATCH", f"/managers/{olga['id']}", {"permissions": wanted})
    assert "dialog_settings.edit" in answer.json()["permissions"]
    assert [m["name"] for m in (await api.get("/managers"))["items"]] == ["Maria", "Ivan", "Rita", "Olga"]
    error_of(await api.call("PATCH", "/managers/999999", {"name": "x"}), 404, "not_found")
    answer = await api.call("PATCH", f"/managers/{olga['id']}", {"permissions": ["fly"]})
    error_of(answer, 400, "bad_input")


@pytest.mark.row("L-61")
async def test_standard_messages_are_rewritten_and_put_back(api: Api) -> None:
    for key in ("greeting", "rating_request", "rating_thanks", "dialog_opened", "dialog_closed"):
        before = await api.get(f"/standard-messages/{key}", language="pl")
        assert before["text"] and not before["changed"]
        assert before["sent"] is (key not in ("dialog_opened", "dialog_closed")), (
            "off where nobody switched it on"
        )
    path = "/standard-messages/rating_request"
    before = await api.get(path, language="en")
    assert before["buttons"] == ["Bad", "Okay", "Great"]
    body = {"text": "How was it?", "buttons": ["1", "2", "3"]}
    answer = await api.call("PUT", path, body, params={"language": "en"})
    assert answer.json() == {**before, **body, "changed": True}
    assert (await api.get(path, language="ru"))["changed"] is False
    answer = await api.call("PUT", path, {"text": "x", "buttons": ["1", "2"]}, params={"language": "en"})
    error_of(answer, 400, "bad_input")
    assert (await api.call("DELETE", path, params={"language": "en"})).json() == before
    assert await api.get(path) == before
    assert len((await api.get("/standard-messages"))["items"]) >= 5


@pytest.mark.row("L-68")
@pytest.mark.row("L-69")
async def test_the_report_has_one_row_per_dialog_and_empty_cells_for_missing_ratings(
    api: Api, clock: Any
) -> None:
    await api.move(await api.open("=1+1"), "close", customer_score=3, send_rating_form=True)
    clock.advance(86400)
    await api.open("Second")

    async def rows(**period: str) -> list[dict[str, str]]:
        answer = await api.call("GET", "/reports/dialogs.csv", params=period)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/csv")
        assert "dialogs.csv" in answer.headers["content-disposition"]
        return list(csv.DictReader(StringIO(answer.text)))

    first, second = await rows()
    assert (first["customer_score"], first["service_rating"]) == ("3", "")
    assert (second["customer_score"], second["title"]) == ("", "Second")
    assert first["title"] == "'=1+1"
    assert [row["title"] for row in await rows(**{"from": "2026-01-02T00:00:00Z"})] == ["Second"]
    assert [row["title"] for row in await rows(to="2026-01-02")] == ["'=1+1"]
    assert await rows(**{"from": "2026-02-01", "to": "2026-03-01"}) == []
