"""Probes and metrics: open to everybody, cheap, and without names of people."""

import asyncio
import re
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from holdline.desk.health import readiness as told
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.engines.disk_reserve import DiskReserve
from holdline.store.tx import Tx
from holdline.web.app import build_app
from holdline.web.probes import build_probes
from holdline.web.webhook_endpoint import webhook_route
from tests.web.conftest import Api, client_of

ROOT = "http://desk.test"


def an_update(tx: Tx) -> None:
    tx.run(
        """INSERT INTO inbox (bot_id, update_id, ordering_key, raw, received_at) VALUES (:bot, 1, 1, '{}', :at)""",
        bot=tx.bot_id,
        at=tx.at,
    )


def led(tx: Tx) -> None:
    """Somebody handles updates and somebody sends."""
    for role in ("intake", "sender"):
        leases.seize(tx, role, "here", seconds=3600)


async def test_the_liveness_probe_needs_no_key(api: Api) -> None:
    api.secret = ""
    answer = await api.call("GET", f"{ROOT}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": version("holdline")})


async def test_the_readiness_probe_names_every_reason(store: Store) -> None:
    reasons: list[str] = []
    await store.act(led)

    async def readiness() -> list[str]:
        return reasons

    async with client_of(build_app(store, readiness=readiness)) as client:
        answer = await client.get(f"{ROOT}/readyz")
        assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": [], "notes": []})
        reasons.append("stopping")
        answer = await client.get(f"{ROOT}/readyz")
        assert (answer.status_code, answer.json()["reasons"]) == (503, ["stopping"])


async def test_a_late_intake_is_not_ready(store: Store, clock: Any) -> None:
    await store.act(led)
    await store.act(an_update)
    async with client_of(build_app(store)) as client:
        assert (await client.get(f"{ROOT}/readyz")).status_code == 200
    clock.advance(61)
    async with client_of(build_app(store)) as client:
        answer = await client.get(f"{ROOT}/readyz")
        assert answer.status_code == 503
        assert "61 s" in answer.json()["reasons"][0]


async def test_a_desk_without_processes_is_not_ready_and_names_what_to_start(store: Store) -> None:
    async with client_of(build_app(store)) as client:
        answer = await client.get(f"{ROOT}/readyz")
    assert answer.status_code == 503
    assert [reason.split(":")[0] for reason in answer.json()["reasons"]] == [
        "Nobody handles updates",
        "Nobody sends",
    ]


async def test_a_standby_is_ready_and_reports_that_it_is_one(store: Store) -> None:
    await store.act(led)
    app = build_probes(store, readiness=tuple, notes=lambda: ["Standby as sender."])
    async with client_of(app) as client:
        answer = await client.get(f"{ROOT}/readyz")
        assert answer.json() == {"ready": True, "reasons": [], "notes": ["Standby as sender."]}
        assert (await client.get(f"{ROOT}/healthz")).status_code == 200
        assert "holdline_store_up 1.0" in (await client.get(f"{ROOT}/metrics")).text
        assert (await client.get(f"{ROOT}/api/v1/dialogs")).status_code == 404


async def test_a_store_that_hangs_is_not_ready(api: Api) -> None:
    real = api.store.engine

    class Hanging:
        async def write(self, work: Any) -> Any:
            await asyncio.Event().wait()

    api.store.engine = Hanging()  # type: ignore[assignment] # the wire that never answers
    answer = await api.call("GET", f"{ROOT}/readyz")
    api.store.engine = real
    assert answer.status_code == 503


async def test_many_probes_are_one_write(api: Api) -> None:
    writes = 0
    real = api.store.engine

    class Counting:
        async def write(self, work: Any) -> Any:
            nonlocal writes
            writes += 1
            return await real.write(work)

    api.store.engine = Counting()  # type: ignore[assignment] # counts at the wire
    await asyncio.gather(*(api.call("GET", f"{ROOT}/readyz") for _ in range(50)))
    api.store.engine = real
    assert writes <= 2


async def test_metrics_count_failed_and_uncertain_attempts(api: Api) -> None:
    def trouble(tx: Tx) -> None:
        outbox_id = tx.one("SELECT MIN(id) AS id FROM outbox")
        assert outbox_id is not None
        tries = [(1, "uncertain", None), (2, "later", 429), (3, "uncertain", None), (4, "sent", None)]
        for attempt, outcome, code in tries:
            tx.run(
                """INSERT INTO outbox_attempts (outbox_id, attempt, epoch, begun_at, outcome, code)
                   VALUES (:item, :attempt, 1, :at, :outcome, :code)""",
                item=outbox_id["id"],
                attempt=attempt,
                at=tx.at,
                outcome=outcome,
                code=code,
            )
        tx.run("UPDATE outbox SET status = 'dropped', settled_at = :at WHERE id = :id", at=tx.at, **outbox_id)
        led(tx)
        leases.freeze(tx, until=tx.at + timedelta(seconds=30), everything=True, reason="429")
        leases.record_flood(tx, 1, pace=21)
        told.record_outage(tx, reason="no route to host")

    await api.post("/outbound", api.ad(), status=202)
    await api.store.act(trouble)
    text = (await api.call("GET", f"{ROOT}/metrics")).text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["holdline_outbox_repeats"]) == 2
    assert float(lines["holdline_outbox_floods"]) == 1
    assert float(lines["holdline_outbox_dropped"]) == 1
    assert float(lines['holdline_smart_replies{feedback="helped"}']) == 0
    assert float(lines['holdline_telegram_out_of_reach{why="outage"}']) == 1
    assert float(lines['holdline_telegram_out_of_reach{why="token"}']) == 0
    assert float(lines['holdline_outbox_frozen_seconds{what="everything"}']) == 30
    assert float(lines["holdline_outbox_pace"]) == 21
    assert "no route" not in text


