"""A private desk in which a manager has a dialog with Anna and one with Tom."""

from holdline.dialogs.customer import MessageSender
from holdline.dialogs.dialog import Dialog
from holdline.store.clock import ManualClock
from tests.bot.desk_kit import Staff
from tests.bot.staging import ANNA, opened, words, wrote

TOM = MessageSender(510000002, "Tom", "tom", "en")


async def two_dialogs(staff: Staff, clock: ManualClock) -> tuple[Dialog, Dialog]:
    """Both active, and nothing left to be sent."""
    for number, sender in enumerate((ANNA, TOM)):
        await wrote(staff.store, words("Hello", 71 + number), sender)
    made = await opened(staff.store, "Parcel"), await opened(staff.store, "Refund", TOM)
    await staff.heard()
    clock.advance(1)
    return made


async def enter_toms_dialog(staff: Staff, clock: ManualClock) -> tuple[Dialog, Dialog]:
    """Anna's and Tom's; the manager has entered Tom's."""
    anna, tom = await two_dialogs(staff, clock)
    await staff.says(f"/enter {tom.id}")
    await staff.heard()
    clock.advance(1)
    return anna, tom
