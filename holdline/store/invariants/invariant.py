"""An invariant and what breaks it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """`says` is what always holds; `sql` finds what breaks it, by ids, never by anybody's words."""

    name: str
    says: str
    sql: str


@dataclass(frozen=True, slots=True)
class Violation:
    """`rows` are the first few that break it."""

    name: str
    says: str
    rows: list[dict[str, object]]
