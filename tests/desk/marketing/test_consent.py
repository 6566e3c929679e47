"""A customer's consent takes effect at once and is kept line by line."""

from typing import Any

import pytest

from holdline.desk.customers import customers as people
from holdline.desk.customers.changes import change_customer
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, outbound_status
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.message import Content
from holdline.store.invariants import find_violations
from holdline.store.tx import Row
from tests.desk.conftest import ANNA, Desk


async def changed(desk: Desk, **changes: Any) -> None:
    await desk.store.act(change_customer, actor=SYSTEM, customer_id=desk.anna.id, changes=changes)


async def offered(desk: Desk, topic: str | None = None) -> int:
    source = MarketingSource(topic=topic)
    order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Only today", source=source)
    return int((await desk.store.act(accept_outbound, order=order))["id"])


async def statuses(desk: Desk, *items: int) -> list[str]:
    return [(await desk.store.read(outbound_status, outbox_id=item))["status"] for item in items]


async def ledger(desk: Desk) -> list[tuple[str | None, int, str, str, str]]:
    def lines(tx: Any) -> list[Row]:
        return tx.all("SELECT topic, given, how, words, actor_kind FROM consents ORDER BY id")  # type: ignore[no-any-return]

    rows = await desk.store.read(lines)
    return [(row["topic"], row["given"], row["how"], row["words"], row["actor_kind"]) for row in rows]


@pytest.mark.row("M-09")
async def test_unsubscribing_from_a_topic_cancels_only_its_waiting_messages(desk: Desk) -> None:
    news, sale, plain = await offered(desk, "news"), await offered(desk, "sale"), await offered(desk)
    await changed(desk, topics={"news": False})
    assert await statuses(desk, news, sale, plain) == ["cancelled", "queued", "queued"]
    await changed(desk, opt_out=True)
    assert await statuses(desk, news, sale, plain) == ["cancelled"] * 3


async def test_the_ledger_keeps_each_consent_with_its_text(desk: Desk) -> None:
    async def starts(payload: str) -> None:
        await desk.store.act(
            people.greet_customer, sender=ANNA, payload=payload, content=Content(tg_message_id=1)
        )

    await starts("promo")
    await starts("again")
    await desk.store.act(people.stop_marketing, sender=ANNA, content=Content(text="/stop", tg_message_id=2))
    await desk.store.act(people.stop_marketing, sender=ANNA, content=Content(text="/stop", tg_message_id=3))
    await starts("back")
    await desk.store.act(people.resume_marketing, telegram_id=ANNA.telegram_id)
    await changed(desk, topics={"news": True})
    await changed(desk, topics={"news": False})
    assert await ledger(desk) == [
        (None, 1, "start", "/start promo", "customer"),
        (None, 0, "stop", "/stop", "customer"),
        (None, 1, "button", "↩️ Оставить предложения", "customer"),
        ("news", 1, "api", "", "system"),
        ("news", 0, "api", "", "system"),
    ]


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("stopped_is_in_the_ledger", "UPDATE customers SET opted_out_at = 1"),
        ("stopped_is_in_the_ledger", "UPDATE consents SET given = 0 WHERE topic IS NULL"),
        ("topic_is_in_the_ledger", "UPDATE customer_topics SET wanted = 1"),
        ("topic_is_in_the_ledger", "DELETE FROM consents"),
    ],
)
async def test_the_doctor_finds_consent_that_is_missing_in_the_ledger(
    desk: Desk, name: str, broken: str
) -> None:
    await changed(desk, opt_out=True)
    await changed(desk, opt_out=False, topics={"news": False})
    assert await desk.store.read(find_violations) == []
    await desk.store.act(lambda tx: tx.run(broken))
    assert name in {violation.name for violation in await desk.store.read(find_violations)}
