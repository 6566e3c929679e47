"""An administrator looks at what a restore holds, and releases or discards it with two taps."""

import pytest

from holdline.desk.restores.hold import current_hold, hold_restored
from holdline.scheduler.restores import carry_out
from holdline.store.engine import Store
from tests.bot.desk_kit import Said, Staff
from tests.bot.staging import ADMIN, IVAN, named, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """A customer's message and the opening of their dialog were waiting to be shown when the backup was made."""
    await group_desk.act(named, IVAN, "Ivan")
    await wrote(group_desk, words("Where is it?"))
    await opened(group_desk)
    await group_desk.act(hold_restored)
    return Staff(group_desk)


async def notice(staff: Staff) -> Said:
    (found,) = [said for said in await staff.heard("desk_notice") if "backup" in said.text]
    return found


async def put_on_hold_again(staff: Staff) -> None:
    """The kit sends everything that is queued, whatever its due time, and so also what is on hold."""
    await staff.store.act(
        lambda tx: tx.run(
            "UPDATE outbox SET status = 'queued', settled_at = NULL WHERE waits_for = 'restored'"
        )
    )


async def tap(staff: Staff, said: Said, data: str, person: int = ADMIN) -> None:
    await staff.presses(data, person, on=said.number)


async def test_the_notice_offers_to_look_release_and_discard(staff: Staff) -> None:
    told = await notice(staff)
    assert told.offered == ["restore", "restore.ask:release:all", "restore.ask:discard:all"]
    assert "Nothing" not in told.text and "None of it is sent until you decide" in told.text
    await put_on_hold_again(staff)
    await tap(staff, told, "restore")
    window = await staff.answer()
    assert "Cards and notices for the desk" in window.text


@pytest.mark.parametrize("verdict", ["release", "discard"])
async def test_two_taps_release_or_discard_a_restore(staff: Staff, verdict: str) -> None:
    told = await notice(staff)
    await tap(staff, told, f"restore.ask:{verdict}:all")
    assert f"restore!:{verdict}:all" in staff.gateway.offered
    assert await staff.store.read(current_hold) is not None, "the first tap only asks"
    await tap(staff, told, f"restore!:{verdict}:all")
    assert "Nothing is on hold any longer" in staff.gateway.window
    assert await carry_out(staff.store) > 0
    await tap(staff, told, f"restore!:{verdict}:all")
    assert "somebody has decided already" in staff.gateway.toast
    await tap(staff, told, f"restore.ask:{verdict}:all")
    assert "Nothing is on hold any longer" in staff.gateway.toast


async def test_releasing_a_restore_needs_the_permission(staff: Staff) -> None:
    told = await notice(staff)
    await tap(staff, told, "restore!:release:all", IVAN)
    assert await staff.store.read(current_hold) is not None
    assert staff.gateway.toast


async def test_a_forged_button_of_the_restore_window_does_nothing(staff: Staff) -> None:
    told = await notice(staff)
    await tap(staff, told, "restore!:explode:all")
    assert await staff.store.read(current_hold) is not None
