"""A dialog goes to people outside the desk and inside it, and stays as it is."""

from typing import Any

import pytest

from holdline.desk.dialogs.forwards import settle_forwards
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.mail_loop import MailLoop
from holdline.scheduler.smtp import MailServer as Server
from holdline.store.people import managers
from holdline.texts import say
from tests.mail_server import MailServer, mail_server
from tests.web.conftest import Api, error_of

DESK = "desk@example.org"
LEGAL = "legal@example.org"


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(mail_from=DESK)


async def forward(api: Api, dialog: Any, to: list[Any], **more: Any) -> Any:
    body = {
        "manager_telegram_id": api.maria.telegram_id,
        "to": to,
        "subject": "Lost parcel",
        "message": "Please look at this.",
        "parts": ["info", "history", "notes"],
        **more,
    }
    return await api.call("POST", f"/dialogs/{dialog['id']}/forward", body)


async def a_talk(api: Api) -> Any:
    """A dialog with a reply and a note in it."""
    dialog = await api.open()
    by = {"manager_telegram_id": api.maria.telegram_id}
    await api.post(f"/dialogs/{dialog['id']}/messages", {**by, "text": "We look for it"}, status=201)
    await api.post(f"/dialogs/{dialog['id']}/notes", {**by, "text": "She is angry"}, status=201)
    return dialog


async def send_letters(api: Api, server: MailServer) -> None:
    await MailLoop(api.store, Server(server.url, DESK)).tick()
    await api.store.act(settle_forwards)


async def said_to(api: Api, telegram_id: int) -> list[str]:
    rows = await api.store.read(
        lambda tx: tx.all("SELECT payload_json FROM outbox WHERE key LIKE 'forward:%' AND chat_id = :id",
                          id=telegram_id)
    )  # fmt: skip
    return [row["payload_json"]["text"] for row in rows]


@pytest.mark.row("R-20", "R-22", "R-24", "C-36")
async def test_each_recipient_has_a_result_of_their_own(api: Api) -> None:
    dialog = await a_talk(api)
    gone = "gone@example.org"
    answer = await forward(api, dialog, [{"email": LEGAL}, {"email": gone}])
    assert answer.status_code == 202, answer.text
    made = answer.json()
    assert [(one["to"], one["status"]) for one in made["recipients"]] == [
        (LEGAL, "queued"),
        (gone, "queued"),
    ]
    async with mail_server() as server:
        server.refusals[gone] = "550 no such user"
        await send_letters(api, server)
    (letter,) = server.letters
    assert (letter["To"], letter["Subject"]) == (LEGAL, "Lost parcel")
    assert letter.get_content().startswith("Please look at this.")
    now = await api.get(f"/forwards/{made['id']}")
    sent, failed = now["recipients"]
    assert (sent["status"], failed["status"]) == ("sent", "failed")
    assert "no such user" in failed["reason"]
    (entry,) = [
        one
        for one in (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
        if one["kind"] == "dialog_forwarded"
    ]
    assert entry["text"] == "Lost parcel"
    assert {one["to"]: one["status"] for one in entry["data"]["recipients"]} == {
        LEGAL: "sent",
        gone: "failed",
    }
    assert await api.get(f"/dialogs/{dialog['id']}") == dialog | {
        name: (await api.get(f"/dialogs/{dialog['id']}"))[name]
        for name in ("stage", "changed_at", "last_message_at")
    }


@pytest.mark.row("R-23")
@pytest.mark.parametrize(
    ("parts", "there", "missing"),
    [
        (["info"], ["Anna", "Support"], ["We look for it", "She is angry"]),
        (["history"], ["We look for it"], ["She is angry", "Support"]),
        (["notes"], ["She is angry"], ["We look for it", "Support"]),
        ([], ["Please look at this."], ["We look for it", "She is angry", "Support"]),
    ],
)
async def test_only_the_chosen_parts_are_forwarded(
    api: Api, parts: list[str], there: list[str], missing: list[str]
) -> None:
    dialog = await a_talk(api)
    assert (await forward(api, dialog, [{"email": LEGAL}], parts=parts)).status_code == 202
    async with mail_server() as server:
        await send_letters(api, server)
    text = server.letters[0].get_content()
    assert [word for word in there if word not in text] == []
    assert [word for word in missing if word in text] == []


async def test_a_field_of_the_desk_may_be_named_like_one_of_ours(api: Api) -> None:
    for name in ("fields.foo", "forwarding.x", "fields.stage"):
        await api.post("/fields", {"name": name, "kind": "text"}, status=201)
    values = {"fields.foo": "bar", "forwarding.x": "y", "fields.stage": "their own"}
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "fields": values}
    assert (await api.call("PATCH", f"/dialogs/{dialog['id']}", body)).status_code == 200
    answer = await forward(api, dialog, [{"email": LEGAL}], parts=["info"])
    assert answer.status_code == 202, answer.text
    async with mail_server() as server:
        await send_letters(api, server)
    lines = server.letters[0].get_content().splitlines()
    stage = f"{say('fields.stage', 'en')}: {dialog['stage']}"
    assert {stage, *(f"{name}: {value}" for name, value in values.items())} <= set(lines)


