"""`holdline funnel dry-run`: a timetable of what a customer would get."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, assert_never

import typer

from holdline.app.command_failed import CommandFailed
from holdline.app.funnels.files import read_funnel_file
from holdline.dialogs.funnels.course import Finish
from holdline.dialogs.funnels.dry_run import DryMoment, messages_of, run_dry
from holdline.dialogs.funnels.effects import (
    AnswerEffect,
    BranchEffect,
    FieldEffect,
    FunnelEffect,
    GoalEffect,
    TagEffect,
)
from holdline.dialogs.funnels.reading.customer import read_customer
from holdline.dialogs.funnels.reading.node import BadDefinition
from holdline.dialogs.funnels.steps import FunnelMessage
from holdline.dialogs.text.times import UTC_NAME, in_zone, zone_of
from holdline.store.clock import Clock

NAME = "Anna"
"""The name of the customer in the timetable."""
_BRANCH = "branch:"
"""Before the name of a branch among what the customer says."""


def run_funnel_dry_run(path: Path, written: dict[str, Any], *, start: str) -> int:
    """`written`: tags, fields as NAME=VALUE, answers, language; `start`: a time, a time zone, or both."""
    definition, _ = read_funnel_file(path, written["language"])
    branches = [one.removeprefix(_BRANCH) for one in written["says"] if one.startswith(_BRANCH)]
    written = {**written, "says": [one for one in written["says"] if not one.startswith(_BRANCH)]}
    moment, zone = _read_start(start)
    fields = {name.strip(): value.strip() for name, value in map(_pair, written["fields"])}
    try:
        profile = {"name": NAME, "timezone": zone, "fields": fields, "branches": branches}
        customer = read_customer({**written, **profile})
    except BadDefinition as bad:
        raise CommandFailed(bad.sentence(written["language"])) from bad
    moments = run_dry(definition, customer, moment)
    typer.echo(f"Times are those of {zone}.")
    for happened in moments:
        typer.echo(_line(happened, zone))
    typer.echo(f"Messages: {len(messages_of(moments))}")
    said = [happened.what for happened in moments if isinstance(happened.what, str)]
    for unused in written["says"][len(said) :]:
        typer.echo(f"Never said: “{unused}”. No question and no button with these words waited for it.")
    taken = {happened.what.branch for happened in moments if isinstance(happened.what, BranchEffect)}
    for unused in branches:
        if unused not in taken:
            typer.echo(f"Never taken: “{unused}”. No split on the way has a branch with this name.")
    return 0


def _read_start(written: str) -> tuple[datetime, str]:
    """Reads `2026-12-01 09:00 Europe/Warsaw` or a part of it. The defaults are the present time and UTC."""
    words = written.split()
    zone = words.pop() if words and not words[-1][0].isdigit() else UTC_NAME
    try:
        own = zone_of(zone)
        start = datetime.fromisoformat(" ".join(words)) if words else Clock().now()
        start = start if start.tzinfo else start.replace(tzinfo=own)
    except ValueError as wrong:
        raise CommandFailed(
            f"--start {written!r} is not a time and a time zone. Write it as in '2026-12-01 09:00 Europe/Warsaw';"
            " one of the two is enough."
        ) from wrong
    return start.astimezone(UTC), zone


def _pair(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not sign:
        raise CommandFailed(f"--field takes NAME=VALUE, such as city=Warsaw, not {written!r}.")
    return name, value


def _line(moment: DryMoment, zone: str) -> str:
    head = f"{in_zone(moment.at, zone):%a %Y-%m-%d %H:%M:%S}  {_length(moment.after):>12}  "
    what = moment.what
    if isinstance(what, FunnelMessage):
        files = "".join(f"[{medium.kind}] " for medium in what.media)
        return (
            head
            + "💬 "
            + files
            + what.words.text.replace("\n", "\n" + " " * (len(head) + 3))
            + _buttons(what)
        )
    if isinstance(what, str):
        return f"{head}👤 {what}"
    return head + ("🏁 " + what.reason.replace("_", " ") if isinstance(what, Finish) else _effect(what))


def _buttons(message: FunnelMessage) -> str:
    return "".join(f"  [{button.text}]" for button in message.buttons)


def _effect(effect: FunnelEffect) -> str:
    match effect:
        case TagEffect(tag, added=added):
            return f"🏷 {'+' if added else '−'} {tag}"
        case FieldEffect(name, value):
            return f"✏️ {name} = {value}"
        case AnswerEffect(name, value):
            return f"💡 {name}: {value}"
        case GoalEffect(goal):
            return f"🎯 {goal}"
        case BranchEffect(_, branch):
            return f"🔀 {branch}"
        case _:
            assert_never(effect)


def _length(after: timedelta) -> str:
    """`+1d 02:30:05`."""
    hours, rest = divmod(after.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    days = f"{after.days}d " if after.days else ""
    return f"+{days}{hours:02}:{minutes:02}:{seconds:02}"
