"""A second start with one configuration reports the running desk; a foreign program on the port is named as such."""

import signal
import socket
from typing import Any

from tests.app.desk_process import Desk


async def test_a_second_start_names_the_running_desk(desk: Desk, start: Any) -> None:
    first = await start()
    await first.ready()
    second = await start()
    assert await second.code() == 2
    _, err = await second.said()
    assert f"this desk is running already, as process {first.pid}" in err
    assert f"`kill {first.pid}`" in err and err.count("\n") == 1
    assert not first.ended
    await first.stopped(signal.SIGKILL)
    with socket.create_server(("127.0.0.1", desk.port)):
        third = await start()
        _, err = await third.said()
    assert "set another web.port, or stop what uses this one" in err
