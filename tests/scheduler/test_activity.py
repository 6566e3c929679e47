"""The log shows at the usual level, in figures, that the desk is working."""

import logging

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.dialogs.message import Content
from holdline.scheduler.activity import QUIET_TURNS, ActivityLog
from tests.scheduler.conftest import ANNA, Bench


async def test_each_minute_with_messages_and_each_quiet_hour_is_logged_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    told, words = ActivityLog(bench.store), Content(text="my secret sorrow", chat_id=ANNA.telegram_id)
    with caplog.at_level(logging.INFO, logger="holdline.desk"):
        await bench.store.act(receive_customer_message, sender=ANNA, content=words)
        assert await told.write_line() == 0, "what was there before the start is no news"
        await bench.store.act(receive_customer_message, sender=ANNA, content=words)
        assert await told.write_line() == 1
        assert [await told.write_line() for _ in range(QUIET_TURNS)] == [0] * (QUIET_TURNS - 1) + [1]
    first, second = [record.getMessage() for record in caplog.records]
    assert "1 messages came from customers" in first and "1 customers wait" in first
    assert "0 messages came from customers" in second and "sorrow" not in first
