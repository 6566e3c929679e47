"""A random story of one desk against a model of a few lines: state, gate, routing, marketing, history."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.replies import write_in_dialog, write_in_general
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, gate_state
from holdline.desk.reading.reading import history_of, transcript
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.refusal import DeskError
from holdline.store.engine import Store
from tests.desk.conftest import ANNA, Desk, text
from tests.faults.figures import Figures, get_seed, get_size, report

STEPS, MOST_STEPS = 160, 1600
"""A story goes on until everything of `HAPPENS` has happened, which a few seeds come to late."""
HAPPENS = ("opens:done", "opens:refused", "pauses:done", "resumes:done", "closes:done",
           "writes:inside", "writes:general", "replies:sent", "markets:held", "markets:dropped")  # fmt: skip
STORIES, FIRST_SEED = get_size("HOLDLINE_STORIES", 3), get_seed(1)


@dataclass
class Model:
    """What a person with a notebook would have written down."""

    states: dict[int, str] = field(default_factory=dict)
    said: dict[int | None, list[str]] = field(default_factory=dict)
    moves: int = 0

    @property
    def active(self) -> int | None:
        return next((number for number, state in self.states.items() if state == "active"), None)


class Story:
    """Each rule acts on the desk and on the model, and says what it did."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.chance, self.model = desk, random.Random(seed), Model()
        self.count: Counter[str] = Counter()
        self.tg = 0

    @property
    def store(self) -> Store:
        return self.desk.store

    async def step(self) -> None:
        rule = self.chance.choice(
            [self.opens, self.pauses, self.resumes, self.closes, self.writes, self.replies, self.markets]
        )
        self.count[f"{rule.__name__}:{await rule()}"] += 1

    async def opens(self) -> str:
        opening = Opening(customer_id=self.desk.anna.id, title=f"Case {len(self.model.states)}")
        try:
            dialog = await self.store.act(open_dialog, manager=self.desk.maria, opening=opening)
        except DeskError as refused:
            assert refused.code == "active_dialog_exists" and self.model.active is not None
            return "refused"
        assert self.model.active is None
        self.model.states[dialog.id] = "active"
        self.model.moves += 1
        return "done"

    async def pauses(self) -> str:
        return await self._moves(pause_dialog, {"active": "paused"})

    async def resumes(self) -> str:
        return await self._moves(resume_dialog, {"paused": "active"})

    async def closes(self) -> str:
        if self.chance.random() < 0.5:
            return "let be"
        moves = {"active": "closed", "paused": "closed"}
        return await self._moves(close_dialog, moves, closing=Closing(send_rating_form=True))

    async def _moves(self, move: object, graph: dict[str, str], **more: object) -> str:
        if not self.model.states:
            return "nothing"
        number = self.chance.choice(list(self.model.states)[-2:])
        state = self.model.states[number]
        allowed = state in graph and not (graph[state] == "active" and self.model.active is not None)
        try:
            await self.store.act(move, manager=self.desk.maria, dialog_id=number, **more)  # type: ignore[arg-type]
        except DeskError as refused:
            assert not allowed
            expected = "dialog_closed" if state == "closed" else None
            assert expected is None or refused.code == expected
            return "refused"
        assert allowed
        self.model.states[number] = graph[state]
        self.model.moves += 1
        return "done"

    async def writes(self) -> str:
        self.tg += 1
        words = f"in {self.tg}"
        await self.store.act(
            receive_customer_message, sender=ANNA, content=text(words, self.tg, ANNA.telegram_id)
        )
        self.model.said.setdefault(self.model.active, []).append(words)
        return "inside" if self.model.active else "general"

    async def replies(self) -> str:
        inside = self.chance.choice([None, *self.model.states])
        words = f"out {self.tg} {self.chance.random()}"
        try:
            if inside is None:
                await self.store.act(
                    write_in_general,
                    manager=self.desk.maria,
                    customer_id=self.desk.anna.id,
                    content=text(words),
                )
            else:
                await self.store.act(
                    write_in_dialog, manager=self.desk.maria, dialog_id=inside, content=text(words)
                )
        except DeskError as refused:
            state = "none" if inside is None else self.model.states[inside]
            expected = {"none": "active_dialog_exists", "paused": "dialog_paused", "closed": "dialog_closed"}
            assert refused.code == expected[state]
            return f"refused {state}"
        assert inside == self.model.active
        self.model.said.setdefault(inside, []).append(words)
        return "sent"

    async def markets(self) -> str:
        class_ = self.chance.choice([MessageClass.FUNNEL, MessageClass.BROADCAST, MessageClass.SMART_REPLY])
        order = OutboundRequest(telegram_id=ANNA.telegram_id, class_=class_, text="news")
        answer = await self.store.act(accept_outbound, order=order)
        held = self.model.active is not None
        dropped = held and class_ is MessageClass.SMART_REPLY
        assert answer["status"] == ("dropped" if dropped else "held" if held else "queued")
        return str(answer["status"])

    async def agrees(self) -> None:
        """The desk tells the same story as the notebook."""
        gate = await self.store.read(gate_state, customer_id=self.desk.anna.id)
        assert gate["state"] == ("held" if self.model.active else "open")
        for inside, words in self.model.said.items():
            scope = (
                {"dialog_id": inside} if inside else {"customer_id": self.desk.anna.id, "general_only": True}
            )
            lines = await self.store.read(transcript, limit=1000, **scope)
            own = [line for line in lines if line["dialog_id"] == (inside or None)]  # it took up others
            assert [line["text"] for line in own if line["text"] != "news"] == words
        lines = await self.store.read(history_of, customer_id=self.desk.anna.id, limit=1000)
        moved = {"dialog_opened", "dialog_paused", "dialog_resumed", "dialog_closed"}
        assert sum(line["kind"] in moved for line in lines) == self.model.moves


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + STORIES))
async def test_the_desk_and_the_model_agree_on_a_random_story(desk: Desk, seed: int) -> None:
    story = Story(desk, seed)
    number = 0
    while number < STEPS or (number < MOST_STEPS and not all(story.count[each] for each in HAPPENS)):
        number += 1
        await story.step()
        if number % 20 == 0:
            await story.agrees()
    assert [each for each in HAPPENS if not story.count[each]] == [], story.count
    report(Figures(tried=1, seed=seed))


@pytest.mark.row("C-46")
async def test_two_bots_in_one_database_are_separate(desk: Desk, store_url: str) -> None:
    other = Store(store_url, bot_id=desk.store.bot_id + 1, clock=desk.store.clock)
    await other.start()
    opening = Opening(customer_id=desk.anna.id, title="Case")
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    with pytest.raises(DeskError) as refused:
        await other.read(history_of, dialog_id=dialog.id)
    assert refused.value.code == "not_found"
    await other.act(
        receive_customer_message, sender=MessageSender(ANNA.telegram_id, "Anna"), content=text("elsewhere", 1)
    )
    assert len(await desk.store.read(transcript, customer_id=desk.anna.id)) == 0
    await other.close()
