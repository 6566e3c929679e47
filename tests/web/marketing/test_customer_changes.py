"""PATCH /customers/{id}: the values that outside tools store about a customer, and their consent."""

from typing import Any

import pytest

from tests.web.conftest import Api, error_of

KEPT = ("tags", "timezone", "language", "opt_out", "topics", "fields")


async def change(api: Api, **changes: Any) -> Any:
    answer = await api.call("PATCH", f"/customers/{api.anna.id}", changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def kinds(api: Api) -> list[str]:
    items = (await api.get(f"/customers/{api.anna.id}/history"))["items"]
    return [item["kind"] for item in items]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"tags": [" vip ", "new", "vip"]}, {"tags": ["new", "vip"]}),
        ({"timezone": "Asia/Tokyo"}, {"timezone": "Asia/Tokyo"}),
        ({"language": "pl"}, {"language": "pl"}),
        ({"opt_out": True}, {"opt_out": True, "opted_out": True}),
        ({"topics": {"news": False, "sale": True}}, {"topics": {"news": False, "sale": True}}),
        (
            {"fields": {"city": " Łódź ", "age": 7, "pet": True}},
            {"fields": {"city": "Łódź", "age": 7, "pet": True}},
        ),
        ({}, {"tags": [], "timezone": None, "topics": {}, "fields": {}, "opt_out": False}),
    ],
)
async def test_given_values_change_and_are_shown(api: Api, changes: Any, shown: Any) -> None:
    before = await api.get(f"/customers/{api.anna.id}")
    for key in ("send", "desk"):
        after = await change(api.as_(key), **changes)
        assert {name: after[name] for name in shown} == shown
        rest = set(KEPT) - set(changes)
        assert {name: after[name] for name in rest} == {name: before[name] for name in rest}
    assert await api.get(f"/customers/{api.anna.id}") == after
    assert (await api.get("/customers", telegram_id=api.anna.telegram_id))["items"] == [after]


async def test_values_not_given_are_kept_and_null_clears(api: Api) -> None:
    await change(api, timezone="Asia/Tokyo", fields={"city": "Łódź", "age": 7})
    assert (await change(api, fields={"age": None, "pet": "cat"}))["fields"] == {"city": "Łódź", "pet": "cat"}
    assert (await change(api, timezone=None))["timezone"] is None
    assert (await change(api, fields={"city": " "}))["fields"] == {"pet": "cat"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"language": "de"}, "language"),
        ({"tags": ["x" * 65]}, "tags"),
        ({"tags": [" "]}, "tags"),
        ({"tags": ["ok", 5]}, "tags.1"),
        ({"topics": {" ": True}}, "topics"),
        ({"topics": {"news": "no"}}, "topics.news"),
        ({"opt_out": 1}, "opt_out"),
        ({"fields": {"cart": ["a"]}}, "fields.cart"),
        ({"fields": {"city": "x" * 1001}}, "fields.city"),
        ({"fields": {f"f{n}": 1 for n in range(101)}}, "fields"),
        ({"name": "Eve"}, "name"),
    ],
)
async def test_an_invalid_value_names_its_field_and_changes_nothing(
    api: Api, changes: Any, field: str
) -> None:
    before = await api.get(f"/customers/{api.anna.id}")
    answer = await api.call("PATCH", f"/customers/{api.anna.id}", {"tags": ["new"], **changes})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == field
    assert await api.get(f"/customers/{api.anna.id}") == before
    error_of(await api.call("PATCH", "/customers/999999", {"opt_out": True}), 404, "not_found")


async def test_history_names_the_key_and_an_unchanged_value_adds_no_entry(api: Api) -> None:
    for _ in range(2):
        await change(api.as_("send"), tags=["vip"], topics={"news": False}, opt_out=True)
    items = (await api.get(f"/customers/{api.anna.id}/history"))["items"]
    assert [item["kind"] for item in items] == ["customer_changed", "topic_stopped", "marketing_stopped"]
    assert {(item["actor"]["kind"], item["actor"]["name"]) for item in items} == {("system", "send")}
    assert items[0]["data"] == {"tags": [[], ["vip"]]}
    assert items[1]["data"] == {"topic": "news", "how": "api"}


@pytest.mark.row("M-09")
async def test_opting_out_cancels_held_messages_and_can_be_undone(api: Api) -> None:
    await api.open()
    held = await api.post("/outbound", api.ad(), status=202)
    await change(api, opt_out=True)
    assert (await api.get(f"/outbound/{held['id']}"))["status"] == "cancelled"
    error_of(await api.call("POST", "/outbound", api.ad()), 409, "opted_out")
    await change(api, opt_out=False)
    assert (await api.post("/outbound", api.ad(), status=202))["status"] == "held"
    assert (await api.get(f"/outbound/{held['id']}"))["status"] == "cancelled"
    assert (await kinds(api))[-2:] == ["marketing_stopped", "marketing_resumed"]


@pytest.mark.row("M-09")
async def test_the_list_of_consents_shows_who_gave_each_and_how(api: Api) -> None:
    path = f"/customers/{api.anna.id}/consents"
    await change(api.as_("send"), topics={"news": False}, opt_out=True)
    await change(api.as_("send"), opt_out=False)
    items = (await api.as_("read").get(path))["items"]
    told = [(item["topic"], item["given"], item["how"], item["actor"]["name"]) for item in items]
    assert told == [("news", False, "api", "send"), (None, False, "api", "send"), (None, True, "api", "send")]
    newest = await api.get(path, order="newest", limit=2)
    assert [item["id"] for item in newest["items"]] == [items[2]["id"], items[1]["id"]]
    assert (await api.get(path, cursor=newest["next"]))["items"] == items[:1]
    error_of(await api.call("GET", "/customers/999999/consents"), 404, "not_found")


async def test_a_message_of_a_stopped_topic_is_refused_by_its_name(api: Api) -> None:
    await change(api, topics={"news": False})
    error = error_of(await api.call("POST", "/outbound", api.ad(topic=" news ")), 409, "opted_out")
    assert error["object"] == {"type": "topic", "name": "news"} and "news" in error["message"]
    assert (await api.post("/outbound", api.ad(topic="sale"), status=202))["status"] == "queued"
    bad = await api.call("POST", "/outbound", api.ad(topic="x" * 65))
    assert error_of(bad, 400, "bad_input")["object"]["name"] == "topic"
