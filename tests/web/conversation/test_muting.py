"""Muting a customer, as an outside program does it."""

from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from tests.web.conftest import Api, error_of


def by(api: Api, **more: Any) -> dict[str, Any]:
    return {"manager_telegram_id": api.maria.telegram_id, **more}


async def write(api: Api, text: str) -> None:
    sender = MessageSender(telegram_id=api.anna.telegram_id, name=api.anna.name)
    await api.store.act(receive_customer_message, sender=sender, content=Content(text=text))


async def test_messages_of_a_muted_customer_are_kept_and_not_shown(api: Api) -> None:
    path = f"/customers/{api.anna.id}"
    muted = await api.post(f"{path}/mute", by(api, reason="Spam", by={"days": 2}))
    assert muted["muted"]["reason"] == "Spam" and muted["muted"]["until"] > muted["muted"]["at"]
    await write(api, "Buy my boots")
    assert (await api.get("/inbox"))["items"] == []
    assert [m["text"] for m in (await api.get(f"{path}/messages"))["items"]] == ["Buy my boots"]
    assert (await api.get(path))["muted"] == muted["muted"]
    (entry,) = (await api.get(f"{path}/history", kind="customer_muted"))["items"]
    assert (entry["text"], entry["actor"]["name"], entry["data"]["until"] is None) == ("Spam", "Maria", False)


async def test_a_customer_stays_muted_until_unmuted(api: Api) -> None:
    path = f"/customers/{api.anna.id}"
    assert (await api.post(f"{path}/mute", by(api, reason="Spam")))["muted"]["until"] is None
    await api.post(f"{path}/mute", by(api, reason="Spam"))
    assert "muted" not in await api.post(f"{path}/unmute", by(api))
    assert "muted" not in await api.post(f"{path}/unmute", by(api))
    kinds = [entry["kind"] for entry in (await api.get(f"{path}/history"))["items"]]
    assert kinds == ["customer_muted", "customer_unmuted"], "the same once more is no line"
    await write(api, "Hello")
    assert len((await api.get("/inbox"))["items"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {}, {"reason": "x", "by": {"days": 0}}, {"reason": "x", "by": {"days": 1, "hours": 1}},
     {"reason": "x", "until": "2020-01-01T00:00:00Z"}, {"reason": "x", "until": "soon"}],
)  # fmt: skip
async def test_an_invalid_mute_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    answer = await api.call("POST", f"/customers/{api.anna.id}/mute", by(api, **wrong))
    error_of(answer, 400, "bad_input")
    assert "muted" not in await api.get(f"/customers/{api.anna.id}")


async def test_a_customer_with_an_active_dialog_cannot_be_muted(api: Api) -> None:
    dialog = await api.open()
    answer = await api.call("POST", f"/customers/{dialog['customer_id']}/mute", by(api, reason="Spam"))
    error_of(answer, 409, "active_dialog_exists")


async def test_a_stranger_may_not_mute(api: Api) -> None:
    answer = await api.call(
        "POST", f"/customers/{api.anna.id}/mute", {"manager_telegram_id": 1, "reason": "x"}
    )
    assert answer.status_code in (403, 404)
    missing = await api.call("POST", "/customers/999999/mute", by(api, reason="x"))
    error_of(missing, 404, "not_found")
