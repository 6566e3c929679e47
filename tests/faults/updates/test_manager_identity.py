"""T27: random messages of managers of every kind, from a group and from private desks: nothing at a customer says who
wrote them.
"""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from holdline.store.people import managers
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.ledger import engine_of
from tests.journeys.dialogs.test_names import FIRST, NAME, canary, leaks
from tests.journeys.kinds import CAPTIONED, PASSED_ON, entered, speaks
from tests.journeys.whole import world
from tests.journeys.world import GROUP, Message, Person, Thread, World

RAW = 900_100_000
LOOK_AFTER = 10
COLLEAGUE = 420_000_001


class Talker:
    """Maria says random things in a dialog. Each holds a number of its own, by which its copy is known."""

    def __init__(self, here: World, maria: Person, thread: Thread, seed: int) -> None:
        self.here, self.maria, self.thread = here, maria, thread
        self.dice = random.Random(f"{seed}:talker")
        self.said: list[Message] = []
        self.acts: Counter[str] = Counter()
        self.marks: list[str] = []

    def acts_once(self) -> None:
        act = self.dice.choice(
            [
                self.writes,
                self.sends,
                self.mentions,
                self.links,
                self.hands_cards,
                self.forwards,
                self.albums,
                self.signs,
                self.edits,
                self.deletes,
            ]
        )
        self.acts[act.__name__] += 1
        act()

    def mark(self) -> str:
        self.marks.append(f"said-{len(self.marks)}-end")
        return self.marks[-1]

    def writes(self) -> None:
        self.said.append(self.maria.says(self.mark(), self.thread))

    def sends(self) -> None:
        kind = self.dice.choice(PASSED_ON)
        words = self.mark() if kind in ("text", *CAPTIONED) else ""
        self.said.append(speaks(self.maria, kind, self.thread, words))

    def mentions(self) -> None:
        """A mention of her by her name in Telegram, which only its entity tells."""
        person = {"id": self.maria.id, "is_bot": False, "first_name": FIRST, "username": NAME}
        entity = self.dice.choice(
            (
                {"type": "text_mention", "offset": 0, "length": 4, "user": person},
                {"type": "text_link", "offset": 0, "length": 4, "url": f"tg://user?id={self.maria.id}"},
            )
        )
        if self.dice.random() < 0.5:
            self.said.append(self.maria.says(self.mark(), self.thread, entities=[entity]))
        else:
            self.maria.sends("photo", self.thread, caption=self.mark(), entities=[entity])

    def links(self) -> None:
        """Her account, readable in the text, where it is refused; half of them in an edit."""
        words = f"{self.mark()} tg://user?id={self.maria.id}"
        if self.said and self.dice.random() < 0.5:
            self._edit(words)
        else:
            self.maria.says(words, self.thread)

    def hands_cards(self) -> None:
        """Her own contact, or that of a colleague of her name."""
        whose = self.dice.choice((self.maria.id, COLLEAGUE))
        self.maria.sends("contact", self.thread, phone_number="+48111", first_name=FIRST, user_id=whose)

    def forwards(self) -> None:
        self._raw(forward_origin={"type": "user", "date": 1, "sender_user": self._face()})

    def signs(self) -> None:
        """Fields of a message that name who wrote it."""
        self._raw(
            **self.dice.choice(
                (
                    {"author_signature": FIRST},
                    {"via_bot": {"id": 5, "is_bot": True, "first_name": FIRST, "username": NAME}},
                    {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": FIRST}},
                    {"sender_tag": FIRST},
                )
            )
        )

    def albums(self) -> None:
        number = str(70_000 + len(self.marks))
        self.maria.album(["photo", "video"], self.thread, number=number, caption=self.mark())

    def edits(self) -> None:
        self._edit(self.mark())

    def _edit(self, words: str) -> None:
        """One that is still there: the desk may have deleted it meanwhile."""
        here = {(m["chat"]["id"], m["message_id"]) for m in self.here.messages(self.thread.chat)}
        texts = [one for one in self.said if "text" in one]
        if texts := [one for one in texts if (one["chat"]["id"], one["message_id"]) in here]:
            one = self.dice.choice(texts)
            self.here.box.edits(self.maria.id, one["chat"]["id"], one["message_id"], text=words)

    def deletes(self) -> None:
        """As managers do it, because Telegram tells a bot of no deletion."""
        if self.said:
            self.maria.says("/delete", self.said.pop())

    def _raw(self, **fields: Any) -> None:
        like = self.maria.says("placeholder", self.thread)
        raw = {**like, "message_id": like["message_id"] + 1_000_000, "text": self.mark(), **fields}
        self.here.box.raw_update({"update_id": RAW + len(self.marks), "message": raw})

    def _face(self) -> dict[str, Any]:
        return {"id": self.maria.id, "is_bot": False, "first_name": FIRST, "username": NAME}


@pytest.mark.parametrize("group", [GROUP, 0], ids=["group", "private"])
async def test_nothing_sent_to_a_customer_names_the_author(
    tmp_path: Path, store_url: str, group: int
) -> None:
    seed, size = get_seed(20_261_130), get_size("HOLDLINE_MESSAGES", 30)
    async with world(tmp_path, group=group, store_url=store_url) as here:
        anna, maria = here.customer(), canary(here)
        await here.store.act(managers.insert, telegram_id=COLLEAGUE, name=FIRST, role="agent")
        thread = await here.opened(anna)
        await entered(maria, thread)
        talker = Talker(here, maria, thread, seed)
        found: list[str] = []
        for number in range(1, size + 1):
            talker.acts_once()
            if number % LOOK_AFTER == 0 or number == size:
                maria.says(f"until {number} end", thread)
                await anna.gets(f"until {number} end")
                found += leaks(here, anna, maria)
        note = f"{dict(talker.acts)} in {'a group' if group else 'private desks'} on {engine_of(store_url)}"
        report(Figures(tried=size, broken=len(found), seed=seed, note=note))
        assert found == []
        got = str(here.messages(anna.id))
        assert sum(mark in got for mark in talker.marks) > len(talker.marks) / 3
        assert here.box.problems == []