async def test_a_boolean_field_is_forwarded_as_yes_or_no(api: Api) -> None:
    dialog = await api.open()
    for name in ("Insured", "Gift"):
        await api.post("/fields", {"name": name, "kind": "yes_no"}, status=201)
    await api.change(dialog, fields={"Insured": True, "Gift": False})
    assert (await forward(api, dialog, [{"email": LEGAL}], parts=["info"])).status_code == 202
    async with mail_server() as server:
        await send_letters(api, server)
    assert {"Insured: yes", "Gift: no"} <= set(server.letters[0].get_content().splitlines())


async def test_a_colleague_reads_stage_and_priority_in_their_own_language(api: Api) -> None:
    dialog = await api.open(priority="urgent")
    await api.store.act(lambda tx: managers.update(tx, api.ivan.id, language="ru"))
    await forward(api, dialog, [{"telegram_id": api.ivan.telegram_id}], parts=["info"])
    (text,) = await said_to(api, api.ivan.telegram_id)
    assert {"этап: Новый", "приоритет: срочный"} <= set(text.splitlines())


@pytest.mark.row("R-21")
async def test_colleagues_and_the_members_of_a_role_get_a_message_once(api: Api) -> None:
    dialog = await a_talk(api)
    vera = await api.store.act(managers.insert, telegram_id=400000080, name="Vera", role="agent")
    answer = await forward(api, dialog, [{"telegram_id": api.ivan.telegram_id}, {"role": "agent"}])
    assert answer.status_code == 202, answer.text
    assert [one["to"] for one in answer.json()["recipients"]] == [api.ivan.telegram_id, vera.telegram_id]
    for colleague in (api.ivan, vera):
        (text,) = await said_to(api, colleague.telegram_id)
        assert "Lost parcel" in text and "We look for it" in text and "She is angry" in text
    await api.store.act(
        lambda tx: tx.run("UPDATE outbox SET status = 'sent', settled_at = :at WHERE chat_id = :id",
                          at=tx.at, id=vera.telegram_id)
    )  # fmt: skip
    await api.store.act(settle_forwards)
    now = await api.get(f"/forwards/{answer.json()['id']}")
    assert [one["status"] for one in now["recipients"]] == ["queued", "sent"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to": []}, "to"),
        ({"to": [{}]}, "to"),
        ({"to": [{"email": "a@b.org", "role": "admin"}]}, "to"),
        ({"to": [{"email": "a@b.org\r\nBcc: c@d.org"}]}, "to"),
        ({"to": [{"email": "nobody"}]}, "to"),
        ({"to": [{"role": "boss"}]}, "to"),
        ({"to": [{"role": "admin"}]}, "to"),
        ({"subject": "Hello\r\nBcc: c@d.org"}, "subject"),
        ({"subject": "Hello\nworld"}, "subject"),
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"message": "x" * 5000}, "message"),
        ({"parts": ["secrets"]}, "parts.0"),
    ],
)
async def test_an_impossible_forward_is_refused_completely(
    api: Api, wrong: dict[str, Any], field: str
) -> None:
    dialog = await api.open()
    answer = await forward(api, dialog, **{"to": [{"email": LEGAL}], **wrong})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == field
    for table in ("forwards", "mails"):
        assert await api.store.read(lambda tx, t=table: tx.all(f"SELECT id FROM {t}")) == []


async def test_strangers_can_neither_send_nor_get_a_forward(api: Api) -> None:
    dialog = await api.open()
    error_of(await forward(api, dialog, [{"telegram_id": api.anna.telegram_id}]), 404, "not_found")
    error_of(await forward(api, {"id": 999}, [{"email": LEGAL}]), 404, "not_found")
    await api.store.act(managers.update, api.maria.id, permissions=[])
    error_of(await forward(api, dialog, [{"email": LEGAL}]), 403, "not_allowed")
    error_of(await api.call("GET", "/forwards/999"), 404, "not_found")


class TestWithoutMail:
    @pytest.fixture
    def rules(self) -> DeskRules:
        return DeskRules()

    async def test_an_address_is_refused_with_a_sentence(self, api: Api) -> None:
        dialog = await api.open()
        error = error_of(await forward(api, dialog, [{"email": LEGAL}]), 400, "bad_input")
        assert "[mail]" in error["message"]
