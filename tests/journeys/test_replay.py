"""Recorded conversations through the real process: every promise is counted, and a broken one is seen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from holdline.lab.replay.play import play_recording
from holdline.lab.replay.promises import Account, find_broken
from holdline.lab.replay.recording import NotARecording, conversations
from holdline.lab.replay.report import Report
from holdline.lab.replay.stage_setup import examine_database, open_stage
from holdline.lab.replay.witness import Sight

ROOT = Path(__file__).parents[2]
OURS = ROOT / "examples" / "conversations.jsonl"
LARGE = ROOT.parent / "shared" / "data"
HOLDLINE = "from holdline.app.main import main; main()"


def replayed(path: Path) -> dict[str, Any]:
    """By the command line, as a person plays it."""
    command = [sys.executable, "-c", HOLDLINE, "replay", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert (done.returncode == 1) == (found["broken_promises"] > 0)
    return found


def test_our_own_conversations_break_no_promise() -> None:
    found = replayed(OURS)
    assert found["broken"] == []
    assert found["conversations"] == found["dialogs"] == len(conversations(OURS))
    assert found["held"] == found["released"] > 0


async def played_through(path: Path, folder: Path, **how: Any) -> Report:
    """The same without its command line and without the floor, which is measured once."""
    recording = conversations(path, how.pop("limit"))
    async with open_stage(folder, **{"store": None, "private": True, **how}) as stage:
        report = await play_recording(stage, recording, progress=lambda done, total, broken: None)
    report.broken += await examine_database(folder)
    return report


async def test_the_same_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    found = await played_through(OURS, tmp_path, store=postgres_url, seed=1, limit=4)
    assert found.broken == [] and found.conversations == 4


@pytest.mark.parametrize("name", ["support-conversations.jsonl.gz", "support-conversations-ru.jsonl.gz"])
async def test_a_part_of_the_large_recordings_breaks_no_promise(name: str, tmp_path: Path) -> None:
    if not (LARGE / name).exists():
        pytest.skip(f"{name} is not beside this clone")
    found = await played_through(LARGE / name, tmp_path, seed=7, limit=15)
    assert found.broken == [] and found.conversations == 15


def sight(seq: int, text: str) -> Sight:
    return Sight(seq, {"text": text})


def account() -> Account:
    return Account(
        "case", replies=["a", "b"], marketing=["sale"], never=["hi"], held=[(10, 20)], in_dialog=["q"]
    )


GOOD = [sight(11, "a"), sight(12, "b"), sight(21, "sale")]


@pytest.mark.parametrize(
    ("chat", "topic", "promise"),
    [
        (GOOD, ["q"], None),
        ([*GOOD[:1], *GOOD[2:]], ["q"], "message lost"),
        ([*GOOD, sight(22, "b")], ["q"], "message doubled"),
        ([sight(11, "b"), sight(12, "a"), sight(21, "sale")], ["q"], "out of order"),
        ([*GOOD[:2], sight(19, "sale")], ["q"], "marketing inside a held interval"),
        ([*GOOD, sight(23, "hi")], ["q"], "dropped message sent"),
        (GOOD, [], "message lost"),
    ],
)
def test_each_broken_promise_is_seen(chat: list[Sight], topic: list[str], promise: str | None) -> None:
    found = find_broken(account(), chat, [sight(1, text) for text in topic], [])
    assert [broken.promise for broken in found] == ([promise] if promise else [])


def test_what_crossed_an_opening_is_no_broken_promise() -> None:
    crossing = account()
    crossing.crossed = 1
    assert find_broken(crossing, [*GOOD[:2], sight(19, "sale")], [sight(1, "q")], []) == []


def test_a_file_that_is_no_recording_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "turns": [{"speaker": "customer", "text": "hi"}]}\n{"id": 1}\n')
    with pytest.raises(NotARecording, match="line 2"):
        conversations(path)
