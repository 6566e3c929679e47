"""Each waiting item of a backup: on hold at first, then done once after a release, or never after a discard."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.broadcasts.moves import cancel_broadcast, resume_broadcast
from holdline.desk.conversation.scheduling import schedule_reply, send_due_reply
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.restores.decision import decide_on_restored
from holdline.desk.restores.hold import current_hold, hold_restored
from holdline.desk.webhooks.deliveries import take_due_deliveries, webhooks_with_due
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.dialogs.bulk import BulkStep
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.restores.hold import HeldKind, Verdict
from holdline.scheduler.bulk import run_bulk_jobs
from holdline.scheduler.mail_loop import MailLoop
from holdline.scheduler.restores import carry_out
from holdline.scheduler.smtp import MailServer as Server
from holdline.store.delivery import mails, waiting_albums
from holdline.store.dialogs import bulk_jobs
from holdline.store.intake.inbox_jobs import claim_next
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from holdline.store.webhooks import deliveries
from tests.bot.inbox_kit import keep, text
from tests.mail_server import MailServer, mail_server
from tests.scheduler.broadcasts.conftest import Mailing, mailing
from tests.scheduler.conftest import Bench, opened
from tests.scheduler.funnels.conftest import runs
from tests.scheduler.funnels.kit import Runs

__all__ = ["mailing", "runs"]


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as there:
        yield there


async def restored(bench: Bench) -> dict[HeldKind, int]:
    await bench.store.act(hold_restored)
    hold = await bench.store.read(current_hold)
    assert hold is not None
    return {kind: number for kind, number in hold.counts.items() if kind is not HeldKind.DESK}


async def decided(bench: Bench, verdict: Verdict) -> None:
    await bench.store.act(decide_on_restored, verdict=verdict)
    await carry_out(bench.store)
    assert await bench.all("SELECT row_id FROM restored_work") == []
    assert await bench.store.read(find_violations) == []


async def column(bench: Bench, table: str, name: str) -> list[Any]:
    return [row[name] for row in await bench.all(f"SELECT {name} FROM {table} ORDER BY id")]


BOTH = pytest.mark.parametrize("verdict", list(Verdict))


@BOTH
async def test_a_held_mail_is_sent_or_refused_as_decided(
    bench: Bench, server: MailServer, verdict: Verdict
) -> None:
    await bench.store.act(mails.insert, to_address="anna@example.org", subject="Case 1", body="x")
    assert await restored(bench) == {HeldKind.MAILS: 1}
    loop = MailLoop(bench.store, Server(server.url, "desk@example.org"))
    assert await loop.tick() == 0
    await decided(bench, verdict)
    await loop.tick()
    assert len(server.letters) == (verdict is Verdict.RELEASE)
    assert await column(bench, "mails", "status") == ["sent" if verdict is Verdict.RELEASE else "refused"]


@BOTH
async def test_a_held_webhook_delivery_is_sent_or_abandoned_as_decided(
    bench: Bench, verdict: Verdict
) -> None:
    hook = await bench.store.act(
        add_webhook, url="https://example.org/x", events=["outbound.ended"], active=True
    )
    key = {"webhook_id": hook.id, "message_key": "k", "event_type": "outbound.ended", "body": "{}"}
    await bench.store.act(deliveries.insert, **key)
    assert await restored(bench) == {HeldKind.WEBHOOKS: 1}
    assert await bench.store.read(webhooks_with_due) == []
    assert await bench.store.act(take_due_deliveries, webhook_id=hook.id) == []
    await decided(bench, verdict)
    assert await bench.store.read(webhooks_with_due) == ([hook.id] if verdict is Verdict.RELEASE else [])


@BOTH
async def test_a_due_scheduled_reply_is_held_and_a_later_one_is_not(bench: Bench, verdict: Verdict) -> None:
    dialog = await opened(bench)
    now = bench.clock.now()
    for minutes in (2, 60):
        content = Content(text=f"in {minutes}")
        at = now + timedelta(minutes=minutes)
        await bench.store.act(
            schedule_reply, manager=bench.maria, dialog_id=dialog.id, content=content, at=at
        )
    bench.clock.advance(300)
    assert (await restored(bench))[HeldKind.REPLIES] == 1
    assert await bench.store.act(send_due_reply) == 0
    await decided(bench, verdict)
    await bench.store.act(send_due_reply)
    done = "sent" if verdict is Verdict.RELEASE else "refused"
    assert await column(bench, "scheduled_replies", "state") == [done, "waiting"]
    bench.clock.advance(3600)
    assert await bench.store.act(send_due_reply) == 1


@BOTH
async def test_an_unhandled_update_is_handled_or_ignored_as_decided(bench: Bench, verdict: Verdict) -> None:
    await keep(bench.store, text(1, chat=bench.anna.telegram_id))
    assert await restored(bench) == {HeldKind.UPDATES: 1}
    await keep(bench.store, text(2, chat=bench.anna.telegram_id))
    assert await column(bench, "inbox", "state") == ["quarantined", "new"]
    await decided(bench, verdict)
    state = "new" if verdict is Verdict.RELEASE else "ignored"
    assert await column(bench, "inbox", "state") == [state, "new"]
    claimed = await bench.store.act(claim_next, limit=5)
    assert len(claimed.runs[0]) == 1 + (verdict is Verdict.RELEASE)


@BOTH
async def test_an_unhandled_album_of_a_manager_is_sent_or_dropped_as_decided(
    bench: Bench, verdict: Verdict
) -> None:
    sender = MessageSender(bench.maria.telegram_id, "Maria")
    for number in (1, 2):
        chat = {"chat_id": bench.maria.telegram_id, "tg_message_id": number, "album_id": "a"}
        await bench.store.act(waiting_albums.add_part, sender, Content(kind="photo", **chat))
    assert await restored(bench) == {HeldKind.UPDATES: 2}
    bench.clock.advance(10)
    assert await bench.store.read(waiting_albums.list_complete) == []
    assert await bench.store.read(waiting_albums.next_complete_at) is None
    await decided(bench, verdict)
    waiting = await bench.store.read(waiting_albums.list_complete)
    assert len(waiting) == (verdict is Verdict.RELEASE)


@BOTH
async def test_the_rest_of_a_bulk_job_is_held(bench: Bench, verdict: Verdict) -> None:
    dialog = await opened(bench)
    step = BulkStep("priority", "high")
    job = await bench.store.act(bulk_jobs.insert, step, [dialog.id], manager_id=bench.maria.id)
    assert (await restored(bench))[HeldKind.BULK] == 1
    assert await run_bulk_jobs(bench.store) == 0
    await decided(bench, verdict)
    assert await run_bulk_jobs(bench.store) == (verdict is Verdict.RELEASE)
    done = await bench.store.read(bulk_jobs.by_id, job)
    assert done is not None and done.is_finished
    assert [refused.code for refused in done.refused] == (
        [] if verdict is Verdict.RELEASE else ["bulk_restored"]
    )


async def test_a_large_bulk_job_is_discarded_with_as_few_statements_as_a_small_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    for name in ("all", "run"):
        original = getattr(Tx, name)

        def counted(tx: Tx, sql: str, original: Any = original, **values: Any) -> Any:
            ran.append(sql)
            return original(tx, sql, **values)

        monkeypatch.setattr(Tx, name, counted)
    people = [bench.anna.id, *[await bench.customer_id(530_000_000 + number) for number in range(11)]]
    dialogs = [(await opened_for(bench, person)).id for person in people]
    statements = []
    for some in (dialogs[:1], dialogs):
        job = await bench.store.act(
            bulk_jobs.insert, BulkStep("priority", "high"), some, manager_id=bench.maria.id
        )
        await bench.store.act(hold_restored)
        await bench.store.act(decide_on_restored, verdict=Verdict.DISCARD, kinds=[HeldKind.BULK])
        ran.clear()
        await carry_out(bench.store)
        statements.append(len(ran))
        done = await bench.store.read(bulk_jobs.by_id, job)
        assert done is not None and done.is_finished and len(done.refused) == len(some)
    assert statements[0] == statements[1]


async def opened_for(bench: Bench, customer_id: int) -> Dialog:
    opening = Opening(customer_id=customer_id, title="Parcel")
    return await bench.store.act(open_dialog, manager=bench.maria, opening=opening)


@BOTH
async def test_a_due_step_of_a_funnel_is_held(runs: Runs, verdict: Verdict) -> None:
    funnel = await runs.funnel({"send": {"text": "One"}}, {"wait": "1h"}, {"send": {"text": "Two"}})
    enrolment = await runs.enrol(funnel)
    await runs.passes(10)
    await runs.sleeps(3600)
    assert (await restored(runs.bench))[HeldKind.MARKETING] == 1
    await runs.passes(10)
    assert runs.texts == ["One"]
    await decided(runs.bench, verdict)
    await runs.passes(10)
    assert runs.texts == (["One", "Two"] if verdict is Verdict.RELEASE else ["One"])
    ended = await runs.now(enrolment)
    assert (ended.state, ended.reason) == (
        ("done", "end") if verdict is Verdict.RELEASE else ("left", "restored")
    )


@BOTH
async def test_a_queued_message_of_a_funnel_is_held(runs: Runs, verdict: Verdict) -> None:
    enrolment = await runs.enrol(await runs.funnel({"send": {"text": "One"}}, {"send": {"text": "Two"}}))
    assert (await restored(runs.bench))[HeldKind.MARKETING] == 1
    await runs.passes(10)
    assert runs.texts == []
    await decided(runs.bench, verdict)
    await runs.passes(20)
    assert runs.texts == (["One", "Two"] if verdict is Verdict.RELEASE else [])
    assert (await runs.now(enrolment)).state == ("done" if verdict is Verdict.RELEASE else "left")


@BOTH
async def test_a_started_broadcast_is_held_and_one_for_tomorrow_is_not(
    mailing: Mailing, verdict: Verdict
) -> None:
    guests = await mailing.people(30)
    first = await mailing.create("Now")
    await mailing.create("Tomorrow", starts_at=mailing.bench.clock.now() + timedelta(days=1))
    await mailing.turns()
    waiting = await restored(mailing.bench)
    assert waiting[HeldKind.MARKETING] > 1
    assert await mailing.deliver() == []
    assert (await mailing.progress(first)).broadcast.status == "paused"
    await decided(mailing.bench, verdict)
    reached = await mailing.deliver(rounds=20)
    assert len(reached) == (len(guests) if verdict is Verdict.RELEASE else 0)
    assert (await mailing.progress(first)).broadcast.status == (
        "done" if verdict is Verdict.RELEASE else "cancelled"
    )


@BOTH
async def test_a_broadcast_that_a_manager_has_resumed_meanwhile_continues(
    mailing: Mailing, verdict: Verdict
) -> None:
    guests = await mailing.people(3)
    number = await mailing.create("Now")
    await mailing.create("Other")
    await restored(mailing.bench)
    await mailing.bench.store.act(resume_broadcast, broadcast_id=number)
    await decided(mailing.bench, verdict)
    broadcasts = 2 if verdict is Verdict.RELEASE else 1
    assert len(await mailing.deliver(rounds=20)) == broadcasts * len(guests)
    assert (await mailing.progress(number)).broadcast.status == "done"


async def test_a_broadcast_that_a_person_resumes_takes_its_queued_messages_along(mailing: Mailing) -> None:
    guests = await mailing.people(30)
    number = await mailing.create("Now")
    other = await mailing.create("Other")
    await mailing.turns()
    await restored(mailing.bench)
    await mailing.bench.store.act(resume_broadcast, broadcast_id=number)
    await carry_out(mailing.bench.store)
    assert len(await mailing.deliver(rounds=20)) == len(guests)
    assert (await mailing.progress(number)).broadcast.status == "done"
    assert (await mailing.progress(other)).broadcast.status == "paused"
    await mailing.bench.store.act(cancel_broadcast, broadcast_id=other)
    assert await mailing.bench.store.read(current_hold) is None
    assert await mailing.bench.store.read(find_violations) == []
