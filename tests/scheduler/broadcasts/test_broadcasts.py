"""One message to many: gathered, held, paused, cancelled, counted."""

from datetime import UTC, datetime, timedelta

import pytest

from holdline.desk.broadcasts.audience_size import count_audience
from holdline.desk.broadcasts.creating import BroadcastOrder, send_test
from holdline.desk.broadcasts.gathering import gather_chunk
from holdline.desk.broadcasts.moves import cancel_broadcast, pause_broadcast, resume_broadcast
from holdline.desk.customers.customers import stop_marketing
from holdline.desk.delivery.delivery import expire_old
from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.broadcast import BroadcastRefused
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.marketing.content import Medium
from holdline.dialogs.message import Content
from holdline.dialogs.text.richtext import RichText
from holdline.screens.render import render
from holdline.store.invariants import find_violations
from holdline.store.people import customers
from holdline.telegram.outcomes import Action
from tests.scheduler.broadcasts.conftest import Mailing
from tests.scheduler.conftest import ANNA, no, sent

BLOCKED = no(Action.BLOCKED, "Forbidden: bot was blocked by the user", 403)
BAD_TEXT = no(Action.PLAIN, "Bad Request: can't parse entities: unsupported start tag")


@pytest.mark.row("M-05")
async def test_every_recipient_gets_the_broadcast_once_and_it_ends(mailing: Mailing) -> None:
    people = await mailing.people(30)
    broadcast_id = await mailing.create("Hello, {customer.name|friend}!")
    assert await mailing.figures(broadcast_id) == {"status": "sending", "recipients": 30, "waiting": 30}
    reached = await mailing.deliver()
    assert sorted(reached) == [(who, f"Hello, Guest {who - people[0]}!") for who in people]
    assert await mailing.figures(broadcast_id) == {"status": "done", "recipients": 30, "sent": 30}
    assert await mailing.deliver() == []
    assert await mailing.bench.store.read(find_violations) == []


async def test_the_audience_excludes_unstarted_unreachable_unsubscribed_customers_and_managers(
    mailing: Mailing,
) -> None:
    (here,) = await mailing.people(1)
    await mailing.people(1, started_at=None)
    await mailing.people(1, opted_out_at=datetime(2026, 1, 1, tzinfo=UTC))
    (gone,) = await mailing.people(1)
    await mailing.bench.store.act(customers.set_reach, mailing.ids[gone], "blocked")
    (colleague,) = await mailing.people(1)
    await mailing.bench.store.act(
        lambda tx: tx.run("UPDATE managers SET telegram_id = :id WHERE role = 'admin'", id=colleague)
    )
    await mailing.create()
    assert [who for who, _ in await mailing.deliver()] == [here]


async def test_an_audience_is_narrowed_by_all_its_criteria(mailing: Mailing) -> None:
    now = mailing.bench.clock.now()
    people = await mailing.people(6)
    ru, tagged, excluded, rich, quiet, early = people
    for who, fields in {
        ru: {"language": "ru"},
        rich: {"fields_json": {"city": 'Łódź "2"', "age": 5, "vip": True}},
        quiet: {"last_wrote_at": now - timedelta(days=40)},
        early: {"started_at": now - timedelta(days=40), "last_wrote_at": now},
    }.items():
        await mailing.bench.store.act(customers.set_fields, mailing.ids[who], **fields)
    for who, tag in ((tagged, "vip"), (tagged, "new"), (excluded, "vip"), (excluded, "out")):
        await mailing.tag(who, tag)
    day = now - timedelta(days=1)
    cases = [
        (AudienceFilter(tags=("vip", "new")), [tagged]),
        (AudienceFilter(any_tags=("new", "out")), [tagged, excluded]),
        (AudienceFilter(tags=("vip",), exclude_tags=("out",)), [tagged]),
        (AudienceFilter(language="ru"), [ru]),
        (AudienceFilter(silent_since=day), [quiet]),
        (AudienceFilter(wrote_since=day, tags=("vip", "new")), [tagged]),
        (AudienceFilter(started_since=day, any_tags=("vip",)), [tagged, excluded]),
        (AudienceFilter(fields={"city": 'Łódź "2"'}), [rich]),
        (AudienceFilter(fields={"age": 5}), [rich]),
        (AudienceFilter(fields={"vip": True, "age": 5}), [rich]),
        (AudienceFilter(fields={"age": 55}), []),
        (AudienceFilter(fields={"ag": 5}), []),
        (AudienceFilter(fields={"city": "age"}), []),
    ]
    for audience, expected in cases:
        stored = AudienceFilter.of(audience.as_json())
        assert stored == audience
        assert await mailing.bench.store.read(count_audience, audience=stored) == len(expected), audience
        broadcast_id = await mailing.create(audience=stored)
        await mailing.turns(1)
        lines = await mailing.lines(broadcast_id)
        assert [line.customer_id for line in lines] == [mailing.ids[who] for who in expected], audience


