"""A manager removed from the staff group while the desk is down, without any update about it."""

from pathlib import Path

import pytest

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.sandbox import SEED_GROUP
from holdline.sandbox.world.rights import LEFT
from holdline.store.people import managers
from tests.faults.ledger import asked
from tests.faults.scene import Scene, scene

OLGA, PETRA = 400000099, 400000098


def with_rights(url: str) -> list[int]:
    people = f"SELECT telegram_id FROM managers WHERE active = 1 AND telegram_id IN ({OLGA}, {PETRA})"
    return sorted(row[0] for row in asked(url, people))


def seen(url: str) -> bool:
    return asked(url, f"SELECT id FROM managers WHERE telegram_id = {OLGA} AND member_of IS NOT NULL") != []


async def employed(here: Scene) -> None:
    """Olga is in the group; Petra works in her own chat with the bot only."""
    async with open_store(load_configuration(here.config), may_create=True) as store:
        for telegram_id, name in ((OLGA, "Olga"), (PETRA, "Petra")):
            await store.act(managers.insert, telegram_id=telegram_id, name=name, role="manager")
    here.box.joins(OLGA, SEED_GROUP)


@pytest.mark.row("O-03")
async def test_a_manager_removed_during_downtime_has_no_rights_after_the_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    async with scene(tmp_path, url, seed=3) as here:
        await employed(here)
        here.start()
        await here.at_work()
        await here.until(lambda: seen(url), "Olga seen in the group")
        await here.stopped()
        here.box.tg.world.chat(SEED_GROUP).members[OLGA] = LEFT  # no update tells of it
        assert with_rights(url) == [PETRA, OLGA]
        here.start()
        await here.at_work()
        await here.until(lambda: with_rights(url) == [PETRA], "Olga without rights", 30)
        await here.stopped()
        await here.examined()
        assert here.complaints() == []
