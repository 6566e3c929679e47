"""Messages refused by a closed dialog are sent in the new one opened under the refusal, or kept for one tap."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.people.managers import get_acting_manager
from holdline.desk.people.staff import change_manager
from holdline.dialogs.decisions.opening import Opening
from holdline.store.clock import ManualClock
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ADMIN, IVAN, customer, words, wrote

PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        await desk.close()
        yield desk


@pytest.mark.parametrize("by", ["the window", "a typed title"])
async def test_a_message_that_a_wizard_promised_to_send_is_named_if_a_colleague_opened_first(
    desk: Place, by: str
) -> None:
    """Ivan's opening sends nothing of Maria's; one tap does."""
    wizard = await wizard_under(desk, await refused(desk, "One more thing"))
    number = await open_by_api(desk, IVAN)
    said = await desk.heard()
    assert "One more thing" not in to_customer(said)
    (edit,) = [one for one in said if one.call.params.get("message_id") == wizard.number]
    unsent = "💬 Not sent yet: “One more thing”"
    assert edit.text.splitlines() == [f"▶️ Ivan has opened #{number} “Again”.", unsent]
    send = edit.data("form:")
    if by == "a typed title":
        await desk.line("A title")
        assert unsent in desk.gateway.window
        send = next(data for data in desk.gateway.offered if data.startswith("form:"))
        await desk.heard()
    spot = await desk.where()
    await desk.presses(send, on=wizard.number, **spot)
    assert to_customer(await desk.heard()) == ["One more thing"]


@pytest.fixture(params=MODES)
async def open_desk(
    request: pytest.FixtureRequest, store_url: str, clock: ManualClock
) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


async def refused(desk: Place, text: str) -> Said:
    await desk.line(text)
    (said,) = await desk.heard("text")
    return said


async def wizard_under(desk: Place, refusal: Said, person: int = ADMIN) -> Said:
    (wizard,) = await desk.press(refusal, "dlg.new", person)
    assert "New dialog with Anna" in wizard.text
    return wizard


async def open_now(desk: Place, wizard: Said, person: int = ADMIN) -> list[Said]:
    return await desk.press(wizard, wizard.data("form:").rsplit(":", 1)[0] + ":now", person)


async def open_by_api(desk: Place, person: int = ADMIN) -> int:
    def work(tx: Tx) -> int:
        actor = get_acting_manager(tx, person)
        return open_dialog(tx, manager=actor, opening=Opening(customer(tx).id, "Again")).id

    return await desk.store.act(work)


async def test_the_refused_line_goes_out_in_the_new_dialog(desk: Place) -> None:
    wizard = await wizard_under(desk, await refused(desk, "One more thing"))
    assert "One more thing" in wizard.text
    said = await open_now(desk, wizard)
    assert to_customer(said) == ["One more thing"]
    (way,) = [one for one in said if "is open" in one.text]
    assert way.text.splitlines()[-1] == "💬 Goes to the customer: “One more thing”"
    assert "is open" not in desk.gateway.window and "Sent to" not in desk.gateway.window
    mirrored = [one for one in said if one.row["kind"] == "mirror" and "One more thing" in one.text]
    assert len(mirrored) == (0 if desk.mode == "private without topics" else 1), "the new topic shows it"


async def test_two_refused_lines_and_an_album_go_out_in_their_order(desk: Place, clock: ManualClock) -> None:
    await refused(desk, "First")
    refusal = await refused(desk, "Second")
    for caption in ("Pictures", ""):
        await desk.writes(photo=PHOTO, caption=caption, media_group_id="8", **await desk.where())
    clock.advance(2)
    await desk.heard()
    said = await open_now(desk, await wizard_under(desk, refusal))
    assert to_customer(said)[:2] == ["First", "Second"]
    rows = await desk.store.read(
        lambda tx: tx.all("SELECT text, kind FROM messages WHERE direction = 'out' ORDER BY id")
    )
    assert [(row["kind"], row["text"]) for row in rows] == [
        ("text", "First"),
        ("text", "Second"),
        ("photo", "Pictures"),
        ("photo", ""),
    ]


async def test_a_refused_photo_with_a_caption_is_sent_too(desk: Place) -> None:
    await desk.writes(photo=PHOTO, caption="Look", **await desk.where())
    (refusal,) = await desk.heard("text")
    said = await open_now(desk, await wizard_under(desk, refusal))
    assert len(to_customer(said)) == 1


async def test_two_presses_send_the_message_once(desk: Place) -> None:
    refusal = await refused(desk, "One more thing")
    first, second = await wizard_under(desk, refusal), await wizard_under(desk, refusal)
    assert to_customer(await open_now(desk, first)) == ["One more thing"]
    assert to_customer(await open_now(desk, second)) == []
    assert to_customer(await open_now(desk, first)) == []


async def test_a_message_left_out_of_the_wizard_can_still_be_sent_later(desk: Place) -> None:
    refusal = await refused(desk, "One more thing")
    wizard = await wizard_under(desk, refusal)
    form = wizard.data("form:").rsplit(":", 1)[0]
    await desk.press(wizard, f"{form}:without")
    assert "One more thing" not in desk.gateway.window
    assert to_customer(await open_now(desk, wizard)) == []
    (offer,) = await desk.press(refusal, refusal.data("form:"))
    assert to_customer(await desk.press(offer, "form:")) == ["One more thing"]


async def test_a_cancelled_wizard_keeps_the_refused_messages(desk: Place) -> None:
    refusal = await refused(desk, "One more thing")
    wizard = await wizard_under(desk, refusal)
    await desk.press(wizard, wizard.data("form:").rsplit(":", 1)[0] + ":cancel")
    assert to_customer(await desk.press(refusal, "form:")) == ["One more thing"]


@pytest.mark.parametrize("desk", ["group topic"], indirect=True)
async def test_a_colleague_who_opens_the_dialog_does_not_send_another_managers_message(desk: Place) -> None:
    refusal = await refused(desk, "One more thing")
    said = await open_now(desk, await wizard_under(desk, refusal, IVAN), IVAN)
    assert to_customer(said) == []
    (offer,) = await desk.press(refusal, "form:")
    assert to_customer(await desk.press(offer, "form:")) == ["One more thing"]


async def test_a_line_is_still_sent_if_the_dialog_was_opened_elsewhere(desk: Place) -> None:
    refusal = await refused(desk, "One more thing")
    opened = await open_by_api(desk)
    await desk.heard()
    (offer,) = await desk.press(refusal, "form:")
    assert any(
        button == f"form:{refusal.data('form:').split(':')[1]}:in:{opened}" for button in offer.offered
    )
    assert to_customer(await desk.press(offer, "form:")) == ["One more thing"]
    assert to_customer(await desk.press(offer, "form:")) == []


async def test_a_message_refused_yesterday_is_not_sent_by_todays_dialog(
    desk: Place, clock: ManualClock
) -> None:
    await refused(desk, "Old words")
    clock.advance(2 * 3600)
    wizard = await wizard_under(desk, await refused(desk, "New words"))
    assert to_customer(await open_now(desk, wizard)) == ["New words"]


@pytest.mark.parametrize("desk", ["group topic"], indirect=True)
async def test_a_manager_who_may_no_longer_reply_opens_the_dialog_without_the_message(desk: Place) -> None:
    await desk.line("One more thing", IVAN)
    (refusal,) = await desk.heard("text")
    wizard = await wizard_under(desk, refusal, IVAN)
    ivan = await desk.store.read(lambda tx: managers.by_telegram_id(tx, IVAN))
    await desk.store.act(change_manager, acting=None, manager_id=ivan.id, changes={"role": "restricted"})
    assert to_customer(await open_now(desk, wizard, IVAN)) == []
    assert desk.gateway.window.splitlines()[-1] == "✔ Created."


async def test_a_line_taken_as_the_title_can_still_go_out(desk: Place) -> None:
    await wizard_under(desk, await refused(desk, "One more thing"))
    await desk.line("Thanks, Anna!")
    (line,) = await desk.heard("text")
    (refusal,) = await desk.press(line, "form:")
    assert any(data.startswith("form:") for data in refusal.offered), "its words have no other way out"
    said = await open_now(desk, await wizard_under(desk, refusal))
    assert to_customer(said) == ["One more thing", "Thanks, Anna!"]


def offers(said: list[Said]) -> list[Said]:
    return [one for one in said if one.text.startswith("💬 Not sent yet")]


async def test_open_with_a_title_sends_nothing_and_offers_each(desk: Place, clock: ManualClock) -> None:
    """The new dialog may be about something else than the refused messages."""
    await refused(desk, "First")
    await refused(desk, "Second")
    clock.advance(1500)
    await desk.line("/open Other")
    said = await desk.heard()
    assert to_customer(said) == []
    first, second = offers(said)
    assert first.text == "💬 Not sent yet: “First”" and second.text == "💬 Not sent yet: “Second”"
    assert to_customer(await desk.press(second, second.data("form:"))) == ["Second"]
    assert to_customer(await desk.press(second, second.data("form:"))) == []
    await desk.press(first, next(data for data in first.offered if data.endswith(":drop")))
    assert to_customer(await desk.press(first, first.data("form:"))) == []


async def test_the_wizard_of_a_new_message_sends_nothing_that_was_refused_before(desk: Place) -> None:
    """Refused in the closed dialog, and then the customer wrote about something else."""
    refusal = await refused(desk, "About the old matter")
    await wrote(desk.store, words("Something else", 98))
    card = next(one for one in await desk.heard() if one.data_or_none("card.open"))
    (wizard,) = await desk.press(card, "card.open")
    assert "About the old matter" not in wizard.text
    said = await open_now(desk, wizard)
    assert to_customer(said) == []
    (offer,) = offers(said)
    assert to_customer(await desk.press(offer, offer.data("form:"))) == ["About the old matter"]
    assert to_customer(await desk.press(refusal, "form:")) == []


async def test_the_newest_five_are_offered(desk: Place) -> None:
    for number in range(7):
        await refused(desk, f"Line {number}")
    await desk.line("/open Other")
    assert [one.text[-7:-1] for one in offers(await desk.heard())] == [
        f"Line {number}" for number in range(2, 7)
    ]


async def test_open_does_not_take_a_colleagues_message(store_url: str, clock: ManualClock) -> None:
    async with desk_at("group topic", store_url, clock) as desk:
        await desk.close()
        await refused(desk, "Mine")
        await desk.line("/open Ours", IVAN)
        said = await desk.heard()
        assert to_customer(said) == [] and offers(said) == []


async def test_if_the_customer_continues_in_another_dialog_only_that_one_is_offered(desk: Place) -> None:
    active = await open_by_api(desk)
    await desk.heard()
    refusal = await refused(desk, "One more thing")
    assert (
        refusal.text
        == f"Dialog #{desk.dialog.id} is closed; this customer’s active one is #{active} “Again”."
    )
    assert not [data for data in refusal.offered if data.startswith("dlg.new")]
    assert len(refusal.offered) == 2
    assert to_customer(await desk.press(refusal, "form:")) == ["One more thing"]


async def test_a_resume_does_not_repeat_messages_written_here_during_the_pause(
    open_desk: Place,
) -> None:
    """It was sent outside the dialog. A colleague who works elsewhere is shown it."""
    desk = open_desk
    await desk.says(f"/take {desk.dialog.id}", IVAN)
    await desk.line("/pause")
    await desk.heard()
    refusal = await refused(desk, "While it is paused")
    assert to_customer(await desk.press(refusal, refusal.data("form:"))) == ["While it is paused"]
    await wrote(desk.store, words("Thank you", 99))
    await desk.heard()
    await desk.line("/resume")
    mirrors = [one for one in await desk.heard("mirror") if "While it is paused" in one.text]
    shown = [one.call.params["chat_id"] for one in mirrors]
    assert shown == ([IVAN] if desk.mode == "private topic" else [])
