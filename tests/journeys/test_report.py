"""The dialogs report: one row per dialog, both ratings, empty where none was given."""

import csv
from io import StringIO

import pytest

from tests.journeys.world import IVAN, World, captions, kind_of


def rows_in(text: str) -> dict[str, dict[str, str]]:
    return {row["title"]: row for row in csv.DictReader(StringIO(text))}


@pytest.mark.row("L-68")
@pytest.mark.row("L-69")
async def test_both_ratings_are_in_the_report_and_a_missing_one_is_empty(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    for title, close in (("Both", "/close 3 form"), ("Ours", "/close 1"), ("Theirs", "/close form")):
        thread = await desk.opened(anna, title)
        last = desk.messages(anna.id)[-1]["message_id"]
        maria.says(close, thread)
        await thread.card_says("Status: closed")
        if "form" in close:
            form = await anna.gets(lambda m: captions(m) == ["Bad", "Okay", "Great"], after=last)
            anna.presses(form, "Okay")
            await thread.card_says("Customer → us: 2")
    await desk.opened(anna, "Neither")
    maria.says("/report dialogs")
    sent = await maria.gets(lambda m: kind_of(m) == "document")
    assert sent["document"]["file_name"].endswith(".csv") and "both ratings" in sent["caption"]
    found = downloaded(desk, sent["document"]["file_id"])
    answer = await desk.api.get("/reports/dialogs.csv")
    for text in (found, answer.text):
        ratings = {
            title: (row["service_rating"], row["customer_score"]) for title, row in rows_in(text).items()
        }
        assert ratings == {"Both": ("2", "3"), "Ours": ("", "1"), "Theirs": ("2", ""), "Neither": ("", "")}


@pytest.mark.row("L-68")
async def test_the_report_journey_needs_the_permission(desk: World) -> None:
    ivan = desk.manager(IVAN, "Ivan")
    ivan.says("/report dialogs")
    await ivan.gets(lambda m: "report.view" in m.get("text", ""))
    assert not [m for m in desk.messages(ivan.id) if kind_of(m) == "document"]


def downloaded(desk: World, file_id: str) -> str:
    """As a client opens the file."""
    return desk.box.tg.files.downloadable(file_id).bytes().decode()


@pytest.mark.row("R-37")
async def test_a_manager_sees_charts_and_gets_a_table(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    await desk.opened(anna, "Parcel")
    maria.says("/report")
    shown = await maria.gets(lambda m: kind_of(m) == "photo")
    assert "Opened 1" in shown["caption"]
    maria.presses(shown, "30 days")
    await maria.gets(lambda m: m["message_id"] == shown["message_id"] and "• 30 days" in captions(m))
    maria.presses(shown, "Colleagues")
    await maria.gets(lambda m: m["message_id"] == shown["message_id"] and "Colleagues" in m["caption"])
    maria.presses(shown, "📗 XLSX")
    sent = await maria.gets(lambda m: kind_of(m) == "document")
    assert sent["document"]["file_name"].endswith(".xlsx")
