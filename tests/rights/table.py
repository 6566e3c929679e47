"""The table of rights, read; and the page of the documentation that is printed from it.

`python -m tests.rights.table > docs/rights.md`
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from holdline.dialogs.manager import ROLE_PERMISSIONS, ROLES
from holdline.dialogs.rights import Act
from tests.rights.scene import RELATIONS

PATH = Path(__file__).with_name("table.toml")
LEFT, CUSTOMER = "left", "customer"
OUTSIDERS = (LEFT, CUSTOMER)
Cell = tuple[str, str]
_MEANING = {
    "y": "✅", "n": "⛔", "d": "📝 draft", "r": "🙋 request", "c": "as a customer", "-": "—",
}  # fmt: skip
_HEADS = {
    "commands": "Commands",
    "words": "Messages, edits and reactions in the staff group",
    "buttons": "Buttons",
    "settings": "Pages of /settings",
    "acts": "API calls that name the manager who acts",
}


@cache
def table() -> dict[str, dict[str, str]]:
    return tomllib.loads(PATH.read_text(encoding="utf-8"))


def expected(row: str) -> dict[Cell, str]:
    """What each of them gets, by who and whose; where it is about nothing, there is one group."""
    *groups, outside = row.split()
    whose = RELATIONS[: len(groups)]
    cells = {
        (role, relation): letter
        for relation, group in zip(whose, groups, strict=True)
        for role, letter in zip(ROLES, group, strict=True)
    }
    return cells | {(who, RELATIONS[0]): letter for who, letter in zip(OUTSIDERS, outside, strict=True)}


def print_page() -> str:
    """docs/rights.md."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Who may do what"
    yield ""
    yield "Generated from `tests/rights/table.toml`; a test tries every cell. Every manager may read everything."
    yield "Permissions are granted and withdrawn in `/settings` → Roles, or for one person over the API."
    yield ""
    yield "## Permissions"
    yield ""
    yield f"| act | permission | {' | '.join(ROLES)} |"
    yield f"| --- | --- |{' --- |' * len(ROLES)}"
    for act in Act:
        may = ["✅" if set(act.needs) <= ROLE_PERMISSIONS[role] else "⛔" for role in ROLES]
        yield f"| {act.value} | {', '.join(f'`{name}`' for name in act.needs) or '—'} | {' | '.join(may)} |"
    yield ""
    yield "Roles as they are after the installation. Below, ✅ means done or shown, ⛔ refused, naming the permission."
    for section, head in _HEADS.items():
        yield from _section(head, table()[section])
    yield from _keys()


def _section(head: str, rows: dict[str, str]) -> Iterator[str]:
    yield ""
    yield f"## {head}"
    yield ""
    yield f"| | whose | {' | '.join(ROLES)} | has left | customer |"
    yield f"| --- | --- |{' --- |' * (len(ROLES) + 2)}"
    for name, row in rows.items():
        *groups, outside = row.split()
        rest = " | ".join(_MEANING[letter] for letter in outside)
        for whose, group in _without_repeats(groups):
            yield f"| `{name}` | {whose} | {' | '.join(_MEANING[letter] for letter in group)} | {rest} |"


def _without_repeats(groups: list[str]) -> list[tuple[str, str]]:
    """One line where it makes no difference whose it is."""
    if len(set(groups)) == 1:
        return [("any" if len(groups) > 1 else "", groups[0])]
    return [
        (", ".join(name for name, other in zip(RELATIONS, groups, strict=False) if other == group), group)
        for group in dict.fromkeys(groups)
    ]


def _keys() -> Iterator[str]:
    yield ""
    yield "## Scopes of API keys"
    yield ""
    yield "One of them is enough. A call with a key of scope `admin` names no manager."
    yield ""
    yield "| call | scopes |"
    yield "| --- | --- |"
    for route, scopes in table()["keys"].items():
        yield f"| `{route}` | {', '.join(scopes.split())} |"


if __name__ == "__main__":
    print(print_page(), end="")
