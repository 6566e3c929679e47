"""/later: a reply is scheduled, shown on the card, cancelled, and returned to its author if it cannot be sent."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.conversation.scheduling import edit_scheduled_reply, list_waiting_replies, send_due_reply
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.people.time_zones import set_time_zone
from holdline.desk.restores.hold import hold_restored
from holdline.dialogs.text.moments import parse_moment
from holdline.dialogs.text.times import in_zone
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.people import managers
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import IVAN, manager


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk
        assert await desk.store.read(invariants.find_violations) == []


async def plan(desk: Place, line: str = "/later 2h We call you now") -> Said:
    await desk.line(line)
    said = await desk.heard()
    assert to_customer(said) == []
    return next(one for one in said if one.data_or_none("later.drop"))


async def two_hours(desk: Place, clock: ManualClock) -> list[Said]:
    clock.advance(7201)
    assert await desk.store.act(send_due_reply) == 1
    return await desk.heard()


async def test_a_scheduled_reply_is_sent_two_hours_later(desk: Place, clock: ManualClock) -> None:
    assert "We call you now" in (await plan(desk)).text
    assert to_customer(await two_hours(desk, clock)) == ["We call you now"]


async def test_a_clock_time_is_read_in_the_managers_own_time_zone(desk: Place) -> None:
    await desk.store.act(lambda tx: set_time_zone(tx, manager=manager(tx), name="Asia/Tokyo"))
    planned = await plan(desk, "/later 18:00 We call you now")
    assert "18:00 Asia/Tokyo" in planned.text
    assert "18:00 Asia/Tokyo" in (await plan(desk, "/later")).text
    (reply,) = await desk.store.read(lambda tx: list_waiting_replies(tx, dialog_id=1))
    assert f"{in_zone(reply.send_at, 'Asia/Tokyo'):%H:%M}" == "18:00"


async def test_a_scheduled_reply_is_listed_and_can_be_cancelled(desk: Place, clock: ManualClock) -> None:
    await plan(desk)
    listed = await plan(desk, "/later")
    assert "We call you now" in listed.text
    await desk.press(listed, "later.drop")
    clock.advance(7201)
    assert await desk.store.act(send_due_reply) == 0


async def test_a_scheduled_reply_can_be_sent_at_once_and_only_once(desk: Place, clock: ManualClock) -> None:
    await plan(desk)
    listed = await plan(desk, "/later")
    assert to_customer(await desk.press(listed, "later.send")) == ["We call you now"]
    assert to_customer(await desk.press(listed, "later.send")) == []
    assert "already" in desk.gateway.toast


async def test_a_message_that_promised_it_says_that_it_was_sent(desk: Place) -> None:
    promised = await plan(desk)
    await desk.press(await plan(desk, "/later"), "later.send")
    await desk.press(promised, "later.drop")
    assert "sent already" in desk.gateway.window and desk.gateway.offered == []


async def test_a_close_names_scheduled_replies_and_the_closed_card_shows_none(
    desk: Place,
) -> None:
    await plan(desk)
    await desk.line(f"/close #{desk.dialog.id}")
    form = next(one for one in await desk.heard() if one.data_or_none("form"))
    assert "Planned replies: 1" in form.text
    await desk.line(f"/close #{desk.dialog.id} 3")
    cards = [one.text for one in await desk.heard() if one.row["kind"] == "info_card_edit"]
    assert cards and not any("We call you now" in card for card in cards)


async def test_in_a_paused_dialog_a_scheduled_reply_returns_to_its_author_with_a_remedy(
    desk: Place, clock: ManualClock
) -> None:
    await plan(desk)
    dialog_id = desk.dialog.id
    await desk.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=dialog_id))
    await desk.heard()
    said = await two_hours(desk, clock)
    assert to_customer(said) == []
    notice = next(one for one in said if one.data_or_none("later.send"))
    assert "paused" in notice.text and "We call you now" in notice.text
    outside = next(data for data in notice.offered if data.startswith("later.send:1:1:"))
    await desk.presses(outside, on=notice.number, chat=notice.call.params["chat_id"])
    assert to_customer(await desk.heard()) == ["We call you now"]


@pytest.mark.parametrize(
    "line", ["/later", "/later soon", "/later 18:00", "/later 25:99 x", "/later 2020-01-01 10:00 x"]
)
async def test_a_command_without_a_time_or_a_text_schedules_nothing(
    desk: Place, clock: ManualClock, line: str
) -> None:
    await desk.line(line)
    (told,) = await desk.heard("text")
    assert told.data_or_none("later.drop") is None


def test_a_past_clock_time_means_tomorrow(clock: ManualClock) -> None:
    clock.advance(10 * 3600)
    now = clock.now()
    found = [parse_moment(words, now=now, zone="UTC") for words in ("11:30 x y", "09:15 x", "3d x", "9:99 x")]
    told = [(f"{moment[0]:%d %H:%M}", moment[1]) if moment else None for moment in found]
    assert told == [("01 11:30", "x y"), ("02 09:15", "x"), ("04 10:00", "x"), None]


async def test_a_scheduled_reply_held_by_a_restore_is_marked_on_the_card_and_in_the_list(
    desk: Place, clock: ManualClock
) -> None:
    await plan(desk)
    clock.advance(7201)
    await desk.store.act(hold_restored)
    assert any("We call you now” · ⏸ On hold since a restore" in one.text for one in await desk.heard())
    assert "On hold since a restore" in (await plan(desk, "/later")).text
    assert "On hold" not in (await plan(desk)).text


async def test_a_button_shown_with_an_earlier_text_does_not_send_a_colleagues_change(desk: Place) -> None:
    """Whoever sends it is quoted with it, so it must be what they have read."""
    await plan(desk)
    listed = await plan(desk, "/later")
    (reply,) = await desk.store.read(lambda tx: list_waiting_replies(tx, dialog_id=desk.dialog.id))
    ivan = await desk.store.read(lambda tx: managers.by_telegram_id(tx, IVAN))
    await desk.store.act(
        lambda tx: edit_scheduled_reply(tx, manager=ivan, reply_id=reply.id, text="Never call again")
    )
    assert to_customer(await desk.press(listed, "later.send")) == []
    assert "Ivan" in desk.gateway.toast and "Never call again" in desk.gateway.window
    now = next(data for data in desk.gateway.offered if data.startswith("later.send"))
    await desk.presses(now, on=listed.number, chat=listed.call.params["chat_id"])
    assert to_customer(await desk.heard()) == ["Never call again"]
