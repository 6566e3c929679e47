"""What is wrong with the values of a configuration, never repeating a value, because it may be a secret."""

import difflib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from holdline.app.settings import TELEGRAM, Settings
from holdline.web.own_paths import is_own_path, webhook_path

WEBHOOK_PORTS = (None, 443, 80, 88, 8443)
"""From https://core.telegram.org/bots/api#setwebhook; None means 443."""
WEBHOOK_PORTS_NAMED = ", ".join(str(port) for port in WEBHOOK_PORTS if port)
_WHOLE = "write a whole number"
_MENDS = {
    "int_type": "write a whole number without quotes",
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": "write a number without quotes",
    "float_parsing": "write a number",
    "bool_type": "write true or false without quotes",
    "bool_parsing": "write true or false",
    "string_type": "put the value in quotes",
    "string_sub_type": "put the value in quotes",
    "list_type": "write a list in brackets, such as [111111111]",
    "model_type": "write it as a section with keys below it",
    "model_attributes_type": "write it as a section with keys below it",
}
_TOO_FAR = {"greater_than_equal", "less_than_equal", "int_parsing_size", "finite_number"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """`words` go on where a sentence begins with the key: what is wrong and what to write instead."""

    key: str
    words: str


def find_mistakes(refused: ValidationError) -> list[Mistake]:
    """One for each key, in the order of the settings."""
    found: dict[str, Mistake] = {}
    for error in refused.errors():
        key = _key(error)
        found.setdefault(key, Mistake(key, _say(error)))
    return list(found.values())


def find_webhook_mistakes(settings: Settings) -> list[Mistake]:
    """What intake by webhook needs and does not have."""
    telegram = settings.telegram
    if telegram.intake != "webhook":
        return []
    values = {
        "webhook_url": telegram.webhook_url,
        "webhook_secret": telegram.webhook_secret.get_secret_value(),
    }
    lacks = [f"telegram.{name}" for name, value in values.items() if not value]
    if lacks:
        words = f'= "webhook" needs {" and ".join(lacks)} too; add it, or set intake = "polling"'
        return [Mistake("telegram.intake", words)]
    problem = _path_problem(telegram.webhook_url)
    if not problem and telegram.api_base == TELEGRAM:
        problem = _address_problem(telegram.webhook_url)
    return [Mistake("telegram.webhook_url", problem)] if problem else []


def suggest_key(key: str) -> str:
    """The end of a sentence about a key that does not exist."""
    known = list(Settings.fields_by_key())
    last = key.rpartition(".")[2]
    same = [one for one in known if one.rpartition(".")[2] == last]
    close = same if len(same) == 1 else difflib.get_close_matches(key, [*known, *Settings.model_fields], n=1)
    return (
        f"; did you mean {close[0]}? Otherwise delete it"
        if close
        else "; delete it, or see config.example.toml"
    )


def _key(error: ErrorDetails) -> str:
    return ".".join(part for part in error["loc"] if isinstance(part, str))


def _say(error: ErrorDetails) -> str:
    kind, context, key = error["type"], error.get("ctx", {}), _key(error)
    if kind == "extra_forbidden":
        return "is not a key of Holdline" + suggest_key(key)
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    if kind == "value_error":
        return str(context["error"])
    if isinstance(error["loc"][-1], int):
        return "has the wrong type: write whole numbers in brackets, such as [111111111]"
    if kind in _MENDS:
        return f"has the wrong type: {_MENDS[kind]}"
    return (
        f"is out of range: {_range_of(key)}"
        if kind in _TOO_FAR
        else "cannot be used: see config.example.toml"
    )


def _range_of(key: str) -> str:
    field = Settings.fields_by_key()[key]
    ends: dict[str, Any] = {}
    for rule in field.metadata:
        ends |= {name: getattr(rule, name) for name in ("ge", "le") if getattr(rule, name, None) is not None}
    number = _WHOLE if field.annotation is int else "write a number"
    if "le" not in ends:
        return number
    return f"{number} from {ends.get('ge', 0)} to {ends['le']}"


def _path_problem(url: str) -> str:
    """Telegram's updates need a path that is not used by the HTTP API or the probes."""
    path = webhook_path(url)
    if is_own_path(path):
        return f"must not end in {path}, which is an address of Holdline itself; take another path, such as /telegram"
    if "{" in path:
        return "must not have braces in its path; take a plain one, such as /telegram"
    return ""


def _address_problem(url: str) -> str:
    """Telegram's servers call only certain addresses. A separate Bot API server has fewer limits."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return "must begin with https://, because Telegram calls no other address; let a proxy hold the certificate"
    if parts.port not in WEBHOOK_PORTS:
        return (
            f"must use one of the ports that Telegram calls ({WEBHOOK_PORTS_NAMED}); let a proxy listen there"
        )
    return ""
