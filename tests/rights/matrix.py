"""Tries every cell with real updates and requests: who × whose × what, one desk for all of them; each act is undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from holdline.desk.people import keys
from holdline.desk.people.staff import change_manager
from holdline.desk.settings.lists import ensure_lists
from holdline.dialogs.manager import ROLES
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.text.api_key import SCOPES
from holdline.dialogs.verbs import DialogVerb
from holdline.screens.keyboards import callback_button, inline_keyboard
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import update_from_value
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.web.app import build_app
from tests.bot.staging import GROUP
from tests.conftest import BOT
from tests.rights import telegram_acts
from tests.rights.api_calls import Call, Route, a_path
from tests.rights.desk import DeskPeople, Outcome
from tests.rights.scene import (
    ACTOR,
    Things,
    build_desk,
    make_actor,
    set_aside,
)
from tests.rights.snapshot import Snapshot
from tests.rights.table import LEFT
from tests.web.conftest import client_of

_MESSAGES = count(910_000)


@dataclass
class Matrix:
    """A desk that is ready, and what stands on it."""

    people: DeskPeople
    things: dict[str, Things]
    snapshot: Snapshot
    secrets: dict[str, str]
    person: int = ACTOR
    works_here: bool = True

    async def as_(self, who: str) -> None:
        """The actor gets that role, or has left the desk; a customer is somebody else."""
        self.snapshot.restore()
        self.person, self.works_here = ACTOR, who in ROLES
        if who in ROLES:
            await make_actor(self.people.store, role=who)
        elif who == LEFT:
            await self.people.store.act(_leave)
        else:
            self.person = self.things["own"].customer_telegram_id
        self.snapshot.take()

    async def types(self, name: str, things: Things) -> Outcome:
        """The command, where it is typed."""
        text = telegram_acts.COMMANDS[name](things)
        if name == "open" and self.works_here:
            return await self._says(text, reply_to=things.card, chat=GROUP)
        if name == "delete" and self.works_here:
            return await self._says(text, reply_to=things.said_in, chat=GROUP)
        if name == "attach":
            file = {"file_id": "F", "file_unique_id": "U", "file_name": "a.pdf", "file_size": 9}
            return await self._says(caption=text, document=file)
        return await self._says(text)

    async def writes(self, what: str, things: Things) -> Outcome:
        """Words, an edit or a reaction at what stands in the group."""
        if what == "react":
            reaction = {
                **_at(things.copy), "date": 1, "user": _user(self.person), "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": "👍"}],
            }  # fmt: skip
            kinds: dict[str, Any] = {"message_reaction": reaction}
        elif what == "edit":
            edited = {
                **_at(things.said_in),
                "date": 1,
                "edit_date": 2,
                "text": "Tomorrow",
                "from": _user(self.person),
            }
            kinds = {"edited_message": edited}
        else:
            reply_to, text = telegram_acts.WORDS[what](things)
            return await self._says(text, reply_to=reply_to, chat=GROUP)
        return self._put_back(await self.people.update(self.person, works_here=self.works_here, **kinds))

    async def presses(self, data: str) -> Outcome:
        message = self._message(self.person) | {
            "text": "…",
            "from": {"id": BOT, "is_bot": True, "first_name": "B"},
            "reply_markup": inline_keyboard([[callback_button("…", DialogVerb.CONFIRM_PAUSE, 1)]]),
        }
        query = {"id": str(next(_MESSAGES)), "chat_instance": "9", "data": data, "message": message}
        outcome = await self.people.update(
            self.person, works_here=self.works_here, callback_query=query | {"from": _user(self.person)}
        )
        return self._put_back(outcome)

    async def asks(self, route: Route, call: Call, things: Things) -> Outcome:
        """A call of the API in the person's name."""
        request, path = _request(call, things, self.person)
        answer = await self.people.call(route[0], path, self.secrets["all"], **request)
        return self._put_back(_judge_answer(answer, is_close=path.endswith("/close")))

    async def opens(self, route: Route, scope: str) -> bool:
        """Whether a key of that scope is accepted. An unknown parameter is refused only after that check."""
        method, path = route
        answer = await self.people.call(method, f"{a_path(path)}?no_such_parameter=1", self.secrets[scope])
        assert answer.status_code in (400, 403), answer.text
        return answer.status_code != 403

    async def _says(
        self, text: str | None = None, *, reply_to: int | None = None, chat: int | None = None, **more: Any
    ) -> Outcome:
        message = self._message(chat or self.person) | {"from": _user(self.person), **more}
        if text is not None:
            message["text"] = text
        if reply_to is not None:
            message["reply_to_message"] = {
                "message_id": reply_to,
                "date": 1,
                "chat": message["chat"],
                "text": "…",
            }
        return self._put_back(
            await self.people.update(self.person, works_here=self.works_here, message=message)
        )

    def _message(self, chat: int) -> dict[str, Any]:
        kind = {"type": "private"} if chat > 0 else {"type": "supergroup", "title": "Desk", "is_forum": True}
        return {"message_id": next(_MESSAGES), "date": 1_794_204_201, "chat": {"id": chat, **kind}}

    def _put_back(self, outcome: Outcome) -> Outcome:
        self.snapshot.restore()
        return outcome


@asynccontextmanager
async def matrix(path: Path) -> AsyncIterator[Matrix]:
    """`path`: a database with every table and no row."""
    rules = DeskRules(staff_group=GROUP, mail_from="desk@example.org")
    store = Store(f"sqlite:///{path}", bot_id=BOT, rules=rules, clock=ManualClock())
    await store.start()
    try:
        await store.act(ensure_lists)
        async with client_of(build_app(store)) as client:
            client.base_url = "http://desk.test/api/v1"  # type: ignore[assignment] # httpx takes a text
            things = await build_desk(store)
            secrets = await store.act(_prepare)
            people = DeskPeople(store, client)
            snapshot = Snapshot(path)
            yield Matrix(people, things, snapshot, secrets)
            snapshot.close()
    finally:
        await store.close()


def _prepare(tx: Tx) -> dict[str, str]:
    secrets = {scope: keys.create_key(tx, name=scope, scopes=[scope]) for scope in SCOPES}
    secrets["all"] = keys.create_key(tx, name="all", scopes=SCOPES)
    inbox.put(tx, [update_from_value({"update_id": telegram_acts.ASIDE_UPDATE, "poll": {}})])
    set_aside(tx, telegram_acts.ASIDE_UPDATE)
    return secrets


def _leave(tx: Tx) -> None:
    actor = managers.by_telegram_id(tx, ACTOR)
    assert actor is not None
    change_manager(tx, acting=None, manager_id=actor.id, changes={"active": False})


def _at(number: int) -> dict[str, Any]:
    chat = {"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": True}
    return {"chat": chat, "message_id": number}


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Ivan", "language_code": "en"}


def _request(call: Call, things: Things, person: int) -> tuple[dict[str, Any], str]:
    path = call.path(things)
    if call.in_query:
        return {}, f"{path}&manager_telegram_id={person}"
    if call.upload:
        return {"files": {"file": ("a.txt", b"bytes")}, "data": {"manager_telegram_id": str(person)}}, path
    return {"json": {**call.body(things), "manager_telegram_id": person}}, path


def _judge_answer(answer: Any, *, is_close: bool) -> Outcome:
    body = answer.json()
    if answer.status_code in (403, 404):
        return Outcome("n" if answer.status_code == 403 else "-", body["error"]["message"])
    if answer.status_code >= 400:
        return Outcome("?", answer.text)
    if body.get("status") == "draft":
        return Outcome("d")
    return Outcome("r" if is_close and body["state"] != "closed" else "y")
