"""Stories of funnels, dialogs, consent and crashes, drawn by Hypothesis and judged by what arrived.

Nobody is skipped, nobody gets a step twice but where an answer was lost, the order is kept, nothing is begun while a
person talks, while the funnel is paused, or after /stop and the stop word, and no delay is shorter than it was written.
What is said and pressed while a person talks changes nothing before that is over.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers.customers import get_or_create_customer, stop_marketing
from holdline.desk.customers.presses import record_button_press
from holdline.desk.delivery.settle import reap
from holdline.desk.delivery.start import StartedCall
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.funnels.definitions import add_funnel, switch_funnel
from holdline.desk.funnels.enrolments import enrol
from holdline.desk.funnels.moving import move_due
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError
from holdline.scheduler.funnels import move_enrolments
from holdline.screens.render import render
from holdline.store.funnels import enrolments
from holdline.store.invariants import find_violations
from holdline.store.people import customers
from holdline.telegram.outcomes import Action, Outcome, Refused, Sent, Uncertain
from tests.faults.figures import Figures, get_size, report
from tests.scheduler.conftest import Bench

WAITS = (40, 20, 20)
"""Seconds at least between a step and the next; who is asked may take longer."""
STEPS = len(WAITS) + 1
FUNNEL: list[dict[str, Any]] = [
    {"send": {"text": "step 0"}},
    {"wait": "40s"},
    {"question": {"text": "step 1", "name": "city", "within": "60s"}},
    {"wait": "20s"},
    {"send": {"text": "step 2", "buttons": [{"text": "Yes", "then": [{"tag": "yes"}]}], "within": "60s"}},
    {"wait": "20s"},
    {"send": {"text": "step 3"}},
]
STOP_WORD, ANSWER, FOR_THE_MANAGER = "enough", "Gdynia", "for the manager"
_NUMBERS = count(1)
PERSON = st.integers(0, 1)
ACTS = st.one_of(
    st.tuples(st.sampled_from(["open", "open", "pause", "resume", "close", "enrol", "stop"]), PERSON),
    st.tuples(st.sampled_from(["press", "press", "answer", "answer", "enough"]), PERSON),
    st.tuples(st.sampled_from(["halt", "proceed", "proceed"]), st.none()),
    st.tuples(st.sampled_from(["timers", "timers", "crash", "begin", "begin", "reap"]), st.none()),
    st.tuples(st.just("land"), st.sampled_from(["fine"] * 4 + ["lost", "lost_twice", "refused", "killed"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 30, 60, 700])),
    st.tuples(st.just("serve"), st.sampled_from([1, 10, 15, 25, 40])),
)


class Crashed(Exception):
    """The process dies before the commit."""


@dataclass
class Walk:
    """One customer: what they got and when, and how things stand with them."""

    telegram_id: int
    customer_id: int
    dialog: int | None = None
    state: str = "none"
    stopped: bool = False
    left: bool = False
    offer: int | None = None
    got: list[tuple[datetime, int]] = field(default_factory=list)
    unknown: Counter[int] = field(default_factory=Counter)
    refused: set[int] = field(default_factory=set)

    @property
    def firsts(self) -> list[int]:
        return list(dict.fromkeys(step for _, step in self.got))


class Story:
    def __init__(self, bench: Bench, funnel_id: int, walks: list[Walk]) -> None:
        self.bench, self.funnel_id, self.walks = bench, funnel_id, walks
        self.flying: list[tuple[StartedCall, datetime]] = []
        self.halted = False

    async def act(self, name: str, about: Any) -> None:
        await getattr(self, f"do_{name}")(self.walks[about] if name in _OF_PERSON else about)

    async def do_enrol(self, walk: Walk) -> None:
        if walk.left or self.halted:
            return
        try:
            await self.bench.store.act(enrol, funnel_id=self.funnel_id, telegram_id=walk.telegram_id)
        except DeskError as refused:
            assert (refused.code, walk.stopped) == ("opted_out", True)

    async def do_open(self, walk: Walk) -> None:
        if walk.state in ("none", "closed"):
            opening = Opening(walk.customer_id, "Case")
            opened = await self.bench.store.act(open_dialog, manager=self.bench.maria, opening=opening)
            walk.dialog, walk.state = opened.id, "active"

    async def do_pause(self, walk: Walk) -> None:
        if walk.state == "active":
            await self.bench.store.act(pause_dialog, manager=self.bench.maria, dialog_id=walk.dialog)
            walk.state = "paused"

    async def do_resume(self, walk: Walk) -> None:
        if walk.state == "paused":
            await self.bench.store.act(resume_dialog, manager=self.bench.maria, dialog_id=walk.dialog)
            walk.state = "active"

    async def do_close(self, walk: Walk) -> None:
        if walk.state in ("active", "paused"):
            words = {"dialog_id": walk.dialog, "closing": Closing()}
            await self.bench.store.act(close_dialog, manager=self.bench.maria, **words)
            walk.state = "closed"

    async def do_stop(self, walk: Walk) -> None:
        sender = MessageSender(walk.telegram_id, "Anna")
        await self.bench.store.act(
            stop_marketing, sender=sender, content=Content(tg_message_id=next(_NUMBERS))
        )
        walk.stopped = True

    async def do_press(self, walk: Walk) -> None:
        """While a person talks it is kept: no tag comes of it before that is over."""
        if walk.offer is None:
            return
        before = await self.tags_of(walk)
        words = {"telegram_id": walk.telegram_id, "tg_message_id": walk.offer, "data": "out:Yes"}
        await self.bench.store.act(record_button_press, **words)
        assert walk.state != "active" or await self.tags_of(walk) == before, "pressed while a person talks"

    async def do_answer(self, walk: Walk) -> None:
        await self.says(walk, FOR_THE_MANAGER if walk.state == "active" else ANSWER)

    async def do_enough(self, walk: Walk) -> None:
        await self.says(walk, STOP_WORD)
        walk.left = walk.left or walk.state != "active"

    async def says(self, walk: Walk, words: str) -> None:
        sender = MessageSender(walk.telegram_id, "Anna")
        content = Content(text=words, chat_id=walk.telegram_id, tg_message_id=next(_NUMBERS))
        await self.bench.store.act(receive_customer_message, sender=sender, content=content)

    async def tags_of(self, walk: Walk) -> list[str]:
        return await self.bench.store.read(lambda tx: customers.tags(tx, walk.customer_id))

    async def do_halt(self, _: None) -> None:
        await self.bench.store.act(switch_funnel, funnel_id=self.funnel_id, active=False)
        self.halted = True

    async def do_proceed(self, _: None) -> None:
        await self.bench.store.act(switch_funnel, funnel_id=self.funnel_id, active=True)
        self.halted = False

    async def do_timers(self, _: None) -> None:
        await move_enrolments(self.bench.store)

    async def do_crash(self, _: None) -> None:
        """The timers die after the work, before its commit: as if nothing had been done."""
        for due in await self.bench.store.read(enrolments.list_due):

            def dying(tx: Any, due: Any = due) -> None:
                move_due(tx, enrolment_id=due["id"], customer_id=due["customer_id"])
                raise Crashed

            with pytest.raises(Crashed):
                await self.bench.store.act(dying)

    async def do_begin(self, _: None) -> None:
        for begun in await self.bench.begin(render=render):
            walk = self.walk_of(begun)
            if walk is None or not begun.is_marketing:
                await self.bench.settle(begun)
                continue
            assert walk.state != "active", "begun while a person is talking"
            assert not walk.stopped, "begun after /stop"
            assert not walk.left, "begun after the stop word"
            assert not self.halted, "begun while the funnel is paused"
            self.flying.append((begun, self.bench.clock.now()))

    async def do_land(self, fate: str) -> None:
        if not self.flying:
            return
        begun, begun_at = self.flying.pop(0)
        walk, step = self.walk_of(begun), int(begun.call.params["text"].rpartition(" ")[2])
        assert walk is not None
        if fate in ("fine", "lost_twice", "killed"):
            walk.got.append((begun_at, step))
        number = next(self.bench.ids)
        outcome: Outcome | None = Sent({"message_id": number})
        if fate == "fine" and step == 2:
            walk.offer = number
        if fate == "refused":
            walk.refused.add(step)
            outcome = Refused(400, "Bad Request: no", Action.PARK)
        elif fate in ("lost", "lost_twice", "killed"):
            walk.unknown[step] += 1
            outcome = None if fate == "killed" else Uncertain("the answer was lost")
        if outcome is not None:
            await self.bench.settle(begun, outcome)

    async def do_serve(self, seconds: int) -> None:
        """All goes well for a while."""
        await self.do_timers(None)
        await self.do_begin(None)
        while self.flying:
            await self.do_land("fine")
        self.bench.clock.advance(seconds)

    async def do_reap(self, _: None) -> None:
        """Whoever had calls on the wire is dead: its leases run out."""
        if not self.flying:
            await self.bench.store.act(reap)

    async def do_wait(self, seconds: int) -> None:
        self.bench.clock.advance(seconds)

    def walk_of(self, begun: StartedCall) -> Walk | None:
        return next((walk for walk in self.walks if walk.telegram_id == begun.chat_id), None)

    async def ends(self) -> None:
        """Faults and dialogs are over: everybody comes to the end."""
        while self.flying:
            await self.do_land("fine")
        await self.do_proceed(None)
        for walk in self.walks:
            await self.do_close(walk)
        for _ in range(80):
            await self.do_reap(None)
            await self.do_serve(4)


_OF_PERSON = ("enrol", "open", "pause", "resume", "close", "stop", "press", "answer", "enough")


def judge(walk: Walk, state: str | None) -> None:
    firsts, lost = walk.firsts, walk.refused | {step for step, n in walk.unknown.items() if n > 2}
    assert firsts == sorted(firsts), "order"
    if firsts:
        assert set(range(max(firsts) + 1)) - set(firsts) <= lost, "somebody was skipped"
    if state == "done":
        assert set(range(STEPS)) - set(firsts) <= lost, "somebody was skipped"
    copies = Counter(step for _, step in walk.got)
    for step, times in copies.items():
        assert times <= 1 + walk.unknown[step], "somebody got it twice"
    for step, wait in enumerate(WAITS):
        before = [at for at, got in walk.got if got == step]
        after = [at for at, got in walk.got if got == step + 1]
        if before and after:
            assert min(after) - max(before) >= timedelta(seconds=wait), "a delay was too short"


@pytest.mark.row("M-01")
@pytest.mark.row("M-04")
@given(acts=st.lists(ACTS, min_size=10, max_size=50))
@example(acts=[("open", 0), ("begin", None)])
@example(acts=[("begin", None), ("open", 0), ("enough", 0), ("land", "lost"), ("wait", 3), ("begin", None)])
@example(acts=[("begin", None), ("enough", 0), ("land", "lost"), ("wait", 3), ("begin", None)])
@settings(
    max_examples=get_size("HOLDLINE_STORIES", 12),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
async def test_funnels_keep_their_promises_whatever_happens(bench: Bench, acts: list[Any]) -> None:
    number, walks = next(_NUMBERS), []
    written = {"name": f"Story {number}", "steps": FUNNEL, "stop_words": [STOP_WORD]}
    funnel = await bench.store.act(add_funnel, written=written)
    for person in range(2):
        sender = MessageSender(600000000 + 10 * number + person, "Anna")
        customer = await bench.store.act(get_or_create_customer, sender=sender)
        walks.append(Walk(sender.telegram_id, customer.id))
    story = Story(bench, funnel.id, walks)
    await story.do_enrol(walks[0])
    for name, about in acts:
        await story.act(name, about)
    await story.ends()
    for walk in walks:
        newest = await bench.store.read(enrolments.newest_of, funnel.id, walk.customer_id)
        assert newest is None or not newest.is_running, "somebody stands still"
        assert newest is None or newest.state == "done" or walk.stopped or walk.left, "ended without a reason"
        assert newest is None or newest.answers.get("city") in (None, ANSWER), "meant for a person"
        judge(walk, newest.state if newest else None)
    assert await bench.store.read(find_violations) == []
    report(Figures(tried=1))
