"""Tries every cell of the table of rights with real updates and requests; one desk serves all cells of a test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from shutil import copy

import pytest

from holdline.dialogs.manager import ROLES
from holdline.dialogs.text.api_key import SCOPES
from tests.rights import telegram_acts
from tests.rights.api_calls import CALLS, a_path
from tests.rights.desk import Outcome
from tests.rights.matrix import Matrix, matrix
from tests.rights.scene import Things
from tests.rights.table import OUTSIDERS, expected, table

Try = Callable[[Matrix, str, Things], Awaitable[Outcome]]


@pytest.fixture
async def desk(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Matrix]:
    path = tmp_path / "rights.db"
    copy(sqlite_template, path)
    async with matrix(path) as ready:
        yield ready


async def _press(desk: Matrix, name: str, things: Things) -> Outcome:
    return await desk.presses(telegram_acts.BUTTON_OF[name](things))


async def _open_page(desk: Matrix, name: str, things: Things) -> Outcome:
    return await desk.presses(telegram_acts.settings_page(name)(things))


async def _ask(desk: Matrix, name: str, things: Things) -> Outcome:
    method, path = name.split()
    return await desk.asks((method, path), CALLS[method, path], things)


_TRIES: dict[str, Try] = {
    "commands": Matrix.types,
    "words": Matrix.writes,
    "buttons": _press,
    "settings": _open_page,
    "acts": _ask,
}


@pytest.mark.parametrize("section", _TRIES)
async def test_each_cell_allows_and_refuses_as_the_table_says(desk: Matrix, section: str) -> None:
    wrong = []
    for who in (*ROLES, *OUTSIDERS):
        await desk.as_(who)
        for name, row in table()[section].items():
            for (person, whose), letter in expected(row).items():
                if person != who:
                    continue
                outcome = await _TRIES[section](desk, name, desk.things[whose])
                if outcome.letter != letter:
                    wrong.append((name, who, whose, f"{letter} expected", outcome))
    assert wrong == []


async def test_each_route_accepts_only_keys_with_its_scopes(desk: Matrix) -> None:
    for route, scopes in table()["keys"].items():
        method, path = route.split()
        opens = [scope for scope in SCOPES if await desk.opens((method, path), scope)]
        assert " ".join(opens) == scopes, route
        answer = await desk.people.call(method, a_path(path), "no key")
        assert answer.status_code == 401, route
