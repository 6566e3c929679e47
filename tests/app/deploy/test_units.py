"""systemd accepts the shipped units without a warning."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.app.command_line import holdline

DEPLOY = Path(__file__).parents[3] / "examples/deploy"
UNITS = ("holdline.service", "holdline-backup.service", "holdline-backup.timer")
ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed: the units are not verified")
def test_systemd_accepts_the_units_without_warnings(tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/holdline/.venv/bin/holdline", "/bin/true"))
    units = [str(tmp_path / name) for name in UNITS]
    told = subprocess.run([ANALYZE or "", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in told.stderr.splitlines() if "holdline" in line]
    assert (told.returncode, ours) == (0, [])


def test_every_command_of_the_units_exists_with_its_options(tmp_path: Path) -> None:
    used = {
        words.group(1): re.findall(r"--[a-z-]+", words.group(0))
        for name in UNITS
        for words in re.finditer(r"bin/holdline (\w+)[^'\n]*", (DEPLOY / name).read_text(encoding="utf-8"))
    }
    assert set(used) == {"run", "backup"} and all(used.values())
    for command, options in used.items():
        explained = holdline(command, "--help", folder=tmp_path).stdout
        assert [option for option in options if option not in explained] == []


def test_the_timer_starts_the_service_of_its_name() -> None:
    timer = (DEPLOY / "holdline-backup.timer").read_text(encoding="utf-8")
    assert "Unit=" not in timer and (DEPLOY / "holdline-backup.service").exists()
    written = re.findall(r"ReadWritePaths=(.+)", (DEPLOY / "holdline.service").read_text(encoding="utf-8"))
    assert "/var/backups/holdline" in written[0].split()
