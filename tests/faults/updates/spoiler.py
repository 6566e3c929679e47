"""A generator of hostile updates: real ones with places spoilt, and others built field by field from the Bot API's own
description. The same seed makes the same updates on every machine.
"""

import copy
import json
import random
from enum import Enum
from pathlib import Path
from typing import Any

from aiogram import types

from holdline.dialogs.verbs import CustomerVerb, DeskVerb, DialogVerb
from holdline.sandbox.facts import api
from holdline.screens.console.commands import COMMANDS
from tests.bot.staging import ADMIN, ANNA, GROUP, IVAN

Json = dict[str, Any]

REAL = Path(__file__).parents[2] / "data" / "updates.jsonl"
PEOPLE = (ANNA.telegram_id, 6812345678, ADMIN, IVAN, 1087968824, 7000000001)
CHATS = (ANNA.telegram_id, 6812345678, ADMIN, IVAN, GROUP, GROUP, -1002100000055)
NUMBERS = (0, -1, 1, 2**31, 2**52, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, 0.5)
TEXTS = (
    "",
    " ",
    "\ud800",
    "\udfff\ud83d",
    "\x00",
    "\u202e" * 50,
    "e\u0301\u0302\u0303" * 500,
    "👩‍👩‍👧" * 300,
    "A" * 100_000,
    "{}",
    "'; DROP TABLE inbox; --",
    "%s %(x)s {0} {name}",
    '</b><a href="tg://user?id=99">Boss</a>',
    "../../etc/passwd",
    "\n" * 5000,
)
ARGUMENTS = ("", "0", "1", "2", "-1", "x", "9" * 17, "9" * 30, "1.5", "n.all", "\u0661", "list", "private")
VERBS = tuple(verb.value for verbs in (CustomerVerb, DialogVerb, DeskVerb) for verb in verbs)
WORDS = ("hello", "#1 and #2", "yes", "18:00 see you", "@Maria", "Lost parcel", "3 form")
MOST_LEVELS = 6


def read_real_updates() -> list[Json]:
    return [json.loads(line)["update"] for line in REAL.read_text(encoding="utf-8").splitlines()]


