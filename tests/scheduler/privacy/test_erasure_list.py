"""The file that says who was erased."""

from datetime import UTC, datetime
from pathlib import Path

from holdline.scheduler.privacy.erasure_list import ErasureList

AT = datetime(2026, 11, 30, tzinfo=UTC)


def test_a_list_that_is_begun_again_while_the_desk_runs_is_read_with_its_own_key(tmp_path: Path) -> None:
    path = tmp_path / "erased.jsonl"
    running = ErasureList(path, 7)
    running.add(1, AT)
    path.unlink()
    running.add(2, AT)
    next_start = ErasureList(path, 7)
    assert [person.digest for person in next_start.people()] == [next_start.digest_of(2)]
