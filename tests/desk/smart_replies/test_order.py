"""The order of smart replies, and what moving one of many costs."""

from typing import Any

from holdline.desk.smart_replies.smart_replies import (
    add_smart_reply,
    list_smart_replies,
    move_smart_reply,
    remove_smart_reply,
)
from holdline.store.tx import Row, Tx
from tests.desk.conftest import Desk

MANY = 6


async def test_moving_a_smart_reply_writes_only_two_rows(desk: Desk) -> None:
    for number in range(1, MANY + 1):
        values = {"name": f"N{number}", "any_of": ["word"], "answer": "!"}
        await desk.store.act(add_smart_reply, manager=None, values=values)

    def moved(tx: Tx, reply_id: int, *, up: bool) -> int:
        """How many rows were written."""
        written: list[str] = []
        execute = tx._execute

        def watched(sql: str, values: Row) -> Any:
            written.append(sql)
            return execute(sql, values)

        tx._execute = watched
        move_smart_reply(tx, manager=None, reply_id=reply_id, up=up)
        return sum(sql.lstrip().startswith("UPDATE smart_replies") for sql in written)

    async def names() -> list[str]:
        return [reply.name for reply, _ in await desk.store.read(list_smart_replies)]

    assert await desk.store.act(moved, 3, up=True) == 2
    assert await names() == ["N1", "N3", "N2", "N4", "N5", "N6"]
    assert await desk.store.act(moved, 1, up=True) == 0
    assert await desk.store.act(moved, 6, up=False) == 0
    await desk.store.act(remove_smart_reply, manager=None, reply_id=2)
    await desk.store.act(moved, 4, up=True)
    assert await names() == ["N1", "N4", "N3", "N5", "N6"]
