"""Tag rules tag closed dialogs; people's corrections are counted (K-07, K-16)."""

from time import monotonic
from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.message import Content
from tests.web.conftest import ANNA, Api, error_of


async def rule(api: Api, tag: str, *any_of: str, **more: Any) -> Any:
    return await api.post("/tag-rules", {"tag": tag, "any_of": list(any_of), **more}, status=201)


async def tags(api: Api, *names: str) -> None:
    for name in names:
        await api.post("/lists/tags", {"name": name}, status=201)


async def closed(api: Api, words: str, *, title: str = "Question") -> Any:
    dialog = await api.open(title)
    content = Content(kind="text", text=words, chat_id=ANNA.telegram_id, tg_message_id=dialog["id"])
    await api.store.act(receive_customer_message, sender=ANNA, content=content)
    return await api.move(dialog, "close", send_rating_form=False)


@pytest.mark.row("K-07")
async def test_a_closed_dialog_gets_the_tags_that_match_its_messages(api: Api) -> None:
    await tags(api, "refund", "delivery", "order tracking")
    await rule(api, "refund", "money back", "возврат")
    await rule(api, "delivery", "parcel")
    await rule(api, "order tracking", regex=r"\bINV-\d{4}\b")
    dialog = await closed(api, "Хочу ВОЗВРАТА за inv-2231")
    assert dialog["tags"] == ["order tracking", "refund"]
    (item,) = (await api.get(f"/customers/{api.anna.id}/overview"))["items"]
    assert item["tags"] == [{"name": "order tracking", "by": "rule"}, {"name": "refund", "by": "rule"}]
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    assert [entry["kind"] for entry in entries][-2:] == ["dialog_closed", "dialog_changed"]
    assert entries[-1]["actor"] == {"kind": "rule", "name": "tags"}
    assert entries[-1]["data"]["tags"] == [[], ["order tracking", "refund"]]


@pytest.mark.parametrize(
    ("words", "fits"), [("my parcels", True), ("a subparcel", False), ("par cel", False)]
)
async def test_a_keyword_matches_at_the_beginning_of_a_word(api: Api, words: str, fits: bool) -> None:
    await tags(api, "delivery")
    await rule(api, "delivery", "parcel")
    assert (await closed(api, words))["tags"] == (["delivery"] if fits else [])


@pytest.mark.row("K-16")
async def test_a_tag_that_a_person_removes_is_counted_and_in_the_history(api: Api) -> None:
    await tags(api, "refund", "vip")
    added = await rule(api, "refund", "refund")
    dialog = await closed(api, "refund please")
    body = {"manager_telegram_id": api.maria.telegram_id, "tags": ["vip"]}
    assert (await api.call("PATCH", f"/dialogs/{dialog['id']}", body)).json()["tags"] == ["vip"]
    assert (await api.get("/tag-rules"))["items"] == [{**added, "corrected": 1}]
    last = (await api.get(f"/dialogs/{dialog['id']}/history", order="newest"))["items"][0]
    assert (last["actor"]["name"], last["data"]["tags"]) == ("Maria", [["refund"], ["vip"]])
    assert (await api.call("PATCH", f"/dialogs/{dialog['id']}", {**body, "tags": []})).json()["tags"] == []
    assert (await api.get("/tag-rules"))["items"][0]["corrected"] == 1


async def test_a_tag_that_a_manager_put_there_stays_the_manager_s(api: Api) -> None:
    await tags(api, "refund")
    await rule(api, "refund", "refund")
    dialog = await api.open("refund")
    body = {"manager_telegram_id": api.maria.telegram_id, "tags": ["refund"]}
    await api.call("PATCH", f"/dialogs/{dialog['id']}", body)
    await api.move(dialog, "close", send_rating_form=False)
    (item,) = (await api.get(f"/customers/{api.anna.id}/overview"))["items"]
    assert item["tags"] == [{"name": "refund", "by": "manager"}]


