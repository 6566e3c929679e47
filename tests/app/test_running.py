"""`holdline run`: what it prints when it cannot start; stopping it loses nothing."""

import json
import signal
import socket
import sqlite3
from importlib.metadata import version
from typing import Any

import pytest

from holdline.sandbox import Sandbox
from holdline.store.engines.migrate import list_migrations
from tests.app.desk_process import Desk, free_port, seen_in_group, until


@pytest.mark.row("O-03")
async def test_a_stop_is_orderly_and_loses_no_update(box: Sandbox, start: Any) -> None:
    first = await start(cold=True)
    await first.ready()
    box.says(42, "before the stop")
    await until(lambda: seen_in_group(box, "before the stop"), "the first card")
    code, seconds = await first.stopped()
    assert (code, seconds < 10) == (0, True)
    box.says(42, "while nobody was there")
    second = await start()
    await second.ready()
    await until(lambda: seen_in_group(box, "while nobody was there"), "the second card")
    assert (await second.stopped(signal.SIGINT))[0] == 0
    assert (seen_in_group(box, "before the stop"), seen_in_group(box, "while nobody was there")) == (1, 1)
    assert box.problems == []


async def test_logs_of_a_run_are_json_lines_without_token_or_text(box: Sandbox, start: Any) -> None:
    running = await start()
    await running.ready()
    box.says(42, "my secret sorrow")
    await until(lambda: seen_in_group(box, "my secret sorrow"), "the card")
    running.hears(signal.SIGTERM)
    out, err = await running.said()
    assert out == ""
    events = {line["event"]: line for line in map(json.loads, err.splitlines())}
    assert next(iter(events)) == "started"
    assert events["ready"]["bot"].startswith("@") and events["ready"]["intake"] == "polling"
    assert events["started"]["version"] == version("holdline")
    assert events["started"]["schema"] == list_migrations("sqlite")[-1].version
    assert events["ready"]["managers"] == 1 and events["ready"]["status_page"].endswith("/status")
    assert box.options.token not in err and "my secret sorrow" not in err


async def test_stopped_is_the_last_line_of_a_run(desk: Desk, start: Any) -> None:
    running = await start()
    await running.ready()
    running.hears(signal.SIGTERM)
    _, err = await running.said()
    last = json.loads(err.splitlines()[-1])
    assert last["event"] == "stopped"
    ended = (desk.folder / "holdline.db-wal").exists()
    assert not ended  # the database was closed before


async def test_two_signals_right_after_each_other_are_one_orderly_stop(box: Sandbox, start: Any) -> None:
    running = await start()
    await running.ready()
    box.faults.add("getUpdates", delay=60)  # whatever it waits for then, nobody else does
    running.hears(signal.SIGTERM)
    code, seconds = await running.stopped(signal.SIGTERM)
    assert seconds < 5
    assert code == 0


@pytest.mark.row("O-02")
async def test_a_wrong_token_stops_the_start_with_the_remedy(desk: Desk, start: Any) -> None:
    desk.token = "123456:not-the-one"
    code, said = await refused(start)
    assert code == 2
    assert "does not accept the bot's token" in said and "not-the-one" not in said


async def test_a_newer_database_stops_the_start_with_a_sentence(desk: Desk, start: Any) -> None:
    await (await start("migrate")).said()
    with sqlite3.connect(desk.folder / "holdline.db") as raw:
        raw.execute("INSERT INTO migrations (version, name, checksum) VALUES (999, 'later', 'x')")
    raw.close()
    code, said = await refused(start)
    assert (code, "install the newer Holdline" in said) == (2, True)


async def test_a_port_in_use_stops_the_start_with_a_sentence(desk: Desk, start: Any) -> None:
    with socket.create_server(("127.0.0.1", desk.port)):
        code, said = await refused(start)
    assert (code, f"web.port {desk.port}" in said) == (2, True)


async def test_a_second_desk_on_the_same_database_stops_and_the_first_goes_on(
    box: Sandbox, desk: Desk, start: Any
) -> None:
    first = await start()
    await first.ready()
    desk.port = free_port()
    code, said = await refused(start)
    assert code == 2
    assert "Another Holdline already works" in said or "receives this bot's updates" in said
    box.says(42, "still there?")
    await until(lambda: seen_in_group(box, "still there?"), "a card from the first desk")
    assert (await first.stopped())[0] == 0


async def test_a_separate_process_role_needs_postgresql(start: Any) -> None:
    code, said = await refused(start, "run", "--role", "sender")
    assert (code, "one process does everything" in said) == (2, True)


@pytest.mark.parametrize("role", ["web", "sender"])
async def test_a_role_that_does_not_listen_to_telegram_never_loads_aiogram(
    desk: Desk, start: Any, postgres_url: str, role: str
) -> None:
    desk.store_url = postgres_url
    running = await start("run", "--role", role, tail="print('aiogram' in sys.modules)")
    await started(running)
    if role == "web":
        await until(lambda: '"ready"' in running.err.read_text(), "what to do next")
        assert "--role intake" in running.err.read_text()  # nobody has asked Telegram yet
    running.hears(signal.SIGTERM)
    out, err = await running.said()
    assert (out.strip(), await running.code()) == ("False", 0), err


async def started(running: Any) -> None:
    """Its first log line."""
    await until(lambda: running.ended or "\n" in running.err.read_text(), "a line in the log")
    line = running.err.read_text().splitlines()[0]
    assert json.loads(line)["event"] == "started", line


async def refused(start: Any, *arguments: str) -> tuple[int, str]:
    """Exit code and the one sentence; log lines are no sentence."""
    running = await start(*arguments)
    _, err = await running.said()
    sentences = [line for line in err.splitlines() if not line.startswith("{")]
    assert len(sentences) == 1, err
    return await running.code(), sentences[0]