@pytest.mark.row("M-06")
async def test_an_active_dialog_holds_the_recipient_and_a_close_releases_them(mailing: Mailing) -> None:
    held, other = await mailing.people(2)
    dialog = await mailing.open(held)
    broadcast_id = await mailing.create()
    assert [who for who, _ in await mailing.deliver()] == [other]
    figures = {"status": "sending", "recipients": 2, "sent": 1, "held": 1}
    assert await mailing.figures(broadcast_id) == figures
    lines = await mailing.lines(broadcast_id, status="held")
    assert [line.customer_id for line in lines] == [mailing.ids[held]]
    await mailing.bench.store.act(
        close_dialog,
        manager=mailing.bench.maria,
        dialog_id=dialog.id,
        closing=Closing(send_rating_form=False),
    )
    assert held in [who for who, _ in await mailing.deliver()]
    assert await mailing.figures(broadcast_id) == {"status": "done", "recipients": 2, "sent": 2}


async def test_a_dialog_opened_during_a_broadcast_holds_its_waiting_recipient(mailing: Mailing) -> None:
    people = await mailing.people(3)
    broadcast_id = await mailing.create(expires_at=None)
    await mailing.bench.store.act(pause_broadcast, broadcast_id=broadcast_id)
    await mailing.bench.store.act(resume_broadcast, broadcast_id=broadcast_id)
    await mailing.bench.store.act(gather_chunk, broadcast_id=broadcast_id)
    await mailing.open(people[1])
    queued = await mailing.bench.all(
        "SELECT customer_id FROM outbox WHERE broadcast_id = :id", id=broadcast_id
    )
    assert [row["customer_id"] for row in queued] == [mailing.ids[people[1]]]
    assert [who for who, _ in await mailing.deliver()] == [people[0], people[2]]


async def test_a_paused_broadcast_starts_nothing_and_continues_where_it_was(mailing: Mailing) -> None:
    people = await mailing.people(10)
    broadcast_id = await mailing.create()
    await mailing.turns(1)
    first = await mailing.bench.begin(limit=3, render=render)
    for begun in first:
        await mailing.bench.settle(begun)
    await mailing.bench.store.act(pause_broadcast, broadcast_id=broadcast_id)
    assert await mailing.deliver() == []
    assert (await mailing.figures(broadcast_id))["waiting"] == 7
    await mailing.bench.store.act(resume_broadcast, broadcast_id=broadcast_id)
    reached = [who for who, _ in await mailing.deliver()]
    assert sorted([*reached, *(begun.chat_id for begun in first)]) == people


async def test_a_cancel_ends_waiting_and_held_messages(mailing: Mailing) -> None:
    people = await mailing.people(30)
    await mailing.open(people[0])
    broadcast_id = await mailing.create()
    await mailing.turns(1)
    await mailing.bench.store.act(cancel_broadcast, broadcast_id=broadcast_id)
    figures = {"status": "cancelled", "recipients": 30, "cancelled": 30}
    assert await mailing.figures(broadcast_id) == figures
    assert await mailing.deliver() == []
    assert await mailing.figures(broadcast_id) == figures
    (row,) = await mailing.bench.all("SELECT * FROM broadcasts")
    assert row["ended_at"] is not None
    assert row["cancelled"] == 30
    waiting = await mailing.bench.all(
        "SELECT id FROM outbox WHERE status = 'queued' AND stream = 'marketing'"
    )
    assert waiting == []
    assert await mailing.bench.store.read(find_violations) == []


async def test_an_impossible_change_is_refused_with_what_is_possible(mailing: Mailing) -> None:
    broadcast_id = await mailing.create()
    store = mailing.bench.store
    with pytest.raises(BroadcastRefused):
        await store.act(resume_broadcast, broadcast_id=broadcast_id)
    await store.act(cancel_broadcast, broadcast_id=broadcast_id)
    for use_case in (pause_broadcast, resume_broadcast, cancel_broadcast):
        with pytest.raises(BroadcastRefused) as refused:
            await store.act(use_case, broadcast_id=broadcast_id)
        assert (refused.value.code, refused.value.allowed) == ("wrong_state", ())


