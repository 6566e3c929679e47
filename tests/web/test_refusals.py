"""Every refusal has one shape, names what is wrong and changes nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from holdline.store.engine import Store
from holdline.store.errors import DiskFull, StoreConflict, StoreUnavailable
from holdline.web.app import build_app
from tests.web.conftest import Api, client_of, error_of

JSON = {"Content-Type": "application/json"}


WRONG_FIELDS: list[Any] = [
    ({"name": "x", "role": "agent"}, "telegram_id"),
    ({"telegram_id": 1, "name": "x", "role": "boss"}, "role"),
    ({"telegram_id": "1", "name": "x", "role": "agent"}, "telegram_id"),
    ({"telegram_id": True, "name": "x", "role": "agent"}, "telegram_id"),
    ({"telegram_id": 1.5, "name": "x", "role": "agent"}, "telegram_id"),
    ({"telegram_id": 10**30, "name": "x", "role": "agent"}, "telegram_id"),
    ({"telegram_id": -1, "name": "x", "role": "agent"}, "telegram_id"),
    ({"telegram_id": None, "name": "x", "role": "agent"}, "telegram_id"),
    ({"telegram_id": 1, "name": ["x"], "role": "agent"}, "name"),
    ({"telegram_id": 1, "name": "", "role": "agent"}, "name"),
    ({"telegram_id": 1, "name": "x" * 1000, "role": "agent"}, "name"),
    ({"telegram_id": 1, "name": "a\x00b", "role": "agent"}, "name"),
    ({"telegram_id": 1, "name": "\ud800", "role": "agent"}, "name"),
    ({"telegram_id": 1, "name": "\u202e\u200f", "role": "agent"}, "name"),
    ({"telegram_id": 1, "name": "x", "role": "agent", "nmae": 1}, "nmae"),
    ([], "body"),
    ("text", "body"),
    (7, "body"),
    (None, "body"),
]


async def test_a_wrong_field_is_refused_by_its_name(api: Api) -> None:
    for body, field in WRONG_FIELDS:
        url = "http://desk.test/api/v1/managers"
        headers = {"Authorization": f"Bearer {api.secret}", **JSON}
        answer = await api.client.post(url, content=json.dumps(body).encode(), headers=headers)
        error = error_of(answer, 400, "bad_input")
        assert error["object"] == {"type": "field", "name": field}
        assert field in error["message"]
        assert [m["id"] for m in (await api.get("/managers"))["items"]] == [
            api.maria.id,
            api.ivan.id,
            api.rita.id,
        ]


BROKEN_JSON: list[Any] = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"telegram_id": NaN}',
    b'{"telegram_id": Infinity}',
    b'{"telegram_id": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    b'{"name":' + b"[" * 100 + b"]" * 100 + b"}",
    '{"name": "\u00e9"'.encode("utf-16"),
]


async def test_broken_json_is_refused_and_never_a_bug(api: Api) -> None:
    for raw in BROKEN_JSON:
        headers = {"Authorization": f"Bearer {api.secret}", **JSON}
        answer = await api.client.post("http://desk.test/api/v1/managers", content=raw, headers=headers)
        error_of(answer, 400, "bad_input")


async def test_a_body_of_another_type_is_refused_with_what_to_send(api: Api) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await api.call("POST", "/managers", {"name": "x"}, headers=headers)
    error = error_of(answer, 400, "bad_input")
    assert error["object"]["name"] == "Content-Type"
    assert "application/json" in error["message"]


async def test_a_huge_body_is_refused_without_being_read_to_its_end(api: Api) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(10_000):
            given += 1
            yield b" " * 65536

    headers = {"Authorization": f"Bearer {api.secret}", **JSON}
    answer = await api.client.post("http://desk.test/api/v1/outbound", content=endless(), headers=headers)
    error_of(answer, 413, "too_large")
    assert given < 10


async def test_an_unknown_path_and_a_wrong_method_have_the_same_shape(api: Api) -> None:
    for path in ("/nothing", "/dialogs/", "/tunnels", "http://desk.test/", "http://desk.test/api/v2/dialogs"):
        error_of(await api.call("GET", path), 404, "not_found")
    answer = await api.call("DELETE", "/dialogs")
    error_of(answer, 405, "wrong_method")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "POST"}


NOT_THERE: list[Any] = [
    ("/dialogs/999999", 404),
    ("/dialogs/0", 404),
    ("/dialogs/-5", 404),
    (f"/dialogs/{10**30}", 404),
    ("/dialogs/abc", 400),
    ("/dialogs/1.5", 400),
    ("/dialogs/999999/transcript", 404),
    ("/dialogs/999999/history", 404),
    ("/customers/999999/gate", 404),
    ("/customers/999999/history", 404),
    ("/customers/999999/transcript", 404),
    ("/customers/999999/messages", 404),
    ("/lists/nonsense", 400),
    ("/dialogs?state=open", 400),
    ("/dialogs?limit=0", 400),
    ("/dialogs?limit=201", 400),
    ("/dialogs?limit=x", 400),
    ("/dialogs?assignee=x", 400),
    ("/dialogs?tag=%00", 400),
    ("/customers?telegram_id=x", 400),
    ("/reports/dialogs.csv?from=yesterday", 400),
    ("/standard-messages/greeting?language=de", 400),
    ("/standard-messages/nonsense", 404),
]


async def test_unknown_ids_and_malformed_ids_are_distinguished(api: Api) -> None:
    for path, status in NOT_THERE:
        error_of(await api.call("GET", path), status, "not_found" if status == 404 else "bad_input")


async def test_an_unknown_object_is_named_with_its_id(api: Api) -> None:
    beyond = 99999999999999999999999
    for path, thing in (
        ("/dialogs/999", {"type": "dialog", "id": 999}),
        (f"/dialogs/{beyond}", {"type": "dialog", "id": beyond}),
        (f"/customers/{beyond}/gate", {"type": "customer", "id": beyond}),
        (f"/outbound/{beyond}", {"type": "outbound message", "id": beyond}),
        ("/outbound/-1", {"type": "outbound message", "id": -1}),
    ):
        error = error_of(await api.call("GET", path), 404, "not_found")
        assert error["object"] == thing
        assert "_id" not in error["message"]


async def test_refusals_are_in_the_caller_s_language(api: Api) -> None:
    said = set()
    for language in ("en-GB,en;q=0.9", "ru", "pl-PL", "de", ""):
        headers = {"Accept-Language": language}
        answer = await api.call("POST", "/managers", {"nmae": 1}, headers=headers)
        said.add(error_of(answer, 400, "bad_input")["message"])
        error_of(await api.as_("read").call("POST", "/managers", {}, headers=headers), 403, "not_allowed")
    assert len(said) == 3


class Broken:
    """A database that has gone away after the key was read; the wire, not our code, is what is faked."""

    def __init__(self, real: Any, error: Exception) -> None:
        self.real, self.error = real, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def write(self, work: Any) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (StoreUnavailable("words of SQLite"), "the database is not available right now"),
        (StoreConflict("words of SQLite"), "the database is not available right now"),
        (DiskFull("words of SQLite"), "the disk of the desk is full"),
    ],
)
async def test_an_unwritable_store_answers_503_and_reads_continue(
    api: Api, error: Exception, sentence: str
) -> None:
    real = api.store.engine
    api.store.engine = Broken(real, error)
    answer = await api.call("POST", "/outbound", api.ad())
    assert sentence in error_of(answer, 503, "unavailable")["message"]
    assert int(answer.headers["retry-after"]) > 0
    assert "words of SQLite" not in answer.text
    await api.get("/dialogs")
    assert (await api.call("GET", "http://desk.test/healthz")).status_code == 200
    ready = await api.call("GET", "http://desk.test/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    api.store.engine = real
    await api.post("/outbound", api.ad(), status=202)


async def test_a_closed_store_answers_503_at_every_route(api: Api) -> None:
    await api.store.close()
    for method, path in (("GET", "/dialogs"), ("POST", "/outbound")):
        error_of(await api.call(method, path, {} if method == "POST" else None), 503, "unavailable")
    metrics = await api.call("GET", "http://desk.test/metrics")
    assert (metrics.status_code, "holdline_store_up 0.0" in metrics.text) == (200, True)


async def test_a_bug_is_answered_politely_without_details(api: Api) -> None:
    api.store.engine = Broken(api.store.engine, RuntimeError("secret words of a customer"))
    async with client_of(build_app(api.store), raises=False) as client:
        headers = {"Authorization": f"Bearer {api.secret}"}
        answer = await client.post("http://desk.test/api/v1/outbound", json=api.ad(), headers=headers)
    error_of(answer, 500, "internal")
    assert "secret words" not in answer.text


async def test_a_key_with_too_many_calls_is_slowed_and_others_are_not(api: Api, store: Store) -> None:
    async with client_of(build_app(store, per_second=2)) as client:
        api.client = client
        answers = [await api.call("GET", "/dialogs") for _ in range(8)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert 0 < len(refused) < 8
        error_of(refused[0], 429, "throttled")
        assert int(refused[0].headers["retry-after"]) >= 1
        assert (await api.as_("read").call("GET", "/dialogs")).status_code == 200


async def test_no_answer_is_cached_or_sniffed(api: Api) -> None:
    for path in ("/dialogs", "/nothing", "/openapi.json", "http://desk.test/healthz"):
        answer = await api.call("GET", path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
