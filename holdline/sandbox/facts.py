"""The published Bot API as data: its methods, fields, types and error texts."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FOLDER = files("holdline.sandbox") / "facts"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    returns: tuple[str, ...]
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True)
class ApiType:
    """A documented type: an object with fields, or a union of other types."""

    fields: dict[str, Field]
    subtypes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorFact:
    id: str
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Api:
    version: str
    methods: dict[str, Method]
    types: dict[str, ApiType]
    by_lower: dict[str, str]


def _fields(rows: list[tuple[str, list[str], bool]]) -> dict[str, Field]:
    return {name: Field(name, tuple(types), required) for name, types, required in rows}


@cache
def api() -> Api:
    raw = json.loads(gzip.decompress((FOLDER / "api.json.gz").read_bytes()))
    methods = {
        name: Method(name, tuple(entry["returns"]), _fields(entry["fields"]))
        for name, entry in raw["methods"].items()
    }
    types = {
        name: ApiType(_fields(entry.get("fields", [])), tuple(entry.get("subtypes", [])))
        for name, entry in raw["types"].items()
    }
    return Api(raw["version"], methods, types, {name.lower(): name for name in methods})


@cache
def errors() -> dict[str, ErrorFact]:
    rows = json.loads((FOLDER / "errors.json").read_text())
    return {row["id"]: ErrorFact(row["id"], row["code"], row["text"]) for row in rows}
