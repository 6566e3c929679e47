"""An invariant, and a violation of it."""

from dataclasses import dataclass

USUAL_REMEDY = (
    "keep a copy (holdline backup) and report it with these ids; the desk goes on working meanwhile"
)


@dataclass(frozen=True, slots=True)
class Invariant:
    """`says` is what always holds; `sql` finds violations by their ids, never by anybody's words.

    `remedy` says what the person who runs the desk can do.
    """

    name: str
    says: str
    sql: str
    remedy: str = USUAL_REMEDY


@dataclass(frozen=True, slots=True)
class Violation:
    """`rows` are the first few that violate it."""

    name: str
    says: str
    rows: list[dict[str, object]]
    remedy: str = USUAL_REMEDY
