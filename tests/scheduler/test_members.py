"""Members of the staff group are checked, a few at a time, and not during a flood."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.rules import DeskRules
from holdline.scheduler.members import CHECKS_PER_TURN, ROUND_SECONDS, MembershipCheck
from holdline.scheduler.outage import Outage
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.people import managers
from holdline.telegram.call import Call, CallResult, Reply
from tests.scheduler.conftest import GROUP
from tests.scheduler.wire import REFUSED, error


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=GROUP)


class Room:
    """A Telegram that is only asked who is in the group; whoever is not named is a member."""

    def __init__(self) -> None:
        self.answers: dict[int, Any] = {}
        self.next: list[CallResult] = []
        self.asked: list[int] = []

    async def send(self, call: Call, *, seconds: float | None = None) -> CallResult:
        assert (call.method, call.params["chat_id"]) == ("getChatMember", GROUP)
        self.asked.append(call.params["user_id"])
        if self.next:
            return self.next.pop(0)
        told = self.answers.get(self.asked[-1], {"status": "member"})
        return told if isinstance(told, Reply) else Reply(200, {"ok": True, "result": told})


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def outage() -> Outage:
    return Outage()


@pytest.fixture
def members(store: Store, clock: ManualClock, room: Room, outage: Outage) -> MembershipCheck:
    return MembershipCheck(store, room, outage, clock=lambda: clock.now().timestamp())


async def people(store: Store, *ids: int) -> None:
    for telegram_id in ids:
        await store.act(managers.insert, telegram_id=telegram_id, name=f"P{telegram_id}", role="agent")


async def active(store: Store) -> set[int]:
    found = await store.read(managers.page, active_only=True, limit=1000)
    return {person.telegram_id for person in found}


async def rounds(members: MembershipCheck, clock: ManualClock, turns: int) -> None:
    for _ in range(turns):
        await members.look()
        clock.advance(5)


async def test_a_manager_who_left_without_an_update_loses_their_rights_at_the_next_check(
    store: Store, clock: ManualClock, room: Room, members: MembershipCheck
) -> None:
    await people(store, 1, 2, 3)
    room.answers[3] = {"status": "left"}
    await rounds(members, clock, 3)
    assert await active(store) == {1, 2, 3}, "3 was never seen in the group"
    room.answers[2] = {"status": "kicked", "until_date": 0}
    clock.advance(ROUND_SECONDS)
    await rounds(members, clock, 3)
    assert await active(store) == {1, 3}


async def test_a_restart_checks_members_at_once(
    store: Store, clock: ManualClock, room: Room, members: MembershipCheck
) -> None:
    await people(store, 1)
    await members.look()
    clock.advance(1)
    room.answers[1] = {"status": "left"}
    again = MembershipCheck(store, room, Outage(), clock=lambda: clock.now().timestamp())
    await rounds(again, clock, 2)
    assert await active(store) == set()


async def test_a_single_report_of_a_leave_is_checked_again(
    store: Store, clock: ManualClock, room: Room, members: MembershipCheck
) -> None:
    await people(store, 1)
    await members.look()
    clock.advance(ROUND_SECONDS)
    room.answers[1] = {"status": "left"}
    await rounds(members, clock, 1)
    del room.answers[1]
    await rounds(members, clock, 3)
    assert await active(store) == {1} and room.asked == [1, 1, 1]


async def test_each_member_is_checked_once_a_round_and_a_few_per_turn(
    store: Store, clock: ManualClock, room: Room, members: MembershipCheck
) -> None:
    await people(store, *range(1, 13))
    assert [await members.look() for _ in range(4)] == [CHECKS_PER_TURN, CHECKS_PER_TURN, 2, 0]
    assert sorted(room.asked) == list(range(1, 13))
    clock.advance(ROUND_SECONDS - 1)
    assert await members.look() == 0
    clock.advance(1)
    assert await members.look() == CHECKS_PER_TURN


async def test_member_checks_wait_for_the_end_of_a_flood_or_outage(
    store: Store, clock: ManualClock, room: Room, outage: Outage, members: MembershipCheck
) -> None:
    await people(store, 1, 2)
    room.next = [error(429, "Too Many Requests: retry after 20", retry_after=20), REFUSED]
    await members.look()
    assert room.asked == [1]
    clock.advance(19)
    assert await members.look() == 0
    clock.advance(2)
    await members.look()
    assert room.asked == [1, 1], "Telegram is out of reach"
    clock.advance(60)
    outage.record_failure(0, "no route")
    assert await members.look() == 0
    outage.record_probe(1, answered=True)
    await store.act(
        lambda tx: leases.freeze(tx, until=tx.at + timedelta(seconds=9), everything=True, reason="429")
    )
    assert await members.look() == 0
    clock.advance(10)
    assert await members.look() == 2


async def test_an_inconclusive_answer_about_a_member_changes_nothing(
    store: Store, clock: ManualClock, room: Room, members: MembershipCheck
) -> None:
    await people(store, 1)
    await members.look()
    unclear = (
        error(400, "Bad Request: user not found"),
        error(403, "Forbidden: bot was kicked from the supergroup chat"),
        {"status": "astronaut"},
        Reply(200, {"ok": True, "result": True}),
    )
    for answer in unclear:
        clock.advance(ROUND_SECONDS)
        room.answers[1] = answer
        await members.look()
    assert len(room.asked) == 5 and await active(store) == {1}


class TestWithoutAGroup:
    """Everybody works in private desks."""

    @pytest.fixture
    def rules(self) -> DeskRules:
        return DeskRules()

    async def test_without_a_group_no_member_is_checked(
        self, store: Store, room: Room, members: MembershipCheck
    ) -> None:
        await people(store, 1)
        assert await members.look() == 0 and room.asked == []
