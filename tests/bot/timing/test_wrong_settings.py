"""An invalid setting is answered by one sentence, in the reader's language, and changes nothing."""

import pytest

from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.screens.test_windows_settings import Settings, settings
from tests.bot.staging import manager

TABLES = ("calendars", "sla_policies", "desk_fields", "lists", "teams", "team_members", "templates")
GOOD = {
    "calendars": "Office; UTC; mon-fri 09:00-17:00",
    "sla": "Gold; first 30m; close 2d",
    "fields": "Order",
    "close_reasons": "Refunded",
    "teams": "Refunds",
    "types": "Complaint",
}
WRONG = {
    "sla": [
        "Gold; close 1d",
        "Silver",
        "Silver; first",
        "Silver; first soon",
        "Silver; first -5m",
        "Silver; first 0m",
        "Silver; first 1.5h",
        "Silver; first 99999999999d",
        "Silver; close 2d; priority blue",
        "Silver; close 2d; type Nothing of ours",
        "Silver; close 2d; queue Nowhere",
        "Silver; close 2d; calendar Mars",
        "; close 1d",
        "Silver; close 1d; position first",
        "Silver; close 1d; bananas 3",
        "x" * 300 + "; close 1d",
    ],
    "calendars": [
        "Office; UTC; mon 10:00-11:00",
        "Night; Mars/Base; mon 09:00-17:00",
        "Night; UTC; mon 25:00-26:00",
        "Night; UTC; mon 09:00",
        "Night; UTC; mon 09:00-12:00 11:00-13:00",
        "Night; UTC; mon 09:00-17:00; 2026-02-30",
        "Night; UTC; mon 09:00-17:00; soon",
        "Night; UTC; mon 09:00-17:00; 2026-12-25; more",
        ";;;",
    ],
    "time_zone": ["Mars", "UTC+3 or so", "../etc/passwd", "x" * 500],
    "fields": ["order", "\u200b", "y" * 300],
    "close_reasons": ["REFUNDED", "\u200b", "y" * 300],
    "teams": ["refunds", "\u200b", "y" * 300],
    "types": ["complaint", "\u200b", "y" * 300],
}


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    return Staff(group_desk)


async def stored(staff: Staff) -> list[str]:
    """Everything that these pages could change, and the reader's own zone."""

    def work(tx: Tx) -> list[str]:
        rows = [str(tx.all(f"SELECT * FROM {table} ORDER BY 1, 2")) for table in TABLES]
        return [*rows, str(manager(tx).time_zone)]

    return await staff.store.read(work)


async def window_at(staff: Staff, page: str) -> Settings:
    window = await settings(staff)
    await window.press(f"open:{page}")
    if page in GOOD:
        await window.type(GOOD[page])
        if page == "fields":
            await window.press("kind:text")
        await window.press("menu", f"open:{page}")
    return window


@pytest.mark.parametrize("page", WRONG)
async def test_an_invalid_setting_gets_one_sentence_and_changes_nothing(staff: Staff, page: str) -> None:
    window = await window_at(staff, page)
    before = await stored(staff)
    for language in ("en", "ru", "pl"):
        await staff.store.act(lambda tx, one=language: managers.update(tx, manager(tx).id, language=one))
        for line in WRONG[page]:
            await staff.heard()
            await window.type(line)
            (said,) = await staff.heard("text")
            assert "\n" not in said.text and len(said.text) < 200, (language, line, said.text)
            assert said.text[0].isupper() or not said.text[0].isalpha(), said.text
            assert await stored(staff) == before, (language, line)
