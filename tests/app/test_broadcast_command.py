"""`holdline broadcast`: counted, tested, created, paused and cancelled from the command line."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from holdline.app.broadcasts.files import read_broadcast_file
from holdline.app.broadcasts.progress import progress_line
from holdline.app.command_failed import CommandFailed
from holdline.desk.broadcasts.reading import BroadcastProgress
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter, FunnelCondition, FunnelStanding
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastFigures, BroadcastStatus
from holdline.dialogs.broadcasts.content import BroadcastContent
from holdline.dialogs.broadcasts.pace import PutOff
from tests.app.command_line import holdline

SALE = 'text = "Hello, {customer.name|friend}!"\n[audience]\nlanguage = "en"\n[[buttons]]\ntext = "Look"\nurl = "https://example.org"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "holdline.toml").write_text('[telegram]\ntoken = "7000000001:abc"\n', encoding="utf-8-sig")
    assert holdline("migrate", folder=tmp_path).returncode == 0
    with sqlite3.connect(tmp_path / "holdline.db") as database:
        database.execute(
            """INSERT INTO customers (id, bot_id, telegram_id, name, language, created_at, started_at)
               VALUES (1, 7000000001, 510000001, 'Anna', 'en', 1, 1)"""
        )
        database.execute(
            "INSERT INTO chats (bot_id, chat_id, customer_id, kind) VALUES (7000000001, 510000001, 1, 'private')"
        )
    (tmp_path / "sale.toml").write_text(SALE, encoding="utf-8-sig")  # as Notepad saves it
    return tmp_path


def told(folder: Path, *arguments: str) -> dict[str, Any]:
    ran = holdline("broadcast", *arguments, "--json", folder=folder)
    assert ran.returncode == 0, ran.stderr
    figures: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return figures


@pytest.mark.row("M-05")
def test_a_file_is_counted_tried_sent_and_stopped(folder: Path) -> None:
    assert told(folder, "sale.toml", "--dry-run") == {"recipients": 1}
    assert told(folder, "sale.toml", "--test-to", "510000001") == {"recipients": 1}
    made = told(folder, "sale.toml")
    assert (made["status"], made["recipients"]) == ("sending", 1)
    number = str(made["id"])
    assert told(folder, number, "--move", "pause")["status"] == "paused"
    assert told(folder, number, "--move", "resume")["status"] == "sending"
    assert told(folder, number, "--move", "cancel")["cancelled"] == 1
    assert told(folder, number)["status"] == "cancelled"
    again = holdline("broadcast", number, "--move", "pause", folder=folder)
    assert (again.returncode, "cancelled for good" in again.stderr) == (2, True)


UNFIT = [
    (("sale.toml", "--move", "pause"), "--move goes with a broadcast's number"),
    (("1", "--move", "pause", "--dry-run"), "--dry-run: only with a broadcast's file"),
    (("1", "--test-to", "510000001"), "--test-to: only with a broadcast's file"),
    (("sale.toml", "--dry-run", "--test-to", "510000001"), "dry run sends nothing"),
]


def test_options_that_do_not_fit_together_change_nothing(folder: Path) -> None:
    assert told(folder, "sale.toml")["id"] == 1
    for arguments, says in UNFIT:
        refused = holdline("broadcast", *arguments, "--json", folder=folder)
        assert (refused.returncode, says in refused.stderr) == (2, True), refused.stderr
    with sqlite3.connect(folder / "holdline.db") as database:
        assert database.execute("SELECT status FROM broadcasts").fetchall() == [("sending",)]
        assert database.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('text = "a"\naudiense = {}\n', "audiense"),
        ('text = "Dear {customer.surname}"\naudience = {}\n', "{customer.surname}"),
        ('text = "a"\n', "audience"),
        ('text = "a"\naudience = {}\ndry_run = true\n', "--dry-run"),
        ('text = "a"\n[audience]\ntag = ["vip"]\n', "Allowed are: tags"),
        ('text = "a"\nat = 2020-12-01T10:00:00Z\naudience = {}\n', "that time is in the past"),
        ("text = \n", "not TOML"),
        (f"text = {'[' * 5000}", "not TOML"),
        (f"text = {'9' * 5000}", "not TOML"),
    ],
)
def test_mistakes_in_the_broadcast_file_are_named(folder: Path, written: str, says: str) -> None:
    (folder / "sale.toml").write_text(written)
    refused = holdline("broadcast", "sale.toml", "--json", folder=folder)
    assert (refused.returncode, says in refused.stderr) == (2, True), refused.stderr


@pytest.mark.row("M-06")
def test_the_status_line_counts_recipients_who_wait_for_the_morning() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    broadcast = Broadcast(1, BroadcastContent(()), AudienceFilter(), BroadcastStatus.SENDING, now, now)
    waits = (PutOff("quiet_hours", now, 120), PutOff("cap_per_day", now, 3))
    progress = BroadcastProgress(
        broadcast, BroadcastFigures(200, sent=50), 28800, put_off=waits, quiet_until=time(8)
    )
    assert progress_line(progress) == (
        "sending: 50 sent, 150 waiting, 120 of them for quiet hours until 08:00 their time, "
        "3 of them for their next day, about 28800 s"
    )
    many = replace(progress, put_off=(PutOff("quiet_hours", now, 20_000),))
    assert "20000+ of them for quiet hours" in progress_line(many), "more are not counted"


def test_a_file_names_funnels_by_their_names(tmp_path: Path) -> None:
    file = tmp_path / "sale.toml"
    file.write_text('text = "Hello"\n[audience]\nexclude_funnels = [{ funnel = "promo", state = "goal" }]\n')
    audience = read_broadcast_file(file, "en").order.audience
    assert audience == AudienceFilter(exclude_funnels=(FunnelCondition("promo", FunnelStanding.GOAL),))
    file.write_text('text = "Hello"\n[audience]\nfunnels = [{ funnel = "promo", state = "over" }]\n')
    with pytest.raises(CommandFailed, match=r"audience\.funnels\.0\.state"):
        read_broadcast_file(file, "en")