@pytest.mark.row("O-07")
async def test_metrics_show_counts_and_ages_without_names(api: Api, clock: Any) -> None:
    dialog = await api.open()
    await api.post("/outbound", api.ad(), status=202)
    await api.store.act(an_update)
    clock.advance(42)
    text = (await api.call("GET", f"{ROOT}/metrics")).text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["holdline_updates_waiting"]) == 1
    assert float(lines["holdline_updates_oldest_seconds"]) == 42
    assert float(lines["holdline_outbox_held"]) == 1
    assert float(lines["holdline_outbox_held_oldest_seconds"]) >= 0
    assert float(lines['holdline_dialogs{state="active"}']) == 1
    assert float(lines['holdline_customers{reach="ok"}']) == 2
    assert float(lines['holdline_outbox_messages{status="queued",stream="marketing"}']) == 1
    assert float(lines['holdline_outbox_oldest_due_seconds{chat="private",stream="marketing"}']) == 0
    await api.move(dialog, "pause")
    text = (await api.call("GET", f"{ROOT}/metrics")).text
    assert 'holdline_outbox_oldest_due_seconds{chat="private",stream="marketing"} 42.0' in text
    assert 'route="/api/v1/dialogs/{dialog_id}/pause"' in text or 'route="/dialogs/{dialog_id}/pause"' in text
    for private in ("Anna", "Maria", "Lost parcel", "510000001", "400000077", "Only today", api.secret):
        assert private not in text
    assert not re.search(r'"-?\d{6,}"', text)


async def test_the_webhook_is_mounted_at_its_path(store: Store) -> None:
    app = build_app(store, webhook=webhook_route("/telegram/abc", "s3cret", store))
    async with client_of(app) as client:
        assert (await client.post(f"{ROOT}/telegram/abc", json={"update_id": 1})).status_code == 401
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        answer = await client.post(f"{ROOT}/telegram/abc", json={"update_id": 1}, headers=headers)
        assert answer.status_code == 200
        assert (await client.get(f"{ROOT}/telegram/abc")).status_code == 405
    row = await store.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM inbox"))
    assert row == {"n": 1}


@pytest.mark.parametrize(
    ("language", "words"), [("en", "at work"), ("ru", "работает"), ("pl", "działa"), ("de", "at work")]
)
async def test_the_status_page_shows_the_state_of_the_desk(api: Api, language: str, words: str) -> None:
    await api.store.act(led)
    answer = await api.call("GET", f"{ROOT}/status", headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert words in answer.text and version("holdline") in answer.text


async def test_the_status_page_names_problems_without_naming_people(api: Api) -> None:
    page = (await api.call("GET", f"{ROOT}/status")).text
    assert "no process holds the sender&#x27;s lease" in page and api.anna.name not in page


async def test_the_status_page_answers_while_the_store_is_away(store: Store) -> None:
    async with client_of(build_app(store)) as client:
        await store.close()
        answer = await client.get(f"{ROOT}/status")
    assert (answer.status_code, "cannot be written to" in answer.text) == (200, True)


async def test_probe_metrics_and_page_show_a_full_disk(store: Store) -> None:
    """Without the reserve the desk works, with a note; refused writes are a reason."""
    reserve = DiskReserve(Path("/srv/desk.db"), 64 * 1024 * 1024)
    store.reserve = reserve
    await store.act(led)
    async with client_of(build_app(store)) as client:
        reserve.is_missing = True
        answer = await client.get(f"{ROOT}/readyz")
        assert (answer.status_code, "Free 128 MB there" in answer.json()["notes"][0]) == (200, True)
        assert 'holdline_disk_trouble{what="no_reserve"} 1.0' in (await client.get(f"{ROOT}/metrics")).text
    await store.close()
    async with client_of(build_app(store)) as client:
        reserve.is_full = True
        answer = await client.get(f"{ROOT}/readyz")
        assert (answer.status_code, "/srv is full" in answer.json()["reasons"][0]) == (503, True)
        assert 'holdline_disk_trouble{what="full"} 1.0' in (await client.get(f"{ROOT}/metrics")).text
        assert "/srv is full" in (await client.get(f"{ROOT}/status")).text
