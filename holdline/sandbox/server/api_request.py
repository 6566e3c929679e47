"""One request of the bot, with its parameters converted to their documented types."""

import json
from dataclasses import dataclass, field

from holdline.sandbox import check, facts
from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str | None
    content: bytes


@dataclass(slots=True)
class ApiRequest:
    """`complaints` lists what the real server accepts but the documentation does not describe."""

    method: str
    params: Json
    uploads: dict[str, Upload] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        value = self.params.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, usual: int = 0) -> int:
        value = self.params.get(name, usual)
        if isinstance(value, str):
            try:
                return int(value)
            except ValueError:
                return usual
        return value if isinstance(value, int) and not isinstance(value, bool) else usual

    def decimal(self, name: str) -> float:
        try:
            return float(self.params.get(name, 0))
        except (TypeError, ValueError):
            return 0.0

    def flag(self, name: str, usual: bool = False) -> bool:
        value = self.params.get(name, usual)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "1")

    def json_object(self, name: str, kind: str | None = None) -> Json:
        """An object parameter. With `kind`, only its documented and correctly typed fields."""
        value = self.params.get(name)
        if kind:
            return check.valid_part(value, kind) or {}
        return value if isinstance(value, dict) else {}

    def json_objects(self, name: str) -> list[Json]:
        value = self.params.get(name)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise bad_request(f"can't parse {name} JSON object")
        return value

    def numbers(self, name: str) -> list[int]:
        value = self.params.get(name)
        if not isinstance(value, list) or not all(isinstance(item, int) for item in value):
            raise bad_request(f"can't parse {name}: a JSON array of numbers expected")
        return value


def parse_request(method: str, raw: Json, uploads: dict[str, Upload], *, strict: bool) -> ApiRequest:
    """Converts each value to its type. With `strict`, lists what the documentation does not allow."""
    fields = facts.api().methods[method].fields
    ask = ApiRequest(method, {}, uploads)
    for name, value in raw.items():
        field_fact = fields.get(name)
        types = field_fact.types if field_fact else ("String",)
        ask.params[name] = _to_type(value, types)
        if field_fact is None:
            if strict:
                ask.complaints.append(f"{method}.{name}: unknown")
        elif strict:
            ask.complaints += check.any_of(types)(ask.params[name], f"{method}.{name}")
    for name in uploads.keys() & fields.keys():
        ask.params.setdefault(name, f"attach://{name}")
    if strict:
        ask.complaints += [
            f"{method}.{name}: missing"
            for name, fact in fields.items()
            if fact.required and name not in ask.params
        ]
    return ask


def _to_type(value: object, types: tuple[str, ...]) -> object:
    if not isinstance(value, str):
        return value
    if _lone_surrogate(value):
        raise bad_request("strings must be encoded in UTF-8")
    for name in types:
        if name == "String":
            return _number_if_whole(value) if "Integer" in types else value
        converted = _as_type(value, name)
        if converted is not None:
            return converted
    return value


def _lone_surrogate(value: str) -> bool:
    if value.isascii():
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def _number_if_whole(value: str) -> object:
    return int(value) if value.lstrip("-").isdecimal() and value.isascii() else value


def _as_type(value: str, name: str) -> object:
    """The value converted to that type, or None if that is not possible."""
    if name == "InputFile":
        return value
    if name == "Boolean":
        return {"true": True, "false": False, "1": True, "0": False}.get(value.lower())
    if name == "Integer":
        return int(value) if value.lstrip("-").isdecimal() and value.isascii() else None
    try:
        return float(value) if name == "Float" else json.loads(value)
    except ValueError:
        return None


def method_named(name: str) -> str:
    """The documented spelling of a method; names are case-insensitive."""
    method = facts.api().by_lower.get(name.lower())
    if method is None:
        raise refusal("method_not_found")
    return method
