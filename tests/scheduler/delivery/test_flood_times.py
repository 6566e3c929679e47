"""A flood to the second: how long its chat waits, how long others are frozen, and the remaining pace."""

from datetime import datetime, timedelta

import pytest

from holdline.desk.delivery.delivery import seconds_until_due
from holdline.desk.delivery.floods import MARGIN, record_flood
from holdline.desk.delivery.pace import can_go_faster, current_pace
from holdline.desk.delivery.success import message_ids
from holdline.dialogs.rules import DeskRules
from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram.outcomes import RetryLater, Scope
from holdline.telegram.pacing import CLEAN
from tests.scheduler.conftest import DESK, GROUP, Bench

SECOND = timedelta(seconds=1)


@pytest.fixture
async def bench(bench: Bench) -> Bench:
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    return bench


async def flood(bench: Bench, chat_id: int, seconds: int | None = 100) -> datetime:
    """A 429 in that chat now; returns when it may be written to again."""
    fields = DESK | {"chat_id": chat_id} if chat_id < 0 else {"chat_id": chat_id, "customer_id": None}
    item = await bench.item(await bench.add(f"{chat_id} {bench.clock.now()}", **fields))

    def work(tx: Tx, chat: Row) -> datetime:
        return record_flood(tx, item, chat, RetryLater("429", Scope.CHAT, seconds, 429))

    until = await bench.store.act(work, await bench.chat(chat_id))
    margin = timedelta(seconds=(seconds or 0) + MARGIN + item["id"] % 499 / 1000)
    assert until == bench.clock.now() + margin
    assert (await bench.chat(chat_id))["no_burst_until_at"] == until + CLEAN
    return until


async def lease(bench: Bench) -> tuple[timedelta | None, timedelta | None, timedelta | None, float | None]:
    """From now: everybody's silence, that of marketing, the end of care; and the pace left."""
    row = await bench.store.read(lambda tx: leases.current(tx, "sender"))
    assert row is not None
    ends = [row[name] for name in ("frozen_until_at", "marketing_frozen_until_at", "careful_until_at")]
    left = [None if end is None else end - bench.clock.now() for end in ends]
    return left[0], left[1], left[2], row["pace"]


async def test_a_flood_of_a_private_chat_freezes_marketing_for_five_seconds(bench: Bench) -> None:
    await flood(bench, 600)
    assert await lease(bench) == (None, 5 * SECOND, None, None)


async def test_a_flood_of_one_group_freezes_no_other_chat(bench: Bench) -> None:
    await flood(bench, GROUP)
    assert await lease(bench) == (None, None, None, None)


async def test_a_short_flood_freezes_only_for_its_length(bench: Bench) -> None:
    until = await flood(bench, 600, None)
    assert (await lease(bench))[1] == until - bench.clock.now() < SECOND


@pytest.mark.parametrize(
    ("chat_id", "later", "is_whole"), [(601, 0, True), (601, 10, True), (601, 10.5, False), (600, 1, False)]
)
async def test_floods_of_two_chats_within_ten_seconds_freeze_all_chats(
    bench: Bench, chat_id: int, later: float, is_whole: bool
) -> None:
    await flood(bench, 600)
    bench.clock.advance(later)
    until = await flood(bench, chat_id)
    silence, _, care, pace = await lease(bench)
    if is_whole:
        assert (silence, care) == (5 * SECOND, until - bench.clock.now())
        assert pace == pytest.approx(21)
    else:
        assert (silence, care, pace) == (None, None, None)


async def test_the_pace_is_lowered_once_while_everything_is_frozen(bench: Bench) -> None:
    for chat_id in (600, 601, 602):
        await flood(bench, chat_id)
    assert (await lease(bench))[3] == pytest.approx(21)
    bench.clock.advance(5)
    await flood(bench, 603)
    assert (await lease(bench))[3] == pytest.approx(14.7)


async def test_the_pace_left_is_kept_by_a_flood_of_one_chat(bench: Bench) -> None:
    for chat_id in (600, 601):
        await flood(bench, chat_id)
    bench.clock.advance(125)
    await flood(bench, 602)
    assert (await lease(bench))[3] == pytest.approx(23)
    assert await bench.store.read(current_pace) == pytest.approx(23)


async def test_each_refused_careful_call_doubles_the_freeze(bench: Bench) -> None:
    for chat_id in (600, 601):
        await flood(bench, chat_id, 3600)
    silences = []
    for chat_id in range(602, 608):
        silence, *_ = await lease(bench)
        assert silence is not None
        bench.clock.advance(silence.total_seconds())
        await flood(bench, chat_id, 3600)
        silences.append((await lease(bench))[0])
    assert silences == [seconds * SECOND for seconds in (10, 20, 40, 60, 60, 60)]


async def test_a_flood_during_the_freeze_does_not_double_it(bench: Bench) -> None:
    for chat_id in (600, 601):
        await flood(bench, chat_id)
    bench.clock.advance(4)
    await flood(bench, 602)
    assert (await lease(bench))[0] == 5 * SECOND


@pytest.mark.parametrize(
    ("per_second", "paid", "faster"),
    [(30, 0, False), (30, 30, False), (30, 31, True), (0, 31, False), (0.5, 1, True)],
)
async def test_broadcasts_may_pay_for_more_than_the_free_pace(
    bench: Bench, per_second: float, paid: int, faster: bool
) -> None:
    rules = DeskRules(per_second=per_second, paid_per_second=paid)

    def asked(tx: Tx) -> bool:
        tx.rules = rules
        return can_go_faster(tx)

    assert await bench.store.read(asked) is faster


async def due(bench: Bench, **options: float) -> float | None:
    return await bench.store.read(lambda tx: seconds_until_due(tx, **options))


async def test_the_sender_rests_until_something_is_due(bench: Bench) -> None:
    assert await due(bench) is None
    await bench.add("soon", due_at=bench.clock.now() + 30 * SECOND)
    assert await due(bench) == 30
    assert await due(bench, marketing_rest=60) == 30
    bench.clock.advance(31)
    assert await due(bench) == 0


@pytest.mark.parametrize(("everything", "rests"), [(True, 9), (False, 0)])
async def test_the_sender_rests_until_the_freeze_ends(bench: Bench, everything: bool, rests: float) -> None:
    await bench.add("now")
    until = bench.clock.now() + 9 * SECOND
    await bench.store.act(leases.freeze, until=until, everything=everything, reason="429")
    assert await due(bench) == rests


@pytest.mark.parametrize(
    ("result", "ids"),
    [
        ({"message_id": 5}, [5]),
        ([{"message_id": 5}, {"message_id": 6}], [5, 6]),
        (True, []),
        ([True, {"message_id": "x"}, {}], []),
        ({"message_thread_id": 5}, []),
    ],
)
def test_message_ids_are_read_from_an_answer(result: object, ids: list[int]) -> None:
    assert message_ids(result) == ids
