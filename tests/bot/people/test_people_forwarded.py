"""Settings → People: each forwarded message asks about its author, whatever its content."""

from typing import Any

import pytest

from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Staff
from tests.bot.people.test_joining import people_of
from tests.bot.people.test_people import OLGA, person
from tests.bot.staging import words, wrote


@pytest.fixture
def staff(group_desk: Store) -> Staff:
    return Staff(group_desk)


def forwarded(**origin: Any) -> dict[str, Any]:
    """Somebody else's words, with an id in them that must not count as the administrator's own line."""
    return {"text": "400000666 Mallory", "forward_origin": {"date": 1_794_204_000, **origin}}


def user(telegram_id: int, name: str, *, is_bot: bool = False) -> dict[str, Any]:
    return {"type": "user", "sender_user": {"id": telegram_id, "is_bot": is_bot, "first_name": name}}


async def test_a_forwarded_message_asks_about_its_writer(staff: Staff) -> None:
    await people_of(staff)
    await staff.writes(**forwarded(**user(OLGA.telegram_id, "Olga")))
    asked = await staff.answer()
    assert (
        asked.text.startswith("Should Olga work at this desk?\nRole: Agent.") and await person(staff) is None
    )
    await staff.presses(asked.data("form"), on=asked.number)
    assert (await person(staff)).name == "Olga"
    await staff.writes(**forwarded(**user(OLGA.telegram_id, "Olga")))
    assert "already a manager" in (await staff.answer()).text
    assert await person(staff, 400000666) is None


async def test_each_of_several_forwarded_messages_keeps_its_own_answer(staff: Staff) -> None:
    await people_of(staff)
    asked = []
    for number, name in ((400000701, "Aga"), (400000702, "Bea"), (400000703, "Cleo")):
        await staff.writes(**forwarded(**user(number, name)))
        asked.append(await staff.answer())
    for question, name in zip(asked, ("Aga", "Bea", "Cleo"), strict=True):
        await staff.presses(question.data("form"), on=question.number)
        assert name in {one.name for one in await staff.store.read(managers.page)}


async def test_a_customer_who_waits_in_the_inbox_is_added_by_a_forwarded_message_only_after_a_warning(
    staff: Staff,
) -> None:
    await wrote(staff.store, words("where is it?"), OLGA)
    page = await people_of(staff)
    await staff.writes(**forwarded(**user(OLGA.telegram_id, "Olga")))
    asked = await staff.answer()
    assert "something is open with them" in asked.text
    await staff.presses(asked.data("form"), on=asked.number)
    assert await person(staff) is None
    await page.press("join")
    assert (await person(staff)).active


async def test_a_forwarded_picture_asks_about_its_author_as_text_does(staff: Staff) -> None:
    await people_of(staff)
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    origin = {"date": 1_794_204_000, **user(OLGA.telegram_id, "Olga")}
    await staff.writes(photo=photo, forward_origin=origin)
    assert (await staff.answer()).text.startswith("Should Olga work at this desk?")
    await staff.writes(photo=photo)
    assert "Write it as text" in (await staff.answer()).text


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (user(400000555, "Parcels", is_bot=True), "only people"),
        ({"type": "hidden_user", "sender_user_name": "Olga"}, "does not tell which account"),
        (
            {"type": "chat", "sender_chat": {"id": -1009, "type": "supergroup", "title": "Team"}},
            "a channel, and only",
        ),
        (
            {"type": "channel", "message_id": 5, "chat": {"id": -1008, "type": "channel", "title": "News"}},
            "a channel, and only",
        ),
    ],
)
async def test_a_forwarded_message_whose_author_cannot_be_added_explains_why(
    staff: Staff, origin: dict[str, Any], said: str
) -> None:
    await people_of(staff)
    await staff.writes(**forwarded(**origin))
    assert said in (await staff.answer()).text
    assert len(await staff.store.read(managers.page)) == 1
