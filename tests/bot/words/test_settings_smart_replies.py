"""Settings → Smart replies: typed, tried, switched, put in order, deleted and brought back."""

import pytest

from holdline.desk.settings.calendars import add_calendar
from holdline.desk.smart_replies.smart_replies import add_smart_reply, list_smart_replies
from holdline.dialogs.smart_replies.smart_reply import SmartReply
from holdline.store.engine import Store
from tests.bot.desk_kit import Staff
from tests.bot.tagging.test_settings_tagging import Page as TaggingPage

OFFICE = {"name": "Office", "timezone": "UTC", "hours": {"fri": [["09:00", "17:00"]]}}


class Page(TaggingPage):
    """The window, open at Smart replies."""

    @classmethod
    async def at_smart_replies(cls, staff: Staff) -> "Page":
        await staff.says("/settings")
        window = await staff.answer()
        page = cls(staff, window.number, window.form)
        await page.presses("open:smart_replies")
        return page


@pytest.fixture
def staff(private_desk: Store) -> Staff:
    return Staff(private_desk)


async def kept(staff: Staff) -> list[SmartReply]:
    return [reply for reply, _ in await staff.store.read(list_smart_replies)]


@pytest.mark.row("M-13")
async def test_a_reply_is_typed_in_two_lines_and_tried(staff: Staff) -> None:
    page = await Page.at_smart_replies(staff)
    assert "There are no smart replies yet" in page.text
    await page.presses("add")
    await staff.says("When are you open?\nrefund, money back\n/inv-\\d+/")
    await staff.says("From 9 to 18.")
    (reply,) = await kept(staff)
    assert (reply.name, reply.answer) == ("When are you open?", "From 9 to 18.")
    assert (reply.questions, reply.any_of, reply.regex) == (
        ("When are you open?",),
        ("refund", "money back"),
        "inv-\\d+",
    )
    assert "• refund, money back" in page.text and "inv-\\d+" in page.text
    await page.presses("list")
    await page.presses("try")
    await staff.says("my money back!")
    assert "💬 my money back!" in page.text and "When are you open? (100 %)" in page.text
    for said in ("what is the weather", "and tomorrow"):
        await staff.says(said)
        assert f"💬 {said}" in page.text and "No answer" in page.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/(a+)+$/", "repetitions inside repetitions"),
        ("When are you open?\n/inv-(\\d+/", "“inv-(\\d+” is not a regular expression"),
        ("/inv/\n/bill/", "Join the regular expressions in one line: /inv|bill/."),
        (", ,", "Write what it answers"),
        ("!!", "Each word has a letter or a number"),
    ],
)
async def test_a_wrong_trigger_is_named_before_the_answer_is_typed(
    staff: Staff, typed: str, told: str
) -> None:
    page = await Page.at_smart_replies(staff)
    await page.presses("add")
    await staff.says(typed)
    assert told in (await staff.answer()).text
    await staff.says("refund")
    await staff.says("In five days.")
    (reply,) = await kept(staff)
    assert (reply.any_of, reply.answer) == (("refund",), "In five days.")


@pytest.mark.row("M-13")
async def test_a_smart_reply_is_changed_switched_ordered_deleted_and_restored(staff: Staff) -> None:
    for name in ("One", "Two"):
        values = {"name": name, "any_of": [name], "answer": name}
        await staff.store.act(add_smart_reply, manager=None, values=values)
    await staff.store.act(add_calendar, manager=None, values=OFFICE)
    page = await Page.at_smart_replies(staff)
    await page.presses("show:2")
    await page.presses("move:up")
    assert [reply.name for reply in await kept(staff)] == ["Two", "One"]
    await page.presses("switch")
    assert "⏸ Off" in page.text
    await page.presses("ask:hours")
    await page.presses("hours:1")
    assert "In the hours of “Office”" in page.text
    await page.presses("ask:hours")
    await page.presses("when")
    await page.presses("ask:answer")
    await staff.says("Another answer")
    two = (await kept(staff))[0]
    assert (two.answer, two.hours, two.when, two.active) == ("Another answer", "Office", "outside", False)
    await page.presses("ask:delete")
    await page.presses("delete!")
    assert [reply.name for reply in await kept(staff)] == ["One"]
    await page.presses("undo")
    assert [reply.name for reply in await kept(staff)] == ["Two", "One"]
    await page.presses("list")
    await page.presses("sure:90")
    assert "✅ 90 %" in page.captions
