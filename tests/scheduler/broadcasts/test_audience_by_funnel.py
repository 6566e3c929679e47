"""An audience by funnels: who is in one, was in it, reached its goal, was never in it; and how many are estimated."""

from typing import Any

import pytest

from holdline.desk.broadcasts import audience_size
from holdline.desk.broadcasts.audience_size import AudienceSize, count_audience, size_of_audience
from holdline.dialogs.broadcasts.audience_filter import (
    EVERYBODY,
    AudienceFilter,
    FunnelCondition,
    FunnelStanding,
)
from holdline.dialogs.refusal import BadInput
from holdline.store.funnels import enrolments, funnels
from holdline.store.tx import Tx
from tests.scheduler.broadcasts.conftest import Mailing

RUNNING, ENDED, NEVER, GOAL = FunnelStanding


async def a_funnel(mailing: Mailing, name: str = "welcome") -> int:
    def made(tx: Tx) -> int:
        funnel_id = funnels.insert(tx, name)
        funnels.add_version(tx, funnel_id, name=name, definition={"steps": []}, entries=[])
        return funnel_id

    return await mailing.bench.store.act(made)


async def enrolled(mailing: Mailing, who: int, funnel_id: int, **ended: Any) -> None:
    """On the way, or as `ended` says."""

    def enter(tx: Tx) -> None:
        funnel, customer = funnels.load(tx, funnel_id), mailing.ids[who]
        made = enrolments.insert(tx, funnel=funnel, customer_id=customer, position="", entry="api")
        columns = {**({"ended_at": tx.at} if "state" in ended else {}), **ended}
        for name, value in columns.items():
            tx.run(f"UPDATE enrolments SET {name} = :value WHERE id = :id", value=value, id=made.id)

    await mailing.bench.store.act(enter)


@pytest.mark.row("M-05")
async def test_an_audience_is_narrowed_by_the_relation_to_a_funnel(mailing: Mailing) -> None:
    people = await mailing.people(5)
    now, before, again, bought, never = people
    welcome, other = await a_funnel(mailing), await a_funnel(mailing, "other")
    await enrolled(mailing, now, welcome)
    await enrolled(mailing, before, welcome, state="left")
    await enrolled(mailing, again, welcome, state="done")
    await enrolled(mailing, again, welcome)
    await enrolled(mailing, bought, welcome, state="done", goal="bought")
    await enrolled(mailing, never, other)
    cases: list[tuple[dict[str, list[tuple[int | str, FunnelStanding]]], list[int]]] = [
        ({"funnels": [(welcome, RUNNING)]}, [now, again]),
        ({"funnels": [("welcome", ENDED)]}, [before, bought]),
        ({"funnels": [(welcome, NEVER)]}, [never]),
        ({"funnels": [(welcome, GOAL)]}, [bought]),
        ({"exclude_funnels": [(welcome, RUNNING)]}, [before, bought, never]),
        ({"exclude_funnels": [(welcome, NEVER)]}, [now, before, again, bought]),
        ({"exclude_funnels": [(welcome, GOAL), (other, RUNNING)]}, [now, before, again]),
        ({"funnels": [(welcome, ENDED)], "exclude_funnels": [(welcome, GOAL)]}, [before]),
        ({"funnels": [(welcome, RUNNING), (other, RUNNING)]}, []),
    ]
    for narrowed, expected in cases:
        conditions = {
            field: tuple(FunnelCondition(*each) for each in asked) for field, asked in narrowed.items()
        }
        audience = AudienceFilter(**conditions)  # type: ignore[arg-type] # only these two fields
        stored = AudienceFilter.of(audience.as_json())
        assert stored == audience
        assert await mailing.bench.store.read(count_audience, audience=stored) == len(expected), narrowed
        broadcast_id = await mailing.create(audience=audience)
        await mailing.turns()
        reached = [line.customer_id for line in await mailing.lines(broadcast_id)]
        assert reached == [mailing.ids[who] for who in expected], narrowed


async def test_a_funnel_given_by_name_is_stored_by_its_id(mailing: Mailing) -> None:
    (who,) = await mailing.people(1)
    welcome = await a_funnel(mailing)
    await enrolled(mailing, who, welcome)
    audience = AudienceFilter(exclude_funnels=(FunnelCondition("welcome", RUNNING),))
    broadcast_id = await mailing.create(audience=audience)
    await mailing.bench.store.act(
        lambda tx: tx.run("UPDATE funnels SET name = 'hello' WHERE id = :id", id=welcome)
    )
    await mailing.turns()
    assert await mailing.lines(broadcast_id) == []


@pytest.mark.parametrize("unknown", ["nothing", 99])
async def test_an_unknown_funnel_names_its_field(mailing: Mailing, unknown: int | str) -> None:
    audience = AudienceFilter(exclude_funnels=(FunnelCondition(unknown, RUNNING),))
    with pytest.raises(BadInput) as refused:
        await mailing.create(audience=audience)
    assert refused.value.field == "audience.exclude_funnels.0.funnel"
    assert str(unknown) in refused.value.sentence()


async def test_the_size_of_a_large_audience_is_estimated_from_a_sample(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await mailing.people(1200)
    for who in people[::3]:
        await mailing.tag(who, "vip")
    store, vip = mailing.bench.store, AudienceFilter(tags=("vip",))
    assert await store.read(size_of_audience, audience=vip) == AudienceSize(400)
    monkeypatch.setattr(audience_size, "COUNTED_AT_ONCE", 1000)
    monkeypatch.setattr(audience_size, "_SIZE", 9)
    found = await store.read(size_of_audience, audience=vip)
    assert found.is_estimate and 350 <= found.number <= 450
    everybody = await store.read(size_of_audience, audience=EVERYBODY)
    assert everybody == AudienceSize(1200, is_estimate=True)
    assert str(everybody.number) == "1200", "shown to managers as it is"
