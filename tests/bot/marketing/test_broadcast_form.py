"""A broadcast composed in Telegram: message, audience and time; tested, started, and followed on its card."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.broadcasts import audience_size
from holdline.desk.broadcasts.cards import redraw_live_cards
from holdline.desk.funnels.definitions import load_funnel
from holdline.desk.funnels.enrolments import enrol
from holdline.desk.people.staff import add_manager
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter, FunnelCondition, FunnelStanding
from holdline.dialogs.broadcasts.broadcast import Broadcast
from holdline.store.broadcasts import broadcasts
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, Staff, data_of
from tests.bot.staging import ADMIN, ANNA, IVAN, customer, manager, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """Anna, who is a subscriber, has started the bot and waits for nothing."""
    await wrote(group_desk, words())

    def subscribe(tx: Tx) -> None:
        anna = customer(tx).id
        tx.run("UPDATE customers SET started_at = :at WHERE id = :id", at=tx.at, id=anna)
        tx.run("INSERT INTO customer_tags (customer_id, name) VALUES (:id, 'subscriber')", id=anna)

    await group_desk.act(subscribe)
    staff = Staff(group_desk)
    await staff.heard()
    return staff


async def composed(staff: Staff, **message: Any) -> tuple[list[Said], Said]:
    """What is shown after that message was sent to /broadcast: the sample, and the form below it."""
    await staff.says("/broadcast")
    asked = await staff.answer()
    assert "as customers shall see it" in asked.text
    await staff.writes(**message)
    *sample, form = await staff.heard()
    return sample, form


async def press(staff: Staff, form: Said, *actions: str) -> str:
    for action in actions:
        await staff.presses(f"{form.form}:{action}", on=form.number)
    return staff.gateway.window


async def made(staff: Staff) -> list[Broadcast]:
    return await staff.store.read(lambda tx: broadcasts.page(tx, newest_first=False, after=None, limit=9))


@pytest.mark.row("M-05")
async def test_a_text_is_shown_narrowed_tried_and_started_with_two_taps(staff: Staff) -> None:
    bold = [{"type": "bold", "offset": 0, "length": 2}]
    (sample,), form = await composed(staff, text="Hi {customer.name|friend}!", entities=bold)
    assert sample.row["kind"] == "marketing_sample" and sample.text == "Hi Maria!"
    assert sample.call.params["entities"][0]["type"] == "bold"
    assert "people: 1" in form.text
    window = await press(staff, form, "audience", "part:without", "tag:0")
    assert "without: subscriber" in window and "people: 0" in window
    window = await press(staff, form, "tag:0", "back", "part:all", "tag:0", "back", "back")
    assert "with all of: subscriber – people: 1" in window
    await press(staff, form, "buttons")
    await staff.says("Shop - https://example.org\nI want it = yes")
    assert "I want it → yes" in staff.gateway.window
    await press(staff, form, "back", "test")
    (tried,) = await staff.heard("marketing_sample")
    assert tried.call.params["chat_id"] == ADMIN and data_of(tried.call) == [
        "https://example.org",
        "out:yes",
        "out:unsubscribe",
    ]
    await staff.presses("out:yes", on=tried.number)
    assert "Only a test" in staff.gateway.toast
    assert await made(staff) == [], "nothing is made before the second tap"
    window = await press(staff, form, "start")
    assert "people: 1" in str(staff.gateway.last("editMessageText").params["reply_markup"])
    await press(staff, form, "start!")
    (broadcast,) = await made(staff)
    assert (broadcast.audience.tags, broadcast.status) == (("subscriber",), "sending")
    assert broadcast.content.buttons == [
        [{"text": "Shop", "url": "https://example.org"}],
        [{"text": "I want it", "data": "yes"}],
    ]
    (card,) = await staff.heard("desk_notice")
    assert "Broadcast 1: Hi {customer.name|friend}!" in card.text and "0 % of 1" in card.text
    await press(staff, form, "start!")
    assert len(await made(staff)) == 1, "the form is over"


async def test_a_value_of_a_field_is_read_as_the_card_of_a_customer_keeps_it(staff: Staff) -> None:
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "audience", "part:field")
    for typed in ("phone = 0123", "age = 7", "vip = true", "city = Łódź", "city ="):
        await staff.says(typed)
    await press(staff, form, "back", "back", "when", "in:1h", "start", "start!")
    (broadcast,) = await made(staff)
    assert broadcast.audience.fields == {"phone": "0123", "age": 7, "vip": True}


@pytest.mark.row("M-05")
async def test_an_album_is_one_message_and_takes_no_buttons(staff: Staff, clock: ManualClock) -> None:
    await staff.says("/broadcast")
    await staff.answer()
    for number in (1, 2):
        photo = [{"file_id": f"P{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]
        caption = {"caption": "Look!"} if number == 1 else {}
        await staff.writes(photo=photo, media_group_id="77", **caption)
    clock.advance(5)
    *_, sample, form = await staff.heard()
    assert [medium["media"] for medium in sample.call.params["media"]] == ["P1", "P2"]
    assert sample.call.params["media"][0]["caption"] == "Look!\n🔕 No more of this: /subscriptions"
    assert f"{form.form}:buttons" not in form.offered
    await press(staff, form, "start", "start!")
    (broadcast,) = await made(staff)
    assert [medium.source for medium in broadcast.content.media] == ["P1", "P2"]


@pytest.mark.row("M-05")
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2096-12-01 10:00", "at 2096-12-01 10:00"),
        ("2096-12-01 10:00 local", "2096-12-01 10:00 by each customer’s clock"),
        ("3 h", "at "),
    ],
)
async def test_a_broadcast_starts_at_the_chosen_time(
    staff: Staff, typed: str, shown: str, clock: ManualClock
) -> None:
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "when")
    await staff.says(typed)
    assert shown in staff.gateway.window
    await press(staff, form, "start", "start!")
    (broadcast,) = await made(staff)
    assert broadcast.status == "scheduled" and broadcast.starts_at > clock.now()


async def test_a_mistyped_tag_gets_a_button_that_removes_it(staff: Staff) -> None:
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "audience", "part:all")
    await staff.says("subscribr")
    window = staff.gateway.last("editMessageText").params
    assert "people: 0" in window["text"] and "☑️ subscribr" in str(window["reply_markup"])
    window = await press(staff, form, "tag:1", "back", "back")
    assert "everybody who started the bot" in window and "people: 1" in window


async def test_a_broadcast_to_nobody_is_not_started_now(staff: Staff) -> None:
    _, form = await composed(staff, text="Sale!")
    assert "Nobody is in this audience" in await press(
        staff, form, "audience", "part:without", "tag:0", "back", "back", "start"
    )
    assert f"{form.form}:start!" not in str(staff.gateway.last("editMessageText").params["reply_markup"])
    await press(staff, form, "start!")
    assert await made(staff) == []


async def test_a_time_that_has_passed_for_everybody_is_refused(staff: Staff, clock: ManualClock) -> None:
    """In the step, and at the start if it passes while the form is open."""
    evening = (clock.now() + timedelta(days=1)).replace(hour=20, minute=0)
    clock.advance((evening - clock.now()).total_seconds())
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "when")
    await staff.says(f"{evening:%Y-%m-%d} 10:00 local")
    assert "already passed for everybody" in (await staff.answer()).text
    await staff.says(f"{evening:%Y-%m-%d} 20:30 local")
    assert "20:30 by each customer’s clock" in staff.gateway.window
    clock.advance(3600)
    await press(staff, form, "start", "start!")
    assert await made(staff) == []


@pytest.mark.row("M-05")
async def test_content_that_cannot_be_broadcast_is_refused_with_a_sentence_and_the_form_stays(
    staff: Staff,
) -> None:
    await staff.says("/broadcast")
    asked = await staff.answer()
    sticker = {"file_id": "S", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9}
    await staff.writes(sticker=sticker | {"is_animated": False, "is_video": False})
    assert "cannot be sent as a broadcast" in (await staff.answer()).text
    await staff.says("Hello {nobody.knows}")
    assert "nobody.knows" in (await staff.heard("text"))[-1].text
    await press(staff, asked, "start", "start!", "audience")
    assert await made(staff) == []
    await staff.writes(text="Hello")
    *_, form = await staff.heard()
    await press(staff, form, "buttons")
    await staff.says("Site - https://example.org\nShop")
    assert "“Shop” is not a button." in (await staff.answer()).text
    for wrong in (
        "Shop - https://",
        "Shop = " + "x" * 65,
        "Shop - example.org",
        "Join = funnel:none",
    ):
        await staff.says(wrong)
        assert (await staff.answer()).text
    assert "Buttons: 0" in await press(staff, form, "back")
    await press(staff, form, "buttons")
    await press(staff, form, "back", "cancel", "start!")
    assert await made(staff) == []


@pytest.mark.row("M-05")
async def test_composing_a_broadcast_needs_the_permission(staff: Staff) -> None:
    await staff.store.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    await staff.says("/broadcast", IVAN)
    assert "broadcast.send" in (await staff.answer()).text


@pytest.mark.row("M-06")
async def test_the_card_of_a_broadcast_is_updated_in_place_only_after_a_change(staff: Staff) -> None:
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "start", "start!")
    (card,) = await staff.heard("desk_notice")
    await staff.store.act(redraw_live_cards)
    await staff.heard()
    assert await staff.store.act(redraw_live_cards) == 0, "nothing has changed"
    await staff.presses("cast:1:pause", on=card.number)
    (edit,) = await staff.heard("desk_notice_edit")
    assert "⏸ Paused" in edit.text and edit.offered[:2] == ["cast:1:resume", "cast:1:cancel?"]
    assert edit.call.params["message_id"] == card.number and edit.row["rank"] == 4, "last of all"
    await staff.presses("cast:1:pause", on=card.number)
    assert "paused" in staff.gateway.toast
    await staff.presses("cast:1:cancel?", on=card.number)
    question = await staff.answer()
    await staff.presses("cast:1:cancel", on=question.number)
    (broadcast,) = await made(staff)
    assert broadcast.status == "cancelled"
    edit = (await staff.heard("desk_notice_edit"))[-1]
    assert "✖ Cancelled" in edit.text and edit.offered == ["cast:1:export"]


@pytest.mark.row("M-06")
async def test_the_last_broadcasts_are_listed_with_a_button_for_each_card(staff: Staff) -> None:
    await staff.says("/broadcasts")
    assert "None yet" in (await staff.answer()).text
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "start", "start!")
    await staff.heard()
    await staff.says("/broadcasts")
    listed = await staff.answer()
    assert "📤 1 · Sale!" in listed.text
    await staff.presses("cast:1:show", on=listed.number)
    (card,) = await staff.heard("desk_notice")
    assert "Broadcast 1: Sale!" in card.text


@pytest.mark.row("M-05")
async def test_an_audience_is_narrowed_by_funnels_and_the_number_follows(staff: Staff) -> None:
    await staff.store.act(load_funnel, written={"name": "welcome", "steps": [{"send": {"text": "Hello"}}]})
    await staff.store.act(lambda tx: enrol(tx, funnel_id=1, telegram_id=ANNA.telegram_id))
    _, form = await composed(staff, text="Sale!")
    window = await press(staff, form, "audience", "part:funnel", "funnel:1")
    assert "by the funnel welcome?" in window
    window = await press(staff, form, "standing:yes-never")
    assert "never in the funnel welcome" in window and "people: 0" in window
    window = await press(staff, form, "standing:no-never")
    assert "🚫 never in the funnel welcome" in window and "people: 1" in window
    assert "☑️ 🚫 never in it" in str(staff.gateway.last("editMessageText").params["reply_markup"])
    window = await press(staff, form, "standing:no-never", "standing:yes-running", "back", "back")
    assert "👥 in the funnel welcome now – people: 1" in window
    await press(staff, form, "start", "start!")
    (broadcast,) = await made(staff)
    assert broadcast.audience == AudienceFilter(funnels=(FunnelCondition(1, FunnelStanding.RUNNING),))


async def test_the_form_shows_an_estimate_for_a_very_large_audience(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_size, "COUNTED_AT_ONCE", 0)
    monkeypatch.setattr(audience_size, "_SIZE", 1)
    _, form = await composed(staff, text="Sale!")
    assert "people: about 1 (estimated; counted at the start)" in form.text
