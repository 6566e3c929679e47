"""T13: updates that cannot be decoded, or whose handler raises, hangs or kills the process, among good ones.

Each is quarantined after three attempts at most, the others arrive, and when the handler is mended an administrator
replays them with one tap.
"""

import asyncio
from itertools import count
from pathlib import Path

from holdline.sandbox import SEED_MANAGERS
from tests.faults import victims
from tests.faults.figures import Figures, get_size, report
from tests.faults.ledger import asked
from tests.faults.scene import A_SESSION, STOP_SECONDS, Scene, scene
from tests.faults.verdict import MOST_COPIES

ADMIN = min(SEED_MANAGERS)
POISONS = ("raises", "hangs", "kills", "decodes")
GOOD_BETWEEN = 5
FIRST_GUEST = 530_000_001
IN_QUARANTINE = "SELECT COUNT(*) FROM inbox WHERE state = 'quarantined'"
ENDED = "SELECT COUNT(*) FROM inbox WHERE state = 'new'"


class Guests:
    """They write good words, and poison between them."""

    def __init__(self, here: Scene, each: int) -> None:
        self.here, self.each = here, each
        self.good: list[str] = []
        self.bad: list[str] = []
        self._people = count(FIRST_GUEST)

    def write(self) -> None:
        for number in range(self.each):
            for poison in POISONS:
                for _ in range(GOOD_BETWEEN):
                    self.good.append(f"good {len(self.good)} end")
                    self.here.box.says(FIRST_GUEST + len(self.good) % 9, self.good[-1])
                guest = FIRST_GUEST + 100 + len(self.bad)
                self.bad.append(f"poison-{poison} {number} end")
                self.here.box.says(guest, "/start")
                self._poison(guest, poison)
                self.good.append(f"good {len(self.good)} end")
                self.here.box.says(guest, self.good[-1])

    def _poison(self, guest: int, poison: str) -> None:
        if poison != "decodes":
            self.here.box.says(guest, self.bad[-1])
            return
        person = {"id": guest, "is_bot": False, "first_name": "Guest"}
        chat = {"id": guest, "type": "private"}
        message = {"message_id": 900_000, "date": 1, "chat": chat, "from": person, "text": [self.bad.pop()]}
        self.here.box.raw_update({"message": message})

    def copies(self, words: list[str]) -> list[int]:
        """How often the bot has shown each of them."""
        shown = [
            str(event["data"].get("text", ""))
            for event in self.here.box.tg.events.since(0)
            if event["kind"] == "message" and event["data"]["from"]["is_bot"]
        ]
        everything = "\n".join(shown)
        return [everything.count(one) for one in words]


async def test_poison_updates_are_quarantined_and_can_be_replayed(tmp_path: Path, store_url: str) -> None:
    each = get_size("HOLDLINE_POISONS", 1)
    async with scene(tmp_path, store_url, seed=13) as here:
        guests = Guests(here, each)
        here.box.says(ADMIN, "/start")
        guests.write()
        starts = await _worked_through(here)
        copies = guests.copies(guests.good)
        attempts = asked(store_url, "SELECT MAX(attempts) FROM inbox WHERE state = 'quarantined'")[0][0]
        aside = asked(store_url, IN_QUARANTINE)[0][0]
        if here.desk is not None and here.desk.alive:
            await here.stopped()
        here.start()
        await here.at_work()
        await _replayed(here)
        again = guests.copies(guests.bad)
        await here.stopped()
        await here.examined()
        broken = (attempts > 3) + abs(aside - 4 * each) + (starts > 1 + 3 * each)
        too_often = sum(
            many > MOST_COPIES for many in (*copies, *again)
        )  # a kill repeats what was on the wire
        note = f"{starts} starts for {each} that kill, on {'PostgreSQL' if 'postgres' in store_url else 'SQLite'}"
        lost = copies.count(0) + again.count(0)
        report(Figures(tried=4 * each, lost=lost, doubled=too_often, broken=broken, note=note))
        assert (lost, too_often, broken) == (0, 0, 0), (aside, attempts, starts, copies, again)


async def _worked_through(here: Scene) -> int:
    """As a supervisor does it: the desk is started again each time it dies, until no update is left."""
    starts = 0
    while True:
        here.start(victims.poisoned)
        starts += 1
        while here.desk is not None and here.desk.alive:
            if not asked(here.store_url, ENDED)[0][0] and asked(here.store_url, IN_QUARANTINE)[0][0]:
                await here.until_idle()
                return starts
            await asyncio.sleep(A_SESSION)
        assert here.desk is not None
        await here.desk.ended(STOP_SECONDS)


async def _replayed(here: Scene) -> None:
    """The administrator presses every button that tries again: what cannot be decoded stays."""
    for message in here.box.messages(ADMIN):
        for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
            for button in row:
                if str(button.get("callback_data", "")).startswith("aside."):
                    here.box.presses(ADMIN, ADMIN, message["message_id"], button["callback_data"])
    undecodable = (
        "SELECT COUNT(*) FROM inbox WHERE state = 'quarantined' AND reason NOT LIKE 'cannot be decoded%'"
    )
    await here.until(lambda: not asked(here.store_url, undecodable)[0][0], "all replayed", pause=A_SESSION)
    await here.until_idle()
