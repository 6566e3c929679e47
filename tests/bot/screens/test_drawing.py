"""The program that draws pictures: started once for many, and restarted after its end."""

import json
import os
import signal
import subprocess

import pytest

from holdline.screens.reports.files import DRAWING, FileNotMade, make_file

CHART = json.dumps(
    {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
).encode()


def drawn() -> subprocess.Popen[bytes]:
    """By this program."""
    assert make_file("png", [CHART]).startswith(b"\x89PNG")
    assert DRAWING._program is not None
    return DRAWING._program


def test_one_program_draws_one_picture_after_another() -> None:
    assert drawn() is drawn()


def test_a_chart_that_cannot_be_drawn_is_one_failed_file() -> None:
    with pytest.raises(FileNotMade):
        make_file("png", [b"{"])
    assert drawn()


def test_a_drawing_program_that_ended_while_idle_is_started_again() -> None:
    before = drawn()
    os.kill(before.pid, signal.SIGKILL)
    before.wait()
    assert drawn() is not before
