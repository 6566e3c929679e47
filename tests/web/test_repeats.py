"""Idempotency-Key: one key, one effect, one answer; through crashes, restarts and fifty at once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.people import keys
from holdline.store.engine import Store
from holdline.web.app import build_app
from tests.conftest import BOT
from tests.web.conftest import Api, a_desk, client_of, error_of


async def outbox_rows(api: Api) -> int:
    row = await api.store.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM outbox"))
    assert row is not None
    return int(row["n"])


async def test_the_same_call_twice_has_one_effect_and_one_answer(api: Api) -> None:
    first = await api.call("POST", "/outbound", api.ad(), key="a-1")
    second = await api.call("POST", "/outbound", api.ad(), key="a-1")
    assert (first.status_code, first.content) == (second.status_code, second.content) == (202, first.content)
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await outbox_rows(api) == 1


async def test_the_layout_of_the_json_does_not_matter(api: Api) -> None:
    first = await api.call("POST", "/outbound", api.ad(), key="a-1")
    shuffled = dict(reversed(api.ad().items()))
    assert (await api.call("POST", "/outbound", shuffled, key="a-1")).content == first.content


async def test_another_body_or_path_with_the_same_key_is_refused_and_changes_nothing(api: Api) -> None:
    await api.post("/outbound", api.ad(), status=202, key="a-1")
    answer = await api.call("POST", "/outbound", api.ad(text="Other"), key="a-1")
    error = error_of(answer, 409, "idempotency_conflict")
    assert error["object"] == {"type": "idempotency_key", "id": "a-1"}
    dialog = {"customer_id": api.anna.id, "title": "x", "manager_telegram_id": api.maria.telegram_id}
    error_of(await api.call("POST", "/dialogs", dialog, key="a-1"), 409, "idempotency_conflict")
    assert await outbox_rows(api) == 1
    assert (await api.get("/dialogs"))["items"] == []


async def test_fifty_at_once_have_one_effect(api: Api) -> None:
    answers = await asyncio.gather(*(api.call("POST", "/outbound", api.ad(), key="storm") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 49
    assert await outbox_rows(api) == 1


async def test_fifty_bodies_race_for_one_key_and_one_wins(api: Api) -> None:
    answers = await asyncio.gather(
        *(api.call("POST", "/outbound", api.ad(text=f"No {n}"), key="race") for n in range(50))
    )
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 49
    assert await outbox_rows(api) == 1


async def test_a_refused_call_may_be_corrected_with_the_same_key(api: Api) -> None:
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "text": "Hi"}
    path = f"/customers/{api.anna.id}/messages"
    error_of(await api.call("POST", path, body, key="k"), 409, "active_dialog_exists")
    await api.move(dialog, "pause")
    first = await api.post(path, body, status=201, key="k")
    assert await api.post(path, body, status=201, key="k") == first


async def test_idempotency_keys_of_different_callers_are_separate(api: Api) -> None:
    first = await api.post("/outbound", api.ad(), status=202, key="same")
    second = await api.as_("send").post("/outbound", api.ad(), status=202, key="same")
    assert first["id"] != second["id"]


@pytest.mark.parametrize("key", ["", "a b", "\u00e9", "x" * 201])
async def test_an_idempotency_key_has_plain_characters_only(api: Api, key: str) -> None:
    answer = await api.call("POST", "/outbound", api.ad(), headers={"Idempotency-Key": key.encode()})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "Idempotency-Key"


async def test_every_write_can_be_repeated(api: Api) -> None:
    by = {"manager_telegram_id": api.maria.telegram_id}
    opening = {**by, "customer_id": api.anna.id, "title": "Lost parcel"}
    dialog = await api.post("/dialogs", opening, status=201, key="1")
    path = f"/dialogs/{dialog['id']}"
    calls: list[tuple[str, str, Any]] = [
        ("POST", "/dialogs", opening),
        ("POST", f"{path}/messages", {**by, "text": "Hi"}),
        ("POST", f"{path}/notes", {**by, "text": "Hi"}),
        ("PATCH", path, {**by, "title": "Found"}),
        ("POST", f"{path}/assign", {**by, "assignee_telegram_id": api.ivan.telegram_id}),
        ("POST", f"{path}/pause", by),
        ("POST", f"/customers/{api.anna.id}/messages", {**by, "text": "Hi"}),
        ("POST", f"{path}/resume", by),
        ("POST", f"{path}/close", {**by, "send_rating_form": True}),
        ("POST", "/managers", {"telegram_id": 9, "name": "New", "role": "agent"}),
        ("PATCH", f"/managers/{api.ivan.id}", {"role": "manager"}),
        ("POST", "/lists/tags", {"name": "vip"}),
        ("PUT", "/standard-messages/greeting", {"text": "Hello"}),
        ("DELETE", "/standard-messages/greeting", None),
    ]
    for number, (method, where, body) in enumerate(calls, 1):
        first = await api.call(method, where, body, key=str(number))
        again = await api.call(method, where, body, key=str(number))
        assert first.is_success, (where, first.text)
        assert again.headers["idempotency-replayed"] == "true", where
        assert again.content == first.content
    said = (await api.get(f"/customers/{api.anna.id}/transcript"))["items"]
    assert [line["text"] for line in said if line["author"]["kind"] == "manager"] == ["Hi", "Hi"]


async def test_an_answer_survives_a_restart(store_url: str, api: Api) -> None:
    first = await api.call("POST", "/outbound", api.ad(), key="k")
    await api.store.close()
    again = Store(store_url, bot_id=BOT, clock=api.store.clock)
    await again.start()
    async with client_of(build_app(again)) as client:
        api.client, api.store = client, again
        assert (await api.call("POST", "/outbound", api.ad(), key="k")).content == first.content
        assert await outbox_rows(api) == 1
    await again.close()


async def test_a_crash_before_the_commit_leaves_neither_effect_nor_answer(api: Api) -> None:
    """The unit runs to its last line and dies there: what is left must be as if it had never begun."""
    real = api.store.engine

    class Dying:
        name = real.name

        async def read(self, work: Any) -> Any:
            return await real.read(work)

        async def write(self, work: Any) -> Any:
            def killed(tx: Any) -> None:
                work(tx)
                raise RuntimeError("killed")

            return await real.write(killed)

    api.store.engine = Dying()
    with pytest.raises(RuntimeError, match="killed"):
        await api.call("POST", "/outbound", api.ad(), key="k")
    api.store.engine = real
    assert await outbox_rows(api) == 0
    answer = await api.call("POST", "/outbound", api.ad(), key="k")
    assert "idempotency-replayed" not in answer.headers
    assert await outbox_rows(api) == 1


async def test_answers_are_kept_for_two_days_and_then_deleted(api: Api, clock: Any) -> None:
    await api.post("/outbound", api.ad(), status=202, key="k")
    clock.advance(timedelta(hours=25).total_seconds())
    assert await api.store.act(keys.delete_old_responses) == 0
    clock.advance(timedelta(hours=24).total_seconds())
    assert await api.store.act(keys.delete_old_responses) == 1


async def test_two_processes_share_the_keys(postgres_copy: str) -> None:
    """Two apps on one PostgreSQL: each has its own pool, and still one effect."""
    stores = [Store(postgres_copy, bot_id=BOT), Store(postgres_copy, bot_id=BOT)]
    for store in stores:
        await store.start()
    found = await stores[0].act(a_desk)
    clients = [client_of(build_app(store)) for store in stores]
    apis = [
        Api(store=store, client=client, **found, secret=found["secrets"]["all"])
        for store, client in zip(stores, clients, strict=True)
    ]
    answers = await asyncio.gather(
        *(apis[n % 2].call("POST", "/outbound", apis[0].ad(), key="k") for n in range(50))
    )
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert await outbox_rows(apis[0]) == 1
    for client, store in zip(clients, stores, strict=True):
        await client.aclose()
        await store.close()
