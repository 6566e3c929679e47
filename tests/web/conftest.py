"""The whole web side in this process, a desk with three managers and two customers, keys of every kind."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from holdline.desk.customers import customers
from holdline.desk.people import keys
from holdline.desk.settings import lists
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.api_key import SCOPES
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.web.app import build_app

ANNA = MessageSender(telegram_id=510000001, name="Anna", language="ru")
BORIS = MessageSender(telegram_id=510000002, name="Boris")
BASE = "http://desk.test/api/v1"


@dataclass
class Api:
    """A caller with one key; `as_` is the same desk with another one."""

    store: Store
    client: httpx.AsyncClient
    secrets: dict[str, str]
    maria: Manager
    ivan: Manager
    rita: Manager
    anna: Customer
    boris: Customer
    secret: str = field(default="")

    def as_(self, scope: str) -> "Api":
        return Api(**{**self.__dict__, "secret": self.secrets[scope]})

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **extra: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        headers |= extra.pop("headers", {})
        url = path if path.startswith("http") else BASE + path
        return await self.client.request(method, url, json=body, headers=headers, **extra)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, *, status: int = 200, key: str | None = None) -> Any:
        answer = await self.call("POST", path, body, key=key)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def open(self, title: str = "Lost parcel", **more: Any) -> Any:
        body = {
            "customer_id": self.anna.id,
            "title": title,
            "type": "Support",
            "manager_telegram_id": self.maria.telegram_id,
            **more,
        }
        return await self.post("/dialogs", body, status=201)

    async def move(self, dialog: Any, step: str, **more: Any) -> Any:
        body = {"manager_telegram_id": self.maria.telegram_id, **more}
        return await self.post(f"/dialogs/{dialog['id']}/{step}", body)

    async def change(self, dialog: Any, **fields: Any) -> Any:
        body = {"manager_telegram_id": self.maria.telegram_id, **fields}
        answer = await self.call("PATCH", f"/dialogs/{dialog['id']}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def entries(self, dialog: Any, kind: str | None = None) -> list[Any]:
        """Its history, the oldest first, or what of it is of one kind."""
        items = (await self.get(f"/dialogs/{dialog['id']}/history"))["items"]
        return [item for item in items if kind in (None, item["kind"])]

    def ad(self, class_: str = "funnel", **more: Any) -> dict[str, Any]:
        customer = {"telegram_id": self.anna.telegram_id}
        return {"customer": customer, "class": class_, "text": "Only today", **more}


def error_of(answer: httpx.Response, status: int, code: str) -> Any:
    """The error, after its shape and its status have been looked at."""
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "object", "allowed"}
    assert error["code"] == code, error
    assert error["message"].strip()
    return error


def a_desk(tx: Tx) -> dict[str, Any]:
    lists.ensure_lists(tx)
    scoped = {scope: keys.create_key(tx, name=scope, scopes=[scope]) for scope in SCOPES}
    return {
        "secrets": {**scoped, "all": keys.create_key(tx, name="all", scopes=SCOPES)},
        "maria": managers.insert(tx, telegram_id=400000077, name="Maria", role="manager"),
        "ivan": managers.insert(tx, telegram_id=400000078, name="Ivan", role="agent"),
        "rita": managers.insert(tx, telegram_id=400000079, name="Rita", role="restricted"),
        "anna": customers.get_or_create_customer(tx, sender=ANNA),
        "boris": customers.get_or_create_customer(tx, sender=BORIS),
    }


def client_of(app: Any, *, raises: bool = True) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=raises), timeout=30)


@pytest.fixture
async def api(store: Store) -> AsyncIterator[Api]:
    found = await store.act(a_desk)
    async with client_of(build_app(store)) as client:
        yield Api(store=store, client=client, **found, secret=found["secrets"]["all"])
