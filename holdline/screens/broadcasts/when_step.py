"""When a broadcast is sent: now, at a moment in the desk's time zone, or at a time in each customer's own."""

import re
from datetime import datetime, timedelta

from holdline.desk.broadcasts.funnel_names import with_funnel_ids
from holdline.desk.broadcasts.local_times import refuse_passed_for_all
from holdline.dialogs.decisions.postponing import postpone
from holdline.dialogs.decisions.typed_time import read_shift
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.days import read_day
from holdline.dialogs.text.times import in_zone, moment_text, to_rfc3339
from holdline.screens.broadcasts.broadcast_draft import Values, audience_of
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
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


def handle_press(tx: Tx, form: Form, action: str, arg: str, *, zone: str) -> None:
    at = tx.at
    if action == "now":
        form.values |= {"at": None, "local": None}
    elif action == "in" and arg in _HOURS:
        _put_moment(form.values, at + timedelta(hours=int(arg[:-1])), at=at)
    elif action == "local" and arg in _LOCAL:
        _put_local(tx, form.values, f"{arg}:00", zone=zone)
    else:
        raise NotFound("button", action)


def handle_text(tx: Tx, form: Form, text: str, *, zone: str) -> None:
    """`18:00`, `tomorrow 10:00`, `2026-12-01 10:00`, `3 h`. With `local` it is in each customer's time zone."""
    at = tx.at
    own = _OWN_CLOCK.search(text)
    words = " ".join(_OWN_CLOCK.sub(" ", text).split())
    if own is None:
        _put_moment(form.values, postpone(None, read_shift(words, at=at, zone=zone), at=at, zone=zone), at=at)
    else:
        _put_local(tx, form.values, words, zone=zone)


def _put_moment(values: Values, moment: datetime, *, at: datetime) -> None:
    if moment <= at:
        raise BadInput("text", "in_the_past")
    values |= {"at": to_rfc3339(moment.replace(microsecond=0)), "local": None}


def _put_local(tx: Tx, values: Values, words: str, *, zone: str) -> None:
    """A time without a date means tomorrow, because today it has already passed somewhere."""
    day, _, clock = words.rpartition(" ")
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise BadInput("text", "composing.mend_local")
    today = in_zone(tx.at, zone).date()
    date = read_day(day, today=today) if day else today + timedelta(days=1)
    if date is None:
        raise BadInput("text", "composing.mend_local")
    if date < today:
        raise BadInput("text", "in_the_past")
    local = f"{date.isoformat()}T{int(match[1]):02}:{match[2]}"
    audience = with_funnel_ids(tx, audience_of(values))
    refuse_passed_for_all(tx, datetime.fromisoformat(local), audience, field="text")
    values |= {"local": local, "at": None}
