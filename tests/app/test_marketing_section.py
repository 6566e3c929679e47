"""Quiet hours and cap, as the configuration accepts them and `check` explains them."""

import pytest
from pydantic import ValidationError

from holdline.app.marketing.findings import findings_on_hours
from holdline.app.settings import Settings


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ({}, []),
        ({"quiet_hours": "22:00-08:00"}, ["quiet_hours"]),
        ({"quiet_hours": "08:00-22:00", "cap_per_day": 3}, ["quiet_hours", "cap_per_day"]),
        ({"quiet_hours": "08:00-07:00"}, ["quiet_hours", "quiet_hours_long"]),
    ],
)
def test_check_explains_the_quiet_hours(section: dict[str, object], codes: list[str]) -> None:
    settings = Settings.model_validate({"marketing": section, "desk": {"time_zone": "Europe/Warsaw"}})
    found = findings_on_hours(settings)
    assert [finding.code for finding in found] == codes
    assert all("Europe/Warsaw" in finding.message for finding in found if finding.level == "ok")
    assert settings.rules.cap_per_day == section.get("cap_per_day", 0)
    assert (settings.rules.quiet_hours is None) == ("quiet_hours" not in section)


@pytest.mark.parametrize(
    "section",
    [{"quiet_hours": "22-8"}, {"quiet_hours": "08:00-08:00"}, {"cap_per_day": -1}, {"quiet": "22:00-08:00"}],
)
def test_invalid_hours_or_an_invalid_cap_stop_the_start(section: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"marketing": section})
