"""`/report` in Telegram: a picture with its figures in words, other pictures by buttons, tables as files."""

import csv
from io import StringIO

import pytest

from holdline.desk.dialogs.transitions import apply_close
from holdline.desk.settings.calendars import add_calendar
from holdline.desk.teams.teams import add_team
from holdline.dialogs.closing import Closing
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.reports.kinds import ReportKind
from holdline.scheduler.made_files import attach_file
from holdline.screens.reports import files
from holdline.screens.reports.words import title_of
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.call import Call
from tests.bot.desk_kit import Said, Staff
from tests.bot.staging import IVAN, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("Where is my order?\nIt is late."))
    await opened(group_desk)
    desk = Staff(group_desk)
    await desk.heard()
    return desk


async def reported(staff: Staff, typed: str = "/report") -> tuple[Said, Call]:
    """As it was asked for, and as it leaves."""
    await staff.says(typed)
    (said,) = await staff.heard("report_picture")
    return said, await attach_file(staff.store, said.call)


def captions(staff: Staff, place: int = -1) -> list[str]:
    """Of the buttons that a press brought, the last ones or those before."""
    edits = [call for call in staff.gateway.calls if call.method == "editMessageReplyMarkup"]
    rows = edits[place].params["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


@pytest.mark.row("R-37")
async def test_a_picture_comes_first_with_its_figures_as_text(staff: Staff) -> None:
    said, call = await reported(staff)
    name, drawn = call.files["photo"]
    assert (call.method, name, drawn[:4]) == ("sendPhoto", "dialogs.png", b"\x89PNG")
    assert "Opened 1 · closed 0" in call.params["caption"]
    assert said.data("report.show:dialogs:30") and said.data("report.show:times:7")
    assert said.data("report.file:dialogs:7:csv") and said.data("report.file:dialogs:7:xlsx")


@pytest.mark.row("R-37")
async def test_buttons_change_the_picture_in_its_place(staff: Staff) -> None:
    said, _ = await reported(staff)
    await staff.presses(said.data("report.show:times:7"), on=said.number)
    await staff.presses("report.show:times:90:dark", on=said.number)
    assert "is being made" in staff.gateway.toast
    (edit,) = await staff.heard("report_picture_edit")  # of two wishes the last counts
    call = await attach_file(staff.store, edit.call)
    media = call.params["media"]
    assert (call.method, call.params["message_id"]) == ("editMessageMedia", said.number)
    assert media["media"] == "attach://picture" and call.files["picture"][1][:4] == b"\x89PNG"
    assert "First response: none" in media["caption"]
    assert edit.data("report.show:times:90:light"), "the way back to the light one"


@pytest.mark.row("R-37")
async def test_a_report_is_narrowed_by_team_and_type(staff: Staff) -> None:
    team = await staff.store.act(add_team, manager=None, fields={"name": "Sales"})
    said, _ = await reported(staff, "/report dialogs 7")
    await staff.presses(said.data("report.only:team:dialogs:7:light:0:0"), on=said.number)
    assert captions(staff) == ["• All teams", "Sales", "◀ Back"]
    await staff.presses(f"report.show:dialogs:7:light:{team.id}:0", on=said.number)
    (edit,) = await staff.heard("report_picture_edit")
    caption = (await attach_file(staff.store, edit.call)).params["media"]["caption"]
    assert "Team: Sales" in caption and "Opened 0 · closed 0" in caption
    await staff.presses(edit.data(f"report.file:dialogs:7:csv:{team.id}"))
    (file,) = await staff.heard("report")
    _, content = (await attach_file(staff.store, file.call)).files["document"]
    assert len(list(csv.reader(StringIO(content.decode())))) == 1, "the header alone"


@pytest.mark.row("R-37")
async def test_earlier_choices_in_a_report_are_kept(staff: Staff) -> None:
    team = await staff.store.act(add_team, manager=None, fields={"name": "Sales"})
    said, _ = await reported(staff, "/report dialogs 7")
    await staff.presses(f"report.only:type:dialogs:7:light:{team.id}:0", on=said.number)
    types = [data for data in staff.gateway.offered if data.startswith("report.show")]
    assert all(data.startswith(f"report.show:dialogs:7:light:{team.id}:") for data in types)
    await staff.presses(f"report.only:back:dialogs:7:light:{team.id}:0", on=said.number)
    assert "• 7 days" in captions(staff) and "Team: Sales" in captions(staff)
    support = types[captions(staff, -2).index("Support")].replace(f":{team.id}:", ":0:")
    await staff.presses(support, on=said.number)
    (edit,) = await staff.heard("report_picture_edit")
    assert "Opened 1 · closed 0" in (await attach_file(staff.store, edit.call)).params["media"]["caption"]


@pytest.mark.row("R-37")
async def test_times_are_shown_in_working_time_too(staff: Staff) -> None:
    _, call = await reported(staff, "/report times")
    assert "once the desk has a calendar: /settings" in call.params["caption"]
    hours = {"mon": [["09:00", "17:00"]]}
    await staff.store.act(
        add_calendar, manager=None, values={"name": "Office", "timezone": "UTC", "hours": hours}
    )
    _, call = await reported(staff, "/report times 30")
    assert (
        call.params["caption"].count("First response: none") == 2
        and "In working time" in call.params["caption"]
    )


@pytest.mark.row("R-37")
@pytest.mark.row("K-05")
async def test_a_table_of_any_report_is_a_file(staff: Staff) -> None:
    def close_by_itself(tx: Tx) -> None:
        apply_close(tx, SYSTEM, dialogs.load_locked(tx, 1), Closing())

    await staff.store.act(close_by_itself)
    await staff.heard()
    await staff.presses("report.file:managers:7:csv")
    (said,) = await staff.heard("report")
    name, content = (await attach_file(staff.store, said.call)).files["document"]
    assert name.startswith("managers-") and name.endswith(".csv")
    assert list(csv.reader(StringIO(content.decode())))[-1] == ["", "Unassigned", "0", "1"]
    _, call = await reported(staff, "/report managers")
    assert "Unassigned: replies 0, closed 1" in call.params["caption"]
    await staff.presses("report.file:dialogs:7:xlsx")
    (said,) = await staff.heard("report")
    assert (await attach_file(staff.store, said.call)).files["document"][1][:2] == b"PK"


@pytest.mark.parametrize("kind", ReportKind)
@pytest.mark.parametrize("language", ["en", "ru", "pl"])
async def test_every_report_exists_in_every_language(staff: Staff, kind: ReportKind, language: str) -> None:
    await staff.says(f"/language {language}")
    await staff.heard()
    _, call = await reported(staff, f"/report {kind} 1")
    title, period, gap, *figures = call.params["caption"].splitlines()
    assert (title, gap) == (f"📊 {title_of(kind, language)}", "")
    assert period and any(figures)


async def test_without_the_extra_the_figures_are_sent_as_text(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for format_ in ("png", "xlsx"):
        monkeypatch.setitem(files.LIBRARIES, format_, "no_such_library_here")
    said, call = await reported(staff)
    assert (call.method, call.files) == ("sendMessage", {})
    assert "Opened 1" in call.params["text"] and "pip install 'holdline[reports]'" in call.params["text"]
    assert call.params["reply_markup"] == said.call.params["reply_markup"]
    await staff.presses("report.show:tags:7:light", on=said.number)
    (edit,) = await staff.heard("report_picture_edit")
    assert (await attach_file(staff.store, edit.call)).method == "editMessageText"
    await staff.presses("report.file:tags:7:xlsx")
    (wish,) = await staff.heard("report")
    answer = await attach_file(staff.store, wish.call)
    assert answer.method == "sendMessage" and "holdline[reports]" in answer.params["text"]


async def test_a_manager_without_the_permission_gets_no_report(staff: Staff) -> None:
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    for data in ("report.show:times:7:light", "report.file:times:7:csv"):
        await staff.presses(data, IVAN)
        assert "report.view" in staff.gateway.toast + "".join(one.text for one in await staff.heard())
    await staff.says("/report", IVAN)
    assert "report.view" in (await staff.answer()).text


@pytest.mark.parametrize("typed", ["/report nonsense", "/report times 5", "/report times week"])
async def test_an_unknown_report_is_answered_with_the_format(staff: Staff, typed: str) -> None:
    await staff.says(typed)
    assert "/report times 30" in (await staff.answer()).text


@pytest.mark.parametrize(
    "data",
    ["report.show:x:7:light", "report.show:times:8:light", "report.show:times:7:x", "report.file:times:7:x"],
)
async def test_a_forged_report_button_does_nothing(staff: Staff, data: str) -> None:
    await staff.presses(data)
    assert [one.row["kind"] for one in await staff.heard() if one.row["kind"].startswith("report")] == []
