"""/history in the reader's language: states, fields and kinds of messages by the names that the cards use."""

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.dialogs.event import Event
from holdline.screens.forms.history import history_screen
from holdline.store.dialogs import history
from holdline.store.engine import Store
from holdline.store.tx import Tx
from tests.bot.staging import manager, opened, words, wrote


@pytest.mark.row("S-18")
@pytest.mark.parametrize(
    ("language", "paused", "renamed", "voice"),
    [
        ("en", "⏸ paused: active → paused", "title: Delivery → New", "replied: voice message"),
        ("pl", "⏸ wstrzymano: aktywny → wstrzymany", "tytuł: Delivery → New", "wiadomość głosowa"),
    ],
)
async def test_history_is_in_the_language_of_its_reader(
    group_desk: Store, language: str, paused: str, renamed: str, voice: str
) -> None:
    await wrote(group_desk, words())
    await opened(group_desk)

    def happen(tx: Tx) -> str:
        change_dialog(tx, manager=manager(tx), dialog_id=1, changes={"title": "New"})
        pause_dialog(tx, manager=manager(tx), dialog_id=1)
        said = Event("reply_given", manager(tx).as_actor(), 1, 1, "", {"kind": "voice"})
        rated = Event("rating_answered", said.actor, 1, 1, None, {"value": 2})
        history.add(tx, [said, rated])
        return history_screen(tx, manager(tx), dialog_id=1).text

    await group_desk.act(lambda tx: tx.run("UPDATE managers SET language = :language", language=language))
    told = await group_desk.act(happen)
    assert [one for one in (paused, renamed, voice, ": 2/3") if one not in told] == [], told
