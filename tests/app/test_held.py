"""`holdline held`: customers with held messages, on the command line."""

import asyncio
import json
from pathlib import Path
from shutil import copy

import pytest

from holdline.app.marketing import held
from holdline.desk.customers import customers
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.settings.lists import ensure_lists
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.gate import MessageClass
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.conftest import BOT

ANNA = MessageSender(510000001, "Anna")


@pytest.mark.row("M-11")
def test_customers_with_held_messages_are_listed_as_text_and_json(
    tmp_path: Path, sqlite_template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy(sqlite_template, tmp_path / "holdline.db")
    config = tmp_path / "holdline.toml"
    config.write_text(f'[telegram]\ntoken = "{BOT}:abc"\n')
    assert held.run_held(config, as_json=False) == 0
    assert "Nothing waits" in capsys.readouterr().out
    asyncio.run(_hold(tmp_path / "holdline.db"))
    held.run_held(config, as_json=True)
    held.run_held(config, as_json=False)
    told, line = capsys.readouterr().out.splitlines()[-2:]
    (one,) = json.loads(told)["customers"]
    assert (one["customer"]["name"], one["dialog"]["title"], one["held"]) == ("Anna", "Lost parcel", 1)
    assert one["seconds"] >= 0 and "Anna" in line and "#1 Lost parcel, Maria" in line


async def _hold(path: Path) -> None:
    store = Store(f"sqlite:///{path}", bot_id=BOT)
    await store.start()
    await store.act(_open)
    await store.close()


def _open(tx: Tx) -> None:
    ensure_lists(tx)
    maria = managers.insert(tx, telegram_id=400000077, name="Maria", role="manager")
    anna = customers.get_or_create_customer(tx, sender=ANNA)
    open_dialog(tx, manager=maria, opening=Opening(anna.id, "Lost parcel"))
    accept_outbound(tx, order=OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Step one"))
