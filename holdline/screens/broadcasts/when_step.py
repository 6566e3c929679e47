"""When a broadcast is sent: now, at a moment in the desk's time zone, or at a time in each customer's own."""

import re
from datetime import datetime, timedelta

from holdline.dialogs.decisions.postponing import postpone
from holdline.dialogs.decisions.typed_time import read_shift
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.days import read_day
from holdline.dialogs.text.times import in_zone, moment_text, to_rfc3339
from holdline.screens.broadcasts.broadcast_draft import Values
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.texts import say

_HOURS = ("1h", "3h")
_LOCAL = ("10", "12", "18")
"""Hours. Button data cannot contain a colon in an argument."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_OWN_CLOCK = re.compile(r"\s*(?:local|местн\w*|lokaln\w*)\s*", re.IGNORECASE)


def when_text(values: Values, language: str, *, zone: str) -> str:
    if values["local"]:
        return say("composing.when_local", language, at=values["local"].replace("T", " "))
    if values["at"]:
        return say("composing.when_at", language, at=moment_text(datetime.fromisoformat(values["at"]), zone))
    return say("composing.when_now", language)


def screen(form: Form, manager: Manager, *, zone: str) -> Screen:
    language = manager.language
    rows = [
        [form.button(say("composing.button_now", language), "now")],
        [form.button(_caption_in(each, language), "in", each) for each in _HOURS],
        *arrange_in_rows(
            [
                form.button(say("composing.button_local", language, at=f"{hour}:00"), "local", hour)
                for hour in _LOCAL
            ],
            1,
        ),
        [form.button(say("windows.back", language), "back")],
    ]
    head, now = say("composing.when_head", language), when_text(form.values, language, zone=zone)
    return screen_with_title(head, now, "", say("composing.when_hint", language, zone=zone), rows=rows)


def _caption_in(length: str, language: str) -> str:
    return say("composing.button_in", language, length=say("cards.span_hours", language, n=length[:-1]))


def handle_press(form: Form, action: str, arg: str, *, at: datetime, zone: str) -> None:
    if action == "now":
        form.values |= {"at": None, "local": None}
    elif action == "in" and arg in _HOURS:
        _put_moment(form.values, at + timedelta(hours=int(arg[:-1])), at=at)
    elif action == "local" and arg in _LOCAL:
        _put_local(form.values, f"{arg}:00", at=at, zone=zone)
    else:
        raise NotFound("button", action)


def handle_text(form: Form, text: str, *, at: datetime, zone: str) -> None:
    """`18:00`, `tomorrow 10:00`, `2026-12-01 10:00`, `3 h`. With `local` it is in each customer's time zone."""
    own = _OWN_CLOCK.search(text)
    words = " ".join(_OWN_CLOCK.sub(" ", text).split())
    if own is None:
        _put_moment(form.values, postpone(None, read_shift(words, at=at, zone=zone), at=at, zone=zone), at=at)
    else:
        _put_local(form.values, words, at=at, zone=zone)


def _put_moment(values: Values, moment: datetime, *, at: datetime) -> None:
    if moment <= at:
        raise BadInput("text", "in_the_past")
    values |= {"at": to_rfc3339(moment.replace(microsecond=0)), "local": None}


def _put_local(values: Values, words: str, *, at: datetime, zone: str) -> None:
    """A time without a date means tomorrow, because today it has already passed somewhere."""
    day, _, clock = words.rpartition(" ")
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise BadInput("text", "composing.mend_local")
    today = in_zone(at, zone).date()
    date = read_day(day, today=today) if day else today + timedelta(days=1)
    if date is None:
        raise BadInput("text", "composing.mend_local")
    if date < today:
        raise BadInput("text", "in_the_past")
    values |= {"local": f"{date.isoformat()}T{int(match[1]):02}:{match[2]}", "at": None}
