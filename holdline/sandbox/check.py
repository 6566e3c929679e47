"""Checks that a value has the documented shape. Each type is compiled once into a function."""

from collections.abc import Callable
from functools import cache

from holdline.sandbox.facts import Field, api
from holdline.sandbox.json_types import Json

Check = Callable[[object, str], list[str]]


def _whole(value: object, path: str) -> list[str]:
    return [] if isinstance(value, int) and not isinstance(value, bool) else [f"{path}: not Integer"]


def _number(value: object, path: str) -> list[str]:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return [] if good else [f"{path}: not Float"]


def _text(value: object, path: str) -> list[str]:
    return [] if isinstance(value, str) else [f"{path}: not String"]


def _flag(value: object, path: str) -> list[str]:
    return [] if isinstance(value, bool) else [f"{path}: not Boolean"]


def _file(value: object, path: str) -> list[str]:
    return [] if isinstance(value, dict | str) else [f"{path}: not InputFile"]


PLAIN: dict[str, Check] = {
    "Integer": _whole,
    "Float": _number,
    "String": _text,
    "Boolean": _flag,
    "InputFile": _file,
}


def _list_of(inner: Check) -> Check:
    def check(value: object, path: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{path}: not Array"]
        problems: list[str] = []
        for at, item in enumerate(value):
            problems += inner(item, f"{path}[{at}]")
        return problems

    return check


def any_of(types: tuple[str, ...]) -> Check:
    """A check that returns the problems of the type that fits best."""
    checks = [of_type(name) for name in types]
    if len(checks) == 1:
        return checks[0]

    def check(value: object, path: str) -> list[str]:
        best: list[str] | None = None
        for variant in checks:
            problems = variant(value, path)
            if not problems:
                return problems
            best = problems if best is None or len(problems) < len(best) else best
        return best or []

    return check


def _object_of(name: str, fields: dict[str, Field]) -> Check:
    required = [field.name for field in fields.values() if field.required]
    compiled: dict[str, Check] = {}

    def check(value: object, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: not {name}"]
        problems = [f"{path}.{key}: missing" for key in required if key not in value]
        for key, item in value.items():
            inner = compiled.get(key)
            if inner is None:
                field = fields.get(key)
                if field is None:
                    problems.append(f"{path}.{key}: unknown")
                    continue
                inner = compiled[key] = any_of(field.types)
            problems += inner(item, f"{path}.{key}")
        return problems

    return check


@cache
def of_type(name: str) -> Check:
    if name.startswith("Array of "):
        return _list_of(of_type(name.removeprefix("Array of ")))
    if name in PLAIN:
        return PLAIN[name]
    kind = api().types[name]
    if kind.subtypes:
        return any_of(kind.subtypes)
    return _object_of(name, kind.fields)


def valid_part(value: object, name: str) -> Json | None:
    """The documented and correctly typed fields of an object, or None if a required field is missing."""
    if not isinstance(value, dict):
        return None
    fields = api().types[name].fields
    kept = {
        key: item for key, item in value.items() if key in fields and not any_of(fields[key].types)(item, "")
    }
    return None if any(field.required and field.name not in kept for field in fields.values()) else kept


@cache
def answer_of(method: str) -> Check:
    return any_of(api().methods[method].returns)


def problems_of_answer(method: str, result: object) -> list[str]:
    return answer_of(method)(result, method)


def problems_of_update(update: object) -> list[str]:
    return of_type("Update")(update, "update")
