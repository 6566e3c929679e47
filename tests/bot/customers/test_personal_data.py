"""🔐 on a customer's card: an administrator has the export sent to their own chat in two taps."""

from io import BytesIO
from zipfile import ZipFile

from holdline.scheduler.made_files import attach_file
from holdline.store.dialogs import history
from tests.bot.desk_kit import Staff
from tests.bot.lists_kit import captions_of
from tests.bot.staging import ADMIN, customer


async def test_two_taps_send_the_export_to_the_administrators_own_chat(staff: Staff) -> None:
    person = await staff.store.read(customer)
    await staff.presses(f"card.dialogs:{person.id}")
    card = await staff.answer()
    assert "🔐 Personal data" in captions_of(card.call.params)
    await staff.presses(card.data("card.person"), on=card.number)
    window = await staff.answer()
    assert "Read it before you give it to the customer" in window.text
    await staff.presses(window.data(f"card.export:{person.id}:0"), on=window.number)
    assert "own chat" in staff.gateway.toast
    (sent,) = await staff.heard()
    assert (sent.call.method, sent.call.params["chat_id"]) == ("sendDocument", ADMIN)
    name, content = (await attach_file(staff.store, sent.call)).files["document"]
    assert name == f"customer-{person.id}.zip"
    assert "conversation.html" in ZipFile(BytesIO(content)).namelist()
    rows = await staff.store.read(lambda tx: history.page(tx, customer_id=person.id))
    assert (rows[-1]["kind"], rows[-1]["actor_name"], rows[-1]["data_json"]) == (
        "customer_exported",
        "Maria",
        {"notes": False},
    )
