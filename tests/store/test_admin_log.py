"""The admin log is append-only."""

import pytest

from holdline.store.engine import Store
from holdline.store.people import admin_log
from holdline.store.tx import Tx


@pytest.mark.parametrize("sql", ["UPDATE admin_log SET change = 'x'", "DELETE FROM admin_log"])
async def test_a_line_of_the_admin_log_is_never_changed_or_removed(store: Store, sql: str) -> None:
    await store.act(admin_log.add, None, "list_value_added", about="types:1", after="Complaint")

    def forge(tx: Tx) -> None:
        tx.run(sql)

    with pytest.raises(Exception, match="never rewritten"):
        await store.act(forge)
    assert [row["change"] for row in await store.read(admin_log.page)] == ["list_value_added"]


async def test_the_admin_log_is_paged_from_the_newest(store: Store) -> None:
    for n in range(3):
        await store.act(admin_log.add, None, f"w{n}", about="x")

    first = await store.read(admin_log.page, limit=2)
    rest = await store.read(admin_log.page, after=first[-1]["id"])

    assert [row["change"] for row in [*first, *rest]] == ["w2", "w1", "w0"]
