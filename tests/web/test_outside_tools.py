"""What the author of an outside tool reads: filters that are refused, reasons, and what to write instead."""

from typing import Any

import pytest

from holdline.desk.customers import customers
from holdline.desk.delivery.settle import settle_all
from holdline.desk.delivery.start import SendOptions, start_calls
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Refused, Sent
from tests.web.conftest import ANNA, Api, error_of


async def refusal(api: Api, path: str, language: str = "en") -> Any:
    answer = await api.call("GET", path, headers={"Accept-Language": language})
    return error_of(answer, 400, "bad_input")


async def test_a_misspelt_filter_is_refused_by_its_name(api: Api) -> None:
    await api.open()
    for path, name in (
        ("/dialogs?status=active", "status"),
        ("/customers?telegramid=1", "telegramid"),
        ("/reports/dialogs.csv?form=2026-01-01", "form"),
        ("/dialogs/1?verbose=1", "verbose"),
        ("/dialogs?limit=1&limit=2", "limit"),
    ):
        assert (await refusal(api, path))["object"]["name"] == name
    assert "assignee, channel, cursor, limit" in (await refusal(api, "/dialogs?status=active"))["message"]
    sent = await api.call("POST", "/outbound?dry_run=true", api.ad())
    assert error_of(sent, 400, "bad_input")["object"]["name"] == "dry_run"
    assert (await api.get(f"/customers/{api.anna.id}/gate"))["held"] == 0


async def test_a_customer_who_unsubscribed_is_marked(api: Api) -> None:
    await api.store.act(customers.stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    (anna,) = (await api.get("/customers", telegram_id=ANNA.telegram_id))["items"]
    assert anna["opted_out"]


@pytest.mark.parametrize("blank", ["\u200b", "\u200b\u200d \n", "\u2800", "\u3164"])
async def test_a_text_of_invisible_characters_counts_as_empty(api: Api, blank: str) -> None:
    answer = await api.call("POST", "/outbound", api.ad(text=blank))
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "text"
    buttons = [[{"text": blank, "data": "x"}]]
    answer = await api.call("POST", "/outbound", api.ad(buttons=buttons))
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "buttons.0.0.text"
    await api.post("/outbound", api.ad(text="👩\u200d🚒"), status=202)


async def sent_with(api: Api, *outcomes: Refused | Sent) -> None:
    """The customer's next calls end so."""
    terms = SendOptions(epoch=1, holder="test", render=lambda tx, item: Call("sendMessage", {"text": "x"}))
    for outcome in outcomes:
        (begun,) = await api.store.act(start_calls, limit=1, options=terms)
        assert await api.store.act(settle_all, [(begun, outcome)]) == [True]


async def test_the_status_of_a_message_gives_the_reason(api: Api) -> None:
    buttons = [[{"text": "Shop", "url": "https://shop.test/"}]]
    plain = await api.post("/outbound", api.ad(buttons=buttons), status=202)
    refused = Refused(400, "Bad Request: BUTTON_URL_INVALID", Action.NO_BUTTONS)
    await sent_with(api, refused)
    found = await api.get(f"/outbound/{plain['id']}")
    assert (found["buttons_left_out"], found["reason"]) == (True, refused.description)
    old = await api.post("/outbound", api.ad(collapse_key="sale"), status=202)
    new = await api.post("/outbound", api.ad(collapse_key="sale"), status=202)
    assert (await api.get(f"/outbound/{old['id']}"))["reason"] == "superseded"
    await api.store.act(customers.stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    found = await api.get(f"/outbound/{new['id']}")
    assert (found["status"], found["reason"]) == ("cancelled", "opted_out")


@pytest.mark.parametrize("wrote_before", [False, True])
async def test_a_colleague_cannot_be_used_as_a_test_customer(api: Api, wrote_before: bool) -> None:
    if wrote_before:
        maria = MessageSender(api.maria.telegram_id, "Maria")
        await api.store.act(customers.get_or_create_customer, sender=maria)
    body = {**api.ad(), "customer": {"telegram_id": api.maria.telegram_id}}
    error = error_of(await api.call("POST", "/outbound", body), 404, "not_found")
    assert "belongs to this desk" in error["message"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/reports/dialogs.csv?to=9999-12-31", "between 1970 and 9997"),
        ("/reports/dialogs.csv?from=2026-02-30", "There is no such day"),
        ("/reports/dialogs.csv?from=2026-01-01T00:00:00+03:00", "%2B"),
        ("/customers?cursor=n1", "`next` of the previous page"),
    ],
)
async def test_a_wrong_value_is_refused_with_what_is_allowed(api: Api, path: str, says: str) -> None:
    assert says in (await refusal(api, path))["message"]


async def test_a_wrong_link_is_explained(api: Api) -> None:
    for link in ("example.org", "mailto:a@b.test", "ftp://x.test/", "https://x.test/a b"):
        wrong = [[{"text": "Open", "url": link}]]
        error = error_of(await api.call("POST", "/outbound", api.ad(buttons=wrong)), 400, "bad_input")
        assert "full host name" in error["message"]
    await api.post("/outbound", api.ad(buttons=[[{"text": "Open", "url": "HTTPS://x.test"}]]), status=202)


@pytest.mark.parametrize(
    ("wanted", "begins"),
    [
        ("en;q=0.1, pl;q=0.9", "Nie ma tu"),
        ("de, ru;q=0.5", "Параметра"),
        ("de", "There is"),
        ("pl;q=x, en", "There is"),
        ("", "There is"),
    ],
)
async def test_the_most_preferred_language_is_used(api: Api, wanted: str, begins: str) -> None:
    assert (await refusal(api, "/dialogs?status=active", wanted))["message"].startswith(begins)


async def test_choices_are_listed_in_the_callers_language(api: Api) -> None:
    answer = await api.call("POST", "/outbound", api.ad("news"), headers={"Accept-Language": "ru"})
    assert " or " not in error_of(answer, 400, "bad_input")["message"]


@pytest.mark.parametrize(("reach", "says"), [("blocked", "come back"), ("deactivated", "has been deleted")])
async def test_a_customer_who_cannot_be_reached_is_refused_with_what_to_do(
    api: Api, reach: str, says: str
) -> None:
    await api.store.act(
        lambda tx: tx.run(
            "UPDATE chats SET reach = :reach WHERE customer_id = :id", reach=reach, id=api.anna.id
        )
    )
    error = error_of(await api.call("POST", "/outbound", api.ad()), 409, "unreachable")
    assert says in error["message"]
