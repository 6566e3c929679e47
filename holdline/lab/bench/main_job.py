"""The main job: updates per second through the whole desk, compared with an echo bot."""

from pathlib import Path

from holdline.lab.bench.scenario import Scenario
from holdline.lab.replay.baseline import measure_baseline
from holdline.lab.replay.play import play_recording
from holdline.lab.replay.recording import Conversation, Utterance
from holdline.lab.replay.stage_setup import open_stage

CONVERSATIONS, TURNS = 60, 16


async def measure(folder: Path, *, store: str | None) -> Scenario:
    """`store` names an empty database."""
    floor = await measure_baseline(folder)
    async with open_stage(folder, store=store, seed=1, private=True) as stage:
        report = await play_recording(stage, _sample_conversations(), progress=lambda *_: None, plain=True)
    aim = "at least half of the floor: an aiogram echo bot with one commit an update"
    return Scenario("main_job", report.updates_per_second, "updates/s", floor, aim)


def _sample_conversations() -> list[Conversation]:
    turns = tuple(
        Utterance("agent" if number % 2 else "customer", f"Line {number} of a talk about a parcel.")
        for number in range(TURNS)
    )
    return [Conversation(f"bench-{number}", "en", turns) for number in range(CONVERSATIONS)]
