"""Another program polls with the same token: a second desk gives way with a sentence, and the first keeps polling."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from holdline.lab.replay.stage_setup import free_port
from tests.faults import victims
from tests.faults.figures import Figures, get_size, report
from tests.faults.forks import Forked
from tests.faults.load import Marks
from tests.faults.scene import PATIENCE_SECONDS, Scene, scene
from tests.faults.verdict import Mark

RIVAL_SECONDS = get_size("HOLDLINE_RIVAL_SECONDS", 3)
CUSTOMER = 520_000_001


@pytest.mark.row("O-03")
async def test_a_second_desk_with_the_same_token_on_its_own_database_gives_way(tmp_path: Path) -> None:
    """Of two that start within ten seconds either may give way; here the first one has been at work for longer."""
    async with scene(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", 12) as here:
        here.start(victims.no_newcomer)
        await here.at_work()
        other = tmp_path / "other"
        other.mkdir()
        words = here.config.read_text().replace(f"{tmp_path / 'desk.db'}", f"{other / 'desk.db'}")
        config = other / "holdline.toml"
        config.write_text(words.replace(here.api.rpartition(":")[2], str(free_port())))
        config.chmod(0o600)
        second = Forked(victims.desk, "run", "--config", str(config), log=other / "second.log")
        assert await second.ended(PATIENCE_SECONDS) == 2
        assert "Another program already receives this bot's updates with the same token" in second.said()
        marks = Marks(here)
        here.box.customer(CUSTOMER, first_name="Anna", language_code="en")
        here.box.says(CUSTOMER, f"still there? {Mark('w', 1, 1)}")
        await here.until(marks.seen, "the words of a customer at the first desk")
        await here.stopped()
        await here.examined()


async def test_a_desk_does_not_compete_with_a_program_that_keeps_polling(tmp_path: Path) -> None:
    """It asks after 2 and 10 seconds, then twice a minute."""
    async with scene(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", 13) as here:
        here.start(victims.no_newcomer)
        await here.at_work()
        asked = await polls_beside_rival(here, RIVAL_SECONDS)
        most = 1 + RIVAL_SECONDS / 10
        said = {row["event"] for row in here.complaints()}
        await here.stopped()
        await here.examined()
        report(
            Figures(
                tried=1,
                broken=int(asked > most),
                seed=here.seed,
                note=f"another program on the token: {asked} polls in {RIVAL_SECONDS} s beside it",
            )
        )
        assert asked <= most
        assert said == {"second_instance"}


async def polls_beside_rival(here: Scene, seconds: float) -> int:
    """The desk's calls of getUpdates while another program receives all the time."""
    polls = rivals = 0

    def count(method: str, params: object) -> None:
        nonlocal polls
        polls += method == "getUpdates"

    address = f"{here.line.url}/bot{here.box.options.token}/getUpdates"
    here.weather.rules.append(count)
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(seconds):
            while True:
                rivals += 1
                async with session.post(address, json={"timeout": 20}) as answer:
                    await answer.read()
                    await asyncio.sleep(0 if answer.ok else 0.2)
    except TimeoutError:
        pass
    here.weather.rules.remove(count)
    return polls - rivals