class Spoiler:
    """`update()` is one that Telegram would never send, or would: one in ten is as it was."""

    def __init__(self, seed: object) -> None:
        self._dice = random.Random(f"{seed}:spoiler")
        self._real = read_real_updates()
        self._kinds = [field for field in api().types["Update"].fields.values() if field.name != "update_id"]

    def update(self, number: int) -> object:
        """`number` is its update_id, unless just that is spoilt."""
        dice = self._dice
        if dice.random() < 0.01:
            return self.value()
        made = copy.deepcopy(dice.choice(self._real)) if dice.random() < 0.6 else self._built()
        made["update_id"] = number
        times = dice.choice((0, 0, 1, 1, 1, 2, 3, 5))
        for _ in range(times):
            self._spoil(made)
        return made

    def value(self) -> Any:
        """Something that stands where it should not."""
        dice = self._dice
        match dice.randrange(9):
            case 0:
                return None
            case 1:
                return dice.random() < 0.5
            case 2:
                return dice.choice(NUMBERS)
            case 3:
                return dice.randint(-(2**70), 2**70)
            case 4:
                return dice.choice(TEXTS)
            case 5:
                return self._nested(dice.choice((20, 20, 300, 2000)))
            case 6:
                return dice.choice(([], {}, [[]], {"id": {"id": {}}}, [None]))
            case 7:
                return dice.choice(PEOPLE)
            case _:
                return "".join(chr(dice.randrange(1, 0x3000)) for _ in range(dice.randrange(20)))

    def _nested(self, levels: int) -> Any:
        inner: Any = "bottom"
        as_object = self._dice.random() < 0.5
        for _ in range(levels):
            inner = {"a": inner} if as_object else [inner]
        return inner

    def _spoil(self, made: Json) -> None:
        """Replaces, removes or adds something at a place found by walking down."""
        dice, holder = self._dice, made
        while True:
            keys: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            key = dice.choice(keys)
            inner = holder[key]
            if not isinstance(inner, dict | list) or not inner or dice.random() < 0.2:
                break
            holder = inner
        at_top = holder is made
        match dice.randrange(6):
            case 0 if isinstance(holder, dict) and not at_top:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[dice.choice(("text", "hologram", "from", "chat", "photo", "caption", ""))] = (
                    self.value()
                )
            case 2 if isinstance(inner, str):
                holder[key] = self._text()
            case 3 if isinstance(inner, list):
                holder[key] = inner * dice.choice((0, 2, 40))
            case _ if key != "update_id" or dice.random() < 0.1:
                holder[key] = self.value()

    def _built(self) -> Json:
        """An update of any documented kind, its fields of the documented types."""
        field = self._dice.choice(self._kinds)
        if self._dice.random() < 0.4:
            field = api().types["Update"].fields["message"]
        event = self._of(field.types[0], field.name, 0)
        if isinstance(event, dict) and self._dice.random() < 0.9:
            _seat(event)
        return {field.name: event}

    def _of(self, kind: str, name: str, level: int) -> Any:
        dice = self._dice
        if kind.startswith("Array of "):
            most = 3 if level < MOST_LEVELS else 0
            return [
                self._of(kind.removeprefix("Array of "), name, level + 1)
                for _ in range(dice.randint(0, most))
            ]
        match kind:
            case "Integer":
                return self._whole(name)
            case "Float":
                return dice.choice((dice.uniform(-90, 90), *NUMBERS))
            case "Boolean":
                return dice.random() < 0.5
            case "String" | "InputFile":
                return self._text(name)
        documented = api().types[kind]
        if documented.subtypes:
            return self._of(dice.choice(documented.subtypes), name, level)
        if kind == "Chat":
            return self._chat()
        if kind == "User":
            return self._person()
        wanted = [
            field
            for field in documented.fields.values()
            if field.required
            or (level < MOST_LEVELS and dice.random() < (0.12, 0.3)[level == 0] / (level + 1) * 2)
        ]
        made = {field.name: self._of(dice.choice(field.types), field.name, level + 1) for field in wanted}
        made |= _tags(kind) if dice.random() < 0.95 else {}
        if kind in ("Message", "CallbackQuery"):
            made.setdefault("from", self._of("User", "from", level + 1))
        if kind == "Message" and dice.random() < 0.5:
            made["text"] = self._text("text")
        return made

    def _whole(self, name: str) -> int:
        dice = self._dice
        if name == "id" or name.endswith("_user_id"):
            return dice.choice(PEOPLE)
        if name in ("message_id", "message_thread_id", "offset", "length"):
            return dice.choice((dice.randrange(40), dice.randrange(3000), dice.randrange(3000)))
        if name.endswith("date"):
            return 1_795_000_000 + dice.randrange(10**6)
        return dice.choice((0, 1, dice.randrange(1000), 2**31, 2**52))

    def _text(self, name: str = "text") -> str:
        dice = self._dice
        if name == "data":
            return ":".join((dice.choice(VERBS), *dice.choices(ARGUMENTS, k=dice.randrange(4))))
        if name != "text":
            return dice.choice((*ARGUMENTS, "creator", "member", "kicked", "bold", "custom", *TEXTS))
        if dice.random() < 0.4:
            return f"/{dice.choice((*COMMANDS, 'stop', 'rate'))} {dice.choice((*ARGUMENTS, *WORDS, *TEXTS))}"
        return dice.choice((*WORDS, *TEXTS))

    def _person(self) -> Json:
        name = self._text("first_name") if self._dice.random() < 0.3 else "Anna"
        return {"id": self._dice.choice(PEOPLE), "is_bot": False, "first_name": name}

    def _chat(self) -> Json:
        chat = self._dice.choice(CHATS)
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": self._text("first_name")}
        return {"id": chat, "type": "supergroup", "title": self._text("title"), "is_forum": True}


def _seat(event: Json) -> None:
    """In private the chat is that of the person, as at Telegram: what is not goes no further than the decoder."""
    person = event.get("from") or event.get("user")
    chat = event.get("chat") or event.get("message", {}).get("chat")
    if isinstance(person, dict) and isinstance(chat, dict) and chat["id"] > 0:
        chat["id"] = person["id"]


def _tags(kind: str) -> Json:
    """The fields by which one type of several is known, such as the status of a member."""
    fields = getattr(types, kind).model_fields if hasattr(types, kind) else {}
    known = {name: fields[name].default for name in ("type", "status", "source") if name in fields}
    return {name: tag.value for name, tag in known.items() if isinstance(tag, Enum)}
