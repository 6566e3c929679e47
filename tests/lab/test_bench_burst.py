"""The bench of the staff group counts the messages that are really in the group."""

from pathlib import Path

from holdline.lab.bench import burst


async def test_a_burst_and_a_flow_are_measured_with_a_baseline_of_the_same_run(tmp_path: Path) -> None:
    found = {one.name: one for one in await burst.measure(tmp_path, store=None)}
    assert set(found) == {"burst_into_one_group", "steady_into_one_group_p50"}
    assert all(one.figure > 0 and one.floor > 0 for one in found.values())
