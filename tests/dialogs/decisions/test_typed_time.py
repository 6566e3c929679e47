"""Times as managers type them: a length, a time of day, a day, in the desk's languages."""

from datetime import UTC, datetime, timedelta

import pytest

from holdline.dialogs.decisions.postponing import postpone
from holdline.dialogs.decisions.typed_time import read_shift
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.moments import parse_moment

WARSAW = "Europe/Warsaw"
NOW = datetime(2026, 11, 30, 10, 12, tzinfo=UTC)
"""11:12 in Warsaw."""


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("18:00", "2026-11-30 17:00"),
        ("9:30", "2026-12-01 08:30"),
        ("11:12", "2026-12-01 10:12"),
        ("tomorrow 10:00", "2026-12-01 09:00"),
        ("Завтра  10:00", "2026-12-01 09:00"),
        ("jutro", "2026-12-01 08:00"),
        ("24.12.2026 14:00", "2026-12-24 13:00"),
        ("1.12.2026", "2026-12-01 08:00"),
        ("2026-12-24 14:00", "2026-12-24 13:00"),
        ("3 h", "2026-11-30 13:12"),
        ("2 дня", "2026-12-02 10:12"),
    ],
)
def test_a_time_is_read_in_the_managers_zone(typed: str, moment: str) -> None:
    found = postpone(None, read_shift(typed, at=NOW, zone=WARSAW), at=NOW, zone=WARSAW)
    assert f"{found.astimezone(UTC):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    "typed", ["вчера", "25:00", "tomorrow noon", "31.02.2026 10:00", "0000-01-01 10:00", "", "٣"]
)
def test_an_invalid_time_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadInput) as told:
        read_shift(typed, at=NOW, zone=WARSAW)
    assert "18:00, завтра 10:00, 24.12.2026 14:00" in told.value.hint_text("ru")


@pytest.mark.parametrize("day", ["tomorrow", "завтра", "JUTRO", "1.12.2026", "2026-12-01"])
def test_a_scheduled_reply_accepts_the_same_names_of_days(day: str) -> None:
    found = parse_moment(f"{day} 18:00 See you", now=NOW, zone=WARSAW)
    assert found is not None
    assert found[0] - NOW == timedelta(hours=30, minutes=48)
    assert found[1] == "See you"


@pytest.mark.parametrize("words", ["tomorrow we open", "1.12.2026", "32.12.2026 18:00 x"])
def test_a_day_without_a_time_is_not_a_moment(words: str) -> None:
    assert parse_moment(words, now=NOW, zone=WARSAW) is None
