"""The bench of intake, relay and drain, in small: desk and floor do the same work, and both are counted."""

from pathlib import Path

from holdline.lab.bench import drain, intake, relay
from holdline.lab.bench.scenario import Scenario


def check(found: list[Scenario], *names: str) -> None:
    assert [one.name for one in found] == list(names)
    assert all(one.figure > 0 and one.floor > 0 for one in found)


async def test_intake_by_webhook_is_measured(tmp_path: Path) -> None:
    check(await intake.measure(tmp_path, store=None, updates=20, ways=("webhook",)), "intake_webhook")


async def test_relay_through_topics_by_two_processes_is_measured(tmp_path: Path, postgres_url: str) -> None:
    found = await relay.measure(
        tmp_path,
        store=postgres_url,
        processes=2,
        workplace=relay.Workplace.TOPICS,
        rounds=1,
        customers=2,
    )
    name = "relay_topics_2_processes"
    check(found, name, f"{name}_p50", f"{name}_p99", f"{name}_memory")


async def test_drain_to_different_chats_is_measured(tmp_path: Path) -> None:
    check(await drain.measure(tmp_path, store=None, messages=40), "drain_without_limits")