async def test_a_sample_shows_the_broadcast_as_a_customer_will_see_it(mailing: Mailing) -> None:
    words = BroadcastVariant(
        RichText("Hello, {customer.name}", ({"type": "bold", "offset": 0, "length": 5},))
    )
    row = [[{"text": "Look", "url": "https://example.org"}]]
    contents = [
        BroadcastContent((words,), buttons=row),
        BroadcastContent((words,), media=(Medium("photo", "abc"),), buttons=row),
        BroadcastContent((words,), media=(Medium("photo", "abc"), Medium("video", "def"))),
    ]
    who = mailing.bench.maria.telegram_id
    for content in contents:
        await mailing.bench.store.act(send_test, order=BroadcastOrder(content), telegram_id=who)
    calls = await sent(mailing.bench)
    assert [call.method for call in calls] == ["sendMessage", "sendPhoto", "sendMediaGroup"]
    assert calls[0].params["text"] == calls[1].params["caption"] == "Hello, Maria"
    way_out = [{"text": "🔕 No more offers", "callback_data": "out:unsubscribe"}]
    for call in calls[:2]:
        assert call.params["reply_markup"]["inline_keyboard"] == [*row, way_out]
    assert calls[2].params["media"][0]["caption"].endswith("/subscriptions")
    assert await mailing.bench.all("SELECT id FROM broadcasts") == []


@pytest.mark.row("M-10")
async def test_blocked_unsubscribed_failed_and_expired_recipients_are_counted_separately(
    mailing: Mailing,
) -> None:
    blocked, stopped, failed, late = await mailing.people(4)
    await mailing.open(late)
    good_until = mailing.bench.clock.now() + timedelta(seconds=30)
    broadcast_id = await mailing.create(expires_at=good_until)
    await mailing.turns(1)
    await mailing.bench.store.act(
        stop_marketing, sender=MessageSender(stopped, "Guest"), content=Content(text="/stop")
    )
    answers = {blocked: BLOCKED, failed: no(Action.PARK, "Bad Request: message is too long")}
    await mailing.deliver(answers, rounds=3)
    mailing.bench.clock.advance(60)
    await mailing.bench.store.act(expire_old)
    await mailing.turns()
    figures = await mailing.figures(broadcast_id)
    assert figures == {
        "status": "done", "recipients": 4, "cancelled": 1, "blocked": 1, "failed": 1, "expired": 1,
    }  # fmt: skip


@pytest.mark.row("M-15")
async def test_three_equal_refusals_of_the_content_pause_the_broadcast_and_are_reported(
    mailing: Mailing,
) -> None:
    await mailing.people(9)
    broadcast_id = await mailing.create()
    await mailing.deliver(
        lambda who: BAD_TEXT if who != ANNA.telegram_id and who > 500000000 else None, rounds=1
    )
    figures = await mailing.figures(broadcast_id)
    assert figures["status"] == "paused"
    assert figures["failed"] >= 3
    told = await mailing.bench.all("SELECT payload_json FROM outbox WHERE kind = 'desk_notice'")
    assert [row["payload_json"]["key"] for row in told] == ["broadcasts.paused_refused"]


@pytest.mark.row("M-14")
async def test_variants_are_assigned_by_their_shares_and_kept(mailing: Mailing) -> None:
    await mailing.people(40)
    broadcast_id = await mailing.create("A", "B", shares=(70, 30))
    words = [text for _, text in await mailing.deliver(rounds=3)]
    assert 20 <= words.count("A") <= 36
    rows = await mailing.bench.all("SELECT variant FROM broadcast_recipients")
    assert [row["variant"] for row in rows].count(1) == words.count("B")
    assert (await mailing.figures(broadcast_id))["status"] == "done"


async def test_a_broadcast_by_local_time_is_sent_at_each_customers_time(mailing: Mailing) -> None:
    now = mailing.bench.clock.now()
    tokyo, berlin, unknown = await mailing.people(3)
    for who, zone in ((tokyo, "Asia/Tokyo"), (berlin, "Europe/Berlin")):
        await mailing.bench.store.act(customers.set_fields, mailing.ids[who], time_zone=zone)
    day = (now + timedelta(days=2)).date()
    local = datetime(day.year, day.month, day.day, 10, 0)
    broadcast_id = await mailing.create(local_time=local)
    assert (await mailing.figures(broadcast_id))["status"] == "scheduled"
    left: list[tuple[int, datetime]] = []
    mailing.bench.clock.advance(24 * 3600)
    for _ in range(36):
        mailing.bench.clock.advance(3600)
        before = mailing.bench.clock.now()
        left += [(who, before) for who, _ in await mailing.deliver(rounds=1)]
    offsets = {tokyo: 9, unknown: 0}
    for who, hours in offsets.items():
        due = local.replace(tzinfo=UTC) - timedelta(hours=hours)
        (at,) = [at for reached, at in left if reached == who]
        assert due <= at < due + timedelta(hours=1, minutes=5)
    assert (await mailing.figures(broadcast_id))["status"] == "done"
