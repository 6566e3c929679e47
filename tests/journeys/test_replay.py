"""Recorded conversations through the real process: every promise is counted, and a broken one is detected."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.lab.replay.play import play_recording
from holdline.lab.replay.promises import Account, find_broken
from holdline.lab.replay.recording import NotARecording, conversations
from holdline.lab.replay.report import Report
from holdline.lab.replay.stage_setup import examine_database, open_stage
from holdline.lab.replay.story import Tally
from holdline.lab.replay.witness import Sight
from holdline.lab.replay.working_story import WorkingStory

ROOT = Path(__file__).parents[2]
OURS = ROOT / "examples" / "conversations.jsonl"
LARGE = ROOT.parent / "shared" / "data"
HOLDLINE = "from holdline.app.main import main; main()"


def replayed(path: Path, limit: int) -> dict[str, Any]:
    """By the command line, as a person plays it."""
    command = [sys.executable, "-c", HOLDLINE, "replay", str(path), "--limit", str(limit), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode in (0, 1) and done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert (done.returncode == 1) == (found["broken_promises"] > 0)
    return found


def test_our_own_conversations_break_no_promise() -> None:
    """The first four: the next test plays all."""
    found = replayed(OURS, 4)
    assert found["broken"] == []
    assert found["conversations"] == found["dialogs"] == 4
    assert found["held"] == found["released"] > 0


async def played_through(path: Path, folder: Path, **how: Any) -> Report:
    """The same without its command line and without the floor, which is measured once."""
    recording, plain = conversations(path, how.pop("limit")), how.pop("plain", False)
    async with open_stage(folder, **{"store": None, "private": True, **how}) as stage:
        report = await play_recording(
            stage, recording, progress=lambda done, total, broken: None, plain=plain
        )
    report.broken += await examine_database(folder)
    return report


async def test_managers_in_a_replay_use_every_function_of_the_desk(tmp_path: Path) -> None:
    """What happened stands in history, so that a replay whose managers stopped working would be seen."""
    found = await played_through(OURS, tmp_path, seed=1, limit=None)
    assert found.broken == []
    assert found.conversations == found.dialogs == len(conversations(OURS))
    assert found.held == found.released > 0
    async with open_store(load_configuration(tmp_path / "holdline.toml")) as store:
        kinds = {
            row["kind"] for row in await store.read(lambda tx: tx.all("SELECT DISTINCT kind FROM history"))
        }
        closes = await store.read(
            lambda tx: tx.all(
                "SELECT DISTINCT outcome, close_reason, due_at IS NULL AS never_due FROM dialogs"
            )
        )
        jobs = await store.read(lambda tx: tx.all("SELECT id FROM bulk_jobs WHERE finished_at IS NOT NULL"))
    assert kinds >= {"dialog_assigned", "dialog_changed", "note_created", "draft_submitted", "draft_approved"}
    assert {row["outcome"] for row in closes} == {"success", "failure"}
    assert {row["close_reason"] for row in closes} == {"It is solved"} and jobs
    assert any(not row["never_due"] for row in closes), "something was postponed"


async def test_in_a_plain_replay_managers_only_talk(tmp_path: Path) -> None:
    found = await played_through(OURS, tmp_path, seed=1, limit=3, plain=True)
    assert found.broken == [] and found.conversations == 3
    async with open_store(load_configuration(tmp_path / "holdline.toml")) as store:
        assert await store.read(lambda tx: tx.all("SELECT id FROM drafts")) == []


async def test_an_act_missing_in_history_is_a_broken_promise(tmp_path: Path) -> None:
    async with open_stage(tmp_path, store=None, seed=1, private=True) as stage:
        (first, *_) = conversations(OURS, 1)
        watching = asyncio.ensure_future(stage.witness.watch(stop := asyncio.Event()))
        story = WorkingStory(stage, first, 0, Tally())
        story.expected.add("dialog_forwarded")
        broken = await story.play()
        stop.set()
        await watching
    assert [each.promise for each in broken] == ["history has a gap"]


async def test_a_replay_on_postgresql_breaks_no_promise(postgres_copy: str, tmp_path: Path) -> None:
    found = await played_through(OURS, tmp_path, store=postgres_copy, seed=1, limit=4)
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
def test_each_broken_promise_is_detected(chat: list[Sight], topic: list[str], promise: str | None) -> None:
    found = find_broken(account(), chat, [sight(1, text) for text in topic], [])
    assert [broken.promise for broken in found] == ([promise] if promise else [])


def test_a_message_that_crossed_an_opening_breaks_no_promise() -> None:
    crossing = account()
    crossing.crossed = 1
    assert find_broken(crossing, [*GOOD[:2], sight(19, "sale")], [sight(1, "q")], []) == []


def test_an_invalid_recording_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "turns": [{"speaker": "customer", "text": "hi"}]}\n{"id": 1}\n')
    with pytest.raises(NotARecording, match="line 2"):
        conversations(path)
