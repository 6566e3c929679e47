"""The counts of reports, computed again by hand from the acts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from holdline.desk.conversation.merges import merge_dialog, unmerge_dialog
from holdline.desk.customers import customers
from holdline.desk.delivery.delivery import expire_old
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import apply_close, close_dialog, pause_dialog, resume_dialog
from holdline.desk.marketing.held import drop_held, send_held
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.reading.figures import make_report
from holdline.desk.settings import lists
from holdline.desk.teams.routing import assign_dialog_to_team
from holdline.desk.teams.teams import add_team
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.reports.kinds import DayCount, ReportKind, ReportQuery
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs, ratings
from holdline.store.tx import Tx
from tests.desk.conftest import ANNA, Desk
from tests.desk.reports.steps import BORIS, NO_ANSWERS, answers, figures, moved, opened


async def test_volume_is_counted_as_it_stood_at_the_end_of_the_period(desk: Desk, clock: ManualClock) -> None:
    boris = await desk.store.act(customers.get_or_create_customer, sender=BORIS)
    first, others = await opened(desk), await opened(desk, boris)
    await desk.store.act(dialogs.set_fields, others, due_at=clock.now() + timedelta(hours=1))
    clock.advance(60)
    await moved(desk, pause_dialog, first)
    clock.advance(60)
    paused_at = clock.now()
    clock.advance(60)
    await moved(desk, resume_dialog, first)
    await moved(desk, close_dialog, first, closing=Closing())
    await opened(desk)
    clock.advance(7200)
    assert await figures(desk, "dialogs") == {
        "opened": 3,
        "closed": 1,
        "active": 2,
        "paused": 0,
        "overdue": 1,
        "customers": 2,
    }
    assert await figures(desk, "dialogs", to_at=paused_at) == {
        "opened": 2,
        "closed": 0,
        "active": 1,
        "paused": 1,
        "overdue": 0,
        "customers": 2,
    }


async def test_an_undone_merge_counts_one_pause_and_one_close(desk: Desk) -> None:
    first = await opened(desk)
    await moved(desk, pause_dialog, first)
    second = await opened(desk)
    await moved(desk, merge_dialog, second, into=first)
    await moved(desk, unmerge_dialog, second)
    found = await figures(desk, "dialogs")
    assert (found["active"], found["paused"], found["closed"]) == (0, 2, 0)
    await moved(desk, close_dialog, second, closing=Closing())
    found = await figures(desk, "dialogs")
    assert (found["active"], found["paused"], found["closed"]) == (0, 1, 1)


async def test_a_merged_dialog_counts_as_closed_until_the_merge_is_undone(
    desk: Desk, clock: ManualClock
) -> None:
    """The report of a day that is over stays what it was on that day, whatever becomes of the merge."""
    first = await opened(desk)
    await moved(desk, pause_dialog, first)
    clock.advance(60)
    second = await opened(desk)
    clock.advance(60)
    before_the_merge = clock.now()
    clock.advance(60)
    await moved(desk, merge_dialog, second, into=first)
    clock.advance(60)
    merged = clock.now()
    on_that_day = await figures(desk, "dialogs", to_at=merged)
    clock.advance(60)
    await moved(desk, unmerge_dialog, second)
    clock.advance(60)
    undone = clock.now()

    async def at(moment: datetime) -> tuple[int, int]:
        found = await figures(desk, "dialogs", to_at=moment)
        return found["active"], found["paused"]

    assert (on_that_day["active"], on_that_day["paused"]) == (0, 1)
    assert await at(before_the_merge) == (1, 1)
    assert await at(merged) == (0, 1)
    assert await at(undone) == (0, 2)
    clock.advance(60)
    await moved(desk, close_dialog, second, closing=Closing())
    assert await at(merged) == (0, 1)
    assert await at(undone) == (0, 2)


async def test_satisfaction_counts_forms_that_arrived_and_answers(desk: Desk, clock: ManualClock) -> None:
    for number, value in enumerate((3, 3, 1, None, None)):
        customer = await desk.store.act(
            customers.get_or_create_customer, sender=MessageSender(520000000 + number, "C")
        )
        dialog_id = await opened(desk, customer)
        score = 2 if number else None
        closing = Closing(customer_score=score, send_rating_form=True)
        await moved(desk, close_dialog, dialog_id, closing=closing)
        if number == 4:
            continue  # this form never arrived

        def arrived(tx: Tx, dialog_id: int = dialog_id, value: int | None = value) -> None:
            row = tx.one("SELECT id FROM ratings WHERE dialog_id = :dialog", dialog=dialog_id)
            assert row is not None
            ratings.mark_delivered(tx, row["id"])
            if value is not None:
                ratings.answer(tx, row["id"], value)

        await desk.store.act(arrived)
    found = await figures(desk, "satisfaction")
    assert found == {
        "sent": 4,
        "answers": 3,
        "mean": pytest.approx(7 / 3),
        "score": pytest.approx(200 / 3),
        "shares": {"1": pytest.approx(100 / 3), "2": 0, "3": pytest.approx(200 / 3)},
        "response_rate": 75,
        "customer_score": {"count": 4, "mean": 2},
    }


async def test_without_ratings_satisfaction_is_empty(desk: Desk) -> None:
    found = await figures(desk, "satisfaction")
    assert (found["answers"], found["mean"], found["score"], found["response_rate"]) == (0, None, None, None)


async def test_the_gate_report_counts_held_messages_and_their_waits(desk: Desk, clock: ManualClock) -> None:
    async def offered(class_: MessageClass) -> None:
        await desk.store.act(accept_outbound, order=OutboundRequest(ANNA.telegram_id, class_, "Only today"))

    def sent(tx: Tx) -> None:
        tx.run("UPDATE outbox SET status = 'sent', settled_at = :at WHERE status = 'queued'", at=tx.at)

    await offered(MessageClass.FUNNEL)  # leaves before anything holds it
    clock.advance(1)
    await desk.store.act(sent)
    dialog_id = await opened(desk)
    clock.advance(10)
    await offered(MessageClass.BROADCAST)
    await offered(MessageClass.SMART_REPLY)
    clock.advance(90)
    assert await figures(desk, "gate") == {
        "held": 1,
        "released": 0,
        "expired": 0,
        "dropped": 1,
        "median_hold": None,
        "smart_replies": NO_ANSWERS,
    }
    await moved(desk, pause_dialog, dialog_id)
    clock.advance(5)
    await desk.store.act(sent)
    assert await figures(desk, "gate") == {
        "held": 1,
        "released": 1,
        "expired": 0,
        "dropped": 1,
        "median_hold": 90,
        "smart_replies": NO_ANSWERS,
    }


async def test_held_messages_are_counted_by_their_four_results(desk: Desk, clock: ManualClock) -> None:
    """Sent past the gate after its own wait, dropped by hand, expired while it waited, let go with the rest."""
    dialog_id = await opened(desk)
    over = clock.now() + timedelta(seconds=50)
    orders = [
        OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, "Only today", expires_at=expires)
        for expires in (None, None, over, None)
    ]
    by_hand, unwanted, _, _ = [(await desk.store.act(accept_outbound, order=order))["id"] for order in orders]
    clock.advance(30)
    await desk.store.act(send_held, manager=desk.maria, outbox_id=by_hand)
    await desk.store.act(drop_held, manager=desk.maria, outbox_id=unwanted)

    def sent(tx: Tx) -> None:
        row = {"status": "sent", "at": tx.at}
        tx.run(
            """UPDATE outbox SET status = :status, settled_at = :at WHERE status = 'queued' AND audience = 'customer'
               AND (stream = 'dialog' OR customer_id IN (SELECT id FROM customers WHERE gate = 'open'))""",
            **row,
        )

    await desk.store.act(sent)
    clock.advance(30)
    await desk.store.act(expire_old)
    clock.advance(30)
    await moved(desk, pause_dialog, dialog_id)
    await desk.store.act(sent)
    assert await figures(desk, "gate") == {
        "held": 4,
        "released": 2,
        "expired": 1,
        "dropped": 1,
        "median_hold": 60,
        "smart_replies": NO_ANSWERS,
    }


async def test_the_managers_report_counts_replies_and_closes(desk: Desk) -> None:
    boris = await desk.store.act(customers.get_or_create_customer, sender=BORIS)
    first, second = await opened(desk), await opened(desk, boris)
    await answers(desk, first)
    await answers(desk, first)
    await answers(desk, second, by=desk.ivan)
    await moved(desk, close_dialog, first, closing=Closing())
    await desk.store.act(dialogs.set_fields, second, assignee_id=None)
    await desk.store.act(_close_by_itself, second)
    assert await figures(desk, "managers") == {
        "items": [
            {"telegram_id": desk.maria.telegram_id, "name": "Maria", "replies": 2, "closed": 1},
            {"telegram_id": desk.ivan.telegram_id, "name": "Ivan", "replies": 1, "closed": 0},
            {"telegram_id": None, "name": "Unassigned", "replies": 0, "closed": 1},
        ]
    }


def _close_by_itself(tx: Tx, dialog_id: int) -> None:
    apply_close(tx, SYSTEM, dialogs.by_id(tx, dialog_id), Closing())


async def test_figures_are_counted_by_tag_type_and_team(desk: Desk) -> None:
    boris = await desk.store.act(customers.get_or_create_customer, sender=BORIS)
    for name in ("Late", "Broken"):
        await desk.store.act(lists.add_to_list, manager=None, kind="tags", name=name)
    refund, other = await opened(desk, type="Refund"), await opened(desk, boris)
    for dialog_id, tags in ((refund, ["Late", "Broken"]), (other, ["Late"])):
        await desk.store.act(change_dialog, manager=desk.maria, dialog_id=dialog_id, changes={"tags": tags})
    late, broken = {"tag": "Late", "dialogs": 2}, {"tag": "Broken", "dialogs": 1}
    assert await figures(desk, "tags") == {"items": [late, broken]}
    assert (await figures(desk, "tags", type="refund"))["items"][0]["dialogs"] == 1
    await desk.store.act(add_team, manager=None, fields={"name": "Billing"})
    await moved(desk, assign_dialog_to_team, other, team="Billing")
    assert await figures(desk, "tags", team="Billing") == {"items": [{**late, "dialogs": 1}]}
    for kind in ReportKind:
        assert await figures(desk, kind, type="Refund", team="Billing")
    for wrong in ({"type": "Nothing"}, {"team": "Nobody"}):
        with pytest.raises(BadInput):
            await figures(desk, "tags", **wrong)


async def test_without_a_policy_no_sla_is_counted(desk: Desk) -> None:
    nothing = {"met": 0, "breached": 0, "kept": None}
    assert await figures(desk, "sla") == {
        "first_response": nothing,
        "next_response": nothing,
        "resolution": nothing,
    }


async def test_the_days_of_a_chart_are_in_the_desks_time_zone(desk: Desk, clock: ManualClock) -> None:
    first = await opened(desk)
    clock.advance(86400 + 60)
    await moved(desk, close_dialog, first, closing=Closing())
    report = await desk.store.read(make_report, kind=ReportKind.DIALOGS, asked=ReportQuery(days=2))
    assert report.scope.from_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert report.days == [DayCount(date(2026, 1, 1), 1, 0), DayCount(date(2026, 1, 2), 0, 1)]
