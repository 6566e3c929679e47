"""A customer whose values stand in nobody else's rows, left in every corner of a desk by real updates and requests."""

from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.dialogs.privacy.personal_values import forms_of_value
from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.people import customers
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.remains import columns_of, count_rows_with
from tests.web.conftest import Api

CANARY = MessageSender(telegram_id=512345678, name="Canary Żółtko", username="canary_bird", language="pl")
PHONE, EMAIL = "+48 555 123 987", "canary@birds.example"
WORD = "kanarekowy"
VALUES = ("512345678", "Canary", "Żółtko", "canary_bird", PHONE, EMAIL, WORD)
"""Found nowhere after an erasure."""


async def left_everywhere(api: Api) -> PersonIds:
    """The canary writes, edits, is answered, noted, drafted, forwarded, tagged, held, scheduled; a webhook tells it."""
    store = api.store
    raw = {"update_id": 900001, "message": {"chat": {"id": CANARY.telegram_id}, "text": f"{WORD} raw"}}
    await store.act(inbox.put, [update_from_value(raw)])
    await store.act(lambda tx: tx.run("UPDATE inbox SET state = 'done', done_at = :at", at=tx.at))
    for content in (
        Content(
            text=f"My {WORD} is ill, call {PHONE} or {EMAIL}", chat_id=CANARY.telegram_id, tg_message_id=71
        ),
        Content("photo", f"{WORD} photo", data={"file_id": "F-1", "file_name": f"{WORD}.jpg"}, album_id="a1"),
        Content("document", "", data={"file_id": "F-2", "file_name": f"{WORD}.pdf"}),
    ):
        await store.act(receive_customer_message, sender=CANARY, content=content)
    for words in ("changed", "changed again"):
        edit = Content(text=f"My {WORD} has {words}", chat_id=CANARY.telegram_id, tg_message_id=71)
        await store.act(apply_customer_edit, sender=CANARY, content=edit)
    person = await store.read(customers.by_telegram_id, CANARY.telegram_id)
    assert person is not None
    await api.as_("admin").post(
        "/webhooks",
        {"url": "https://tool.example/hook", "events": ["outbound.held", "dialog.state_changed"]},
        status=201,
    )
    by = {"manager_telegram_id": api.maria.telegram_id}
    path = f"/customers/{person.id}"
    for held in ("funnel", "broadcast"):
        body = {"customer": {"telegram_id": CANARY.telegram_id}, "class": held, "text": f"{WORD} {held}"}
        await api.post("/outbound", body, status=202, key=f"{WORD}-{held}")
    await api.call("PATCH", path, {"tags": [WORD], "fields": {"pet": WORD}, "timezone": "Europe/Warsaw"})
    dialog = await api.post(
        "/dialogs",
        {"customer_id": person.id, "title": f"Ill {WORD}", "type": "Support", **by},
        status=201,
    )
    at = f"/dialogs/{dialog['id']}"
    reply = await api.post(f"{at}/messages", {"text": f"We know the {WORD}", **by}, status=201)
    assert reply
    await api.post(f"{at}/notes", {"text": f"{WORD} note", **by}, status=201)
    restricted = {"manager_telegram_id": api.rita.telegram_id}
    await api.post(f"{at}/messages", {"text": f"{WORD} draft", **restricted}, status=201)
    await api.post(
        f"{at}/messages", {"text": f"{WORD} later", "at": "2026-06-01T00:00:00Z", **by}, status=201
    )
    await api.post(
        f"{at}/forward",
        {
            "to": [{"email": "vet@clinic.example"}, {"email": EMAIL}],
            "subject": "A bird",
            "message": f"{WORD} to the vet",
            "parts": ["info", "history", "notes"],
            **by,
        },
        status=202,
    )
    await api.change(dialog, description=f"{WORD} description")
    await api.client.post(
        f"http://desk.test/api/v1{at}/attachments",
        headers={"Authorization": f"Bearer {api.secret}"},
        data={"manager_telegram_id": str(api.maria.telegram_id)},
        files={"file": (f"{WORD}.txt", f"{WORD} content".encode(), "text/plain")},
    )
    return PersonIds(person.id, CANARY.telegram_id)


async def places_with(store: Store, values: tuple[str, ...] = VALUES) -> set[str]:
    """table.column of every place that holds one of the values."""
    forms = sorted({form for value in values for form in forms_of_value(value)})
    found = set()
    for table, column in await store.read(columns_of, is_sqlite=store.engine.name == "sqlite"):
        if await store.read(count_rows_with, table, column, forms):
            found.add(f"{table}.{column}")
    return found
