"""A log line is one JSON object without a token, a secret or the text of a message."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Callable
from urllib.parse import quote_plus

import pytest
import structlog

from holdline.app import log_thinning
from holdline.app.logs import WITHHELD, Redaction, set_up
from holdline.app.settings import MailSection, Settings, SmartRepliesSection, TagsSection, TelegramSection

TOKEN = "123456789:AAF-canary_token_0123456789abcdefgh"
WORDS = "my card number is 4111"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What goes to standard error once logging is set up."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up("info", ["hook-secret"])
    return written


def events(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


@pytest.mark.row("O-08")
def test_a_line_is_one_json_object_with_time_and_level(lines: io.StringIO) -> None:
    structlog.get_logger("x").info("update_done", update_id=7, ok=True)
    (event,) = events(lines)
    assert (event["event"], event["level"], event["update_id"], event["ok"]) == (
        "update_done",
        "info",
        7,
        True,
    )
    assert str(event["timestamp"]).endswith("Z")


@pytest.mark.row("O-08")
def test_no_token_secret_or_text_is_logged(lines: io.StringIO) -> None:
    log = structlog.get_logger("x")
    log.warning("call_failed", url=f"https://api.telegram.org/bot{TOKEN}/sendMessage", text=WORDS)
    log.warning("deep", data={"inner": [f"Bearer {TOKEN}", {"caption": WORDS}], "header": "hook-secret"})
    log.warning("database", url="postgresql://desk:pa55@host/db")
    written = lines.getvalue()
    assert not [leak for leak in (TOKEN, WORDS, "hook-secret", "pa55") if leak in written]
    assert events(lines)[0]["text"] == WITHHELD


def test_a_lasting_problem_is_logged_at_growing_intervals_with_a_count(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(log_thinning, "monotonic", lambda: now)
    log, chores = structlog.get_logger("intake"), logging.getLogger("holdline.timers")
    for second in range(200):
        now = 1000.0 + second
        log.error("updates_not_stored", count=second, reason="database or disk is full")
        chores.warning("the chore %s waits: %s", "due", "database or disk is full")
        log.info("poll")
    told = events(lines)
    intake = [event for event in told if event["event"] == "updates_not_stored"]
    assert [event["count"] for event in intake] == [0, 2, 6, 14, 30, 62, 122, 182]
    assert [event.get("left_out") for event in intake] == [None, 1, 3, 7, 15, 31, 59, 59]
    assert len([event for event in told if "the chore" in str(event["event"])]) == len(intake)
    assert len([event for event in told if event["event"] == "poll"]) == 200
    log.error("updates_not_stored", count=1, reason="another")
    now += 500
    log.error("updates_not_stored", count=1, reason="database or disk is full")
    assert [event.get("left_out") for event in events(lines)[-2:]] == [None, None]


def test_different_lines_are_never_left_out(lines: io.StringIO) -> None:
    log = structlog.get_logger("x")
    for number in range(20):
        log.error("update_quarantined", update_id=number, reason="KeyError")
    assert len(events(lines)) == 20


def test_the_same_text_with_another_exception_is_another_line(lines: io.StringIO) -> None:
    for log in (structlog.get_logger("x"), logging.getLogger("holdline.x")):
        for missing in ("one", "two", "two"):
            try:
                {}[missing]
            except KeyError:
                log.exception("the round is broken")
    assert len(events(lines)) == 4


@pytest.mark.parametrize("written", [str, quote_plus, lambda secret: quote_plus(quote_plus(secret))])
def test_no_secret_inside_an_address_is_logged(lines: io.StringIO, written: Callable[[str], str]) -> None:
    key = "hl_" + "k3Y-" * 10
    set_up("info", ["hook/secret=1"])
    for secret in (TOKEN, key):
        structlog.get_logger("x").warning("called", url=f"https://host/path?x={written(secret)}&y=1")
    structlog.get_logger("x").warning("called", url=f"https://host/{quote_plus('hook/secret=1')}")
    kept = lines.getvalue()
    assert not [part for part in ("canary", "k3Y", "hook%2F") if part in kept]


def test_every_secret_of_the_configuration_is_known_to_the_log() -> None:
    settings = Settings(
        telegram=TelegramSection(token=TOKEN, webhook_secret="hook-secret"),
        mail=MailSection(smtp_url="smtp://desk:pa55@host"),
        tags=TagsSection(service_key="sk-tags"),
        smart_replies=SmartRepliesSection(service_key="sk-replies"),
    )
    assert set(settings.secrets()) == {TOKEN, "hook-secret", "smtp://desk:pa55@host", "sk-tags", "sk-replies"}


def quoting(words: str) -> None:
    """Fails with a message that repeats what a person wrote, as libraries do."""
    try:
        int(words)
    except ValueError as inner:
        raise RuntimeError(f"cannot handle {words}") from inner


@pytest.mark.row("O-08")
def test_an_exception_keeps_its_kind_and_place_but_not_its_message(lines: io.StringIO) -> None:
    try:
        quoting(WORDS)
    except RuntimeError:
        structlog.get_logger("x").exception("broke")
        logging.getLogger("somebody").exception("update %s broke in %d ms", WORDS, 5)
    assert WORDS not in lines.getvalue()
    ours, theirs = events(lines)
    assert ours["error"] == theirs["error"] == "RuntimeError from ValueError"
    assert "test_logs.py" in str(ours["trace"])
    assert theirs["event"] == "update … broke in 5 ms"


def test_an_error_in_a_task_group_is_shown_with_its_own_place(lines: io.StringIO) -> None:
    async def fail_in_group() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(quoting, WORDS))

    try:
        asyncio.run(fail_in_group())
    except ExceptionGroup:
        structlog.get_logger("x").exception("broke")
    (event,) = events(lines)
    assert event["error"] == "ExceptionGroup from RuntimeError from ValueError"
    assert any(frame.endswith(" quoting") for frame in event["trace"])


def test_a_log_level_suppresses_lower_levels(lines: io.StringIO) -> None:
    structlog.get_logger("x").debug("quiet")
    logging.getLogger("library").debug("quiet too")
    assert lines.getvalue() == ""


@pytest.mark.parametrize("innocent", ["2026-01-01T10:00:00Z", "127.0.0.1:8080", "store.py:12 act", "10:30"])
def test_a_text_similar_to_a_token_is_logged(innocent: str) -> None:
    assert Redaction().text(innocent) == innocent


def test_libraries_do_not_log_into_the_output_of_a_command(lines: io.StringIO) -> None:
    set_up("error")
    for name in ("psycopg.pool", "uvicorn.error", "aiogram.event"):
        logging.getLogger(name).warning("error connecting")
    assert events(lines) == []


@pytest.mark.parametrize("run", [1, 2])
def test_no_later_test_inherits_the_logging_of_an_earlier_one(run: int) -> None:
    assert logging.getLogger().level == logging.WARNING, run
    set_up("error")