async def test_a_tag_change_of_a_rule_does_not_count_as_a_persons(api: Api) -> None:
    await tags(api, "refund", "vip")
    added = await rule(api, "refund", "refund")
    dialog = await closed(api, "refund please")
    on_change = {"name": "Sort", "on": "dialog_changed", "if": {"tag": "refund"}}
    steps = [{"add_tags": ["vip"]}, {"remove_tags": ["refund"]}]
    await api.post("/rules", {**on_change, "then": steps}, status=201)
    body = {"manager_telegram_id": api.maria.telegram_id, "tags": ["refund", "delivery"]}
    await tags(api, "delivery")
    changed = await api.call("PATCH", f"/dialogs/{dialog['id']}", body)
    assert changed.status_code == 200, changed.text
    (item,) = (await api.get(f"/customers/{api.anna.id}/overview"))["items"]
    assert item["tags"] == [{"name": "delivery", "by": "manager"}, {"name": "vip", "by": "rule"}]
    assert (await api.get("/tag-rules"))["items"] == [added]


async def test_a_deleted_tag_is_no_longer_set_by_rules(api: Api) -> None:
    refund = await api.post("/lists/tags", {"name": "refund"}, status=201)
    await rule(api, "refund", "money back")
    assert (await api.call("DELETE", f"/lists/tags/{refund['id']}")).status_code == 200
    assert (await closed(api, "money back please"))["tags"] == []


async def test_rules_are_listed_replaced_and_deleted(api: Api) -> None:
    await tags(api, "refund", "delivery")
    added = await rule(api, "Refund", "money", "money", regex="back$")
    assert added == {
        "id": added["id"],
        "tag": "refund",
        "any_of": ["money"],
        "regex": "back$",
        "enabled": True,
        "corrected": 0,
    }
    body = {"tag": "delivery", "any_of": ["parcel"]}
    changed = await api.call("PUT", f"/tag-rules/{added['id']}", body)
    assert changed.json() == {**added, "tag": "delivery", "any_of": ["parcel"], "regex": None}
    assert (await closed(api, "money back"))["tags"] == []
    assert (await api.call("DELETE", f"/tag-rules/{added['id']}")).status_code == 200
    assert (await api.get("/tag-rules"))["items"] == []
    error_of(await api.call("PUT", f"/tag-rules/{added['id']}", body), 404, "not_found")
    error_of(await api.as_("desk").call("POST", "/tag-rules", body), 403, "not_allowed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tag": "nobody's", "any_of": ["x"]}, "tag"),
        ({"tag": "refund"}, "any_of"),
        ({"tag": "refund", "any_of": ["!?"]}, "any_of"),
        ({"tag": "refund", "any_of": ["x" * 101]}, "any_of"),
        ({"tag": "refund", "any_of": ["x"] * 51}, "any_of"),
        ({"tag": "refund", "regex": "("}, "regex"),
        ({"tag": "refund", "regex": "x" * 501}, "regex"),
        ({"tag": "refund", "regex": "(a+)+$"}, "regex"),
        ({"tag": "refund", "regex": r"\p{L}{99999999}"}, "regex"),
        ({"tag": "refund", "regex": "((a{99}[bc]){99}){99}"}, "regex"),
    ],
)
async def test_a_wrong_rule_is_refused_in_a_sentence(api: Api, body: Any, field: str) -> None:
    await tags(api, "refund")
    error = error_of(await api.call("POST", "/tag-rules", body), 400, "bad_input")
    assert error["object"]["name"] == field
    assert (await api.get("/tag-rules"))["items"] == []


async def test_an_expression_that_takes_too_long_does_not_delay_a_close(api: Api) -> None:
    await tags(api, "refund", "delivery")
    await rule(api, "refund", regex="x(y+)+z$")
    await rule(api, "delivery", "parcel")
    began = monotonic()
    dialog = await closed(api, f"parcel x{'y' * 3000} z")
    assert monotonic() - began < 5
    assert dialog["tags"] == ["delivery"]
