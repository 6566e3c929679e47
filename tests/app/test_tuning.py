"""The desk stays on one of the cores that it may use."""

import os
import subprocess
import sys

import pytest

from holdline.app.tuning import least_busy, quick_loop
from tests.app.desk_process import ROOT

ASK = """
import os, threading
from holdline.app.tuning import stay_on_one_core
{before}
stay_on_one_core()
found = []
thread = threading.Thread(target=lambda: found.append(os.sched_getaffinity(0)))
thread.start(); thread.join()
print(len(os.sched_getaffinity(0)), found[0] == os.sched_getaffinity(0), min(os.sched_getaffinity(0)))
"""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system lets no program choose its cores"
)


def asked(before: str = "") -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", ASK.format(before=before)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.splitlines()[-1].split()


def test_the_program_and_its_threads_use_one_core() -> None:
    count, same, core = asked()
    assert (count, same) == ("1", "True")
    assert int(core) in os.sched_getaffinity(0)


def test_a_core_chosen_from_outside_is_kept() -> None:
    last = max(os.sched_getaffinity(0))
    assert asked(f"os.sched_setaffinity(0, {{{last}}})")[2] == str(last)


def test_after_the_imports_garbage_collection_runs_without_the_imported_objects() -> None:
    code = (
        "import gc, sys; from holdline.app.wiring import intake_builder; intake_builder(); "
        "sys.exit(0 if gc.isenabled() and gc.get_freeze_count() > 100_000 else 9)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_uvloop_is_used_if_installed() -> None:
    loop = quick_loop()
    assert loop is not None, "uvloop belongs to what Holdline installs here"
    made = loop()
    made.close()
    assert type(made).__module__.startswith("uvloop")


BEFORE = """cpu  9 0 9 900 9
cpu0 500 0 50 1000 5 0 3
cpu1 9 0 9 4000 5 0 0
cpu2 9 0 9 4000 5 0 0
intr 5"""


def read_later(*idle: int) -> str:
    return "\n".join(f"cpu{core} 600 0 60 {ticks} 5 0 3" for core, ticks in enumerate(idle))


def test_the_least_busy_core_is_taken_whatever_the_process_number() -> None:
    later = read_later(1010, 4001, 4003)
    assert {least_busy(BEFORE, later, [0, 1, 2], number=number) for number in range(6)} == {0}
    assert least_busy(BEFORE, read_later(1000, 4003, 4010), [0, 1], number=0) == 1, "only what is allowed"


def test_desks_started_on_an_idle_machine_use_different_cores() -> None:
    later = read_later(1010, 4009, 4010)
    assert {least_busy(BEFORE, later, [0, 1, 2], number=number) for number in range(3)} == {0, 1, 2}
    assert {least_busy("", "", [0, 1], number=number) for number in range(2)} == {0, 1}, "no /proc here"


def test_a_sender_imports_nothing_that_it_never_needs() -> None:
    """Each of these is megabytes of an idle process."""
    code = (
        "import sys, holdline.app.main; from holdline.app.lean_imports import leave_out_rich; leave_out_rich(); "
        "import holdline.app.run_desk, holdline.web.probes; "
        "found = {'rich', 'graphlay', 'aiogram', 'holdline.web.app'} & set(sys.modules); sys.exit(' '.join(found))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stderr.strip() == ""
