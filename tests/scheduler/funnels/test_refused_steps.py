"""A step whose content Telegram refuses three times in a row pauses its funnel."""

from dataclasses import replace

import pytest

from holdline.desk.customers.customers import get_or_create_customer
from holdline.desk.funnels.definitions import switch_funnel
from holdline.desk.funnels.enrolments import enrol
from holdline.dialogs.funnels.enrolment import Funnel
from holdline.scheduler.funnels import move_enrolments
from holdline.screens.render import render
from holdline.store.funnels import funnels
from holdline.telegram.outcomes import Action, Refused
from tests.scheduler.conftest import ANNA, no
from tests.scheduler.funnels.kit import Runs

BAD = no(Action.PARK, "Bad Request: wrong file identifier/HTTP URL specified")
OTHER = no(Action.PARK, "Bad Request: message is too long")
EMPTY = no(Action.PARK, "Bad Request: message text is empty")
BLOCKED = no(Action.BLOCKED, "Forbidden: bot was blocked by the user", 403)
HELLO, NEXT = {"send": {"text": "Hello"}}, {"send": {"text": "next"}}


async def enter(runs: Runs, funnel_id: int, *numbers: int) -> None:
    for number in numbers:
        sender = replace(ANNA, telegram_id=ANNA.telegram_id + 100 + number, name=f"Guest {number}")
        await runs.bench.store.act(get_or_create_customer, sender=sender)
        await runs.bench.store.act(enrol, funnel_id=funnel_id, telegram_id=sender.telegram_id)


async def answered(runs: Runs, *answers: Refused | None, limit: int = 50, moves: bool = True) -> list[str]:
    """The messages that leave now, in order; Telegram gives those answers, one to each, and takes the rest."""
    waiting, left = list(answers), []
    if moves:
        await move_enrolments(runs.bench.store)
    for begun in await runs.bench.begin(limit=limit, render=render):
        refused = waiting.pop(0) if begun.is_marketing and waiting else None
        await runs.bench.settle(begun, refused)
        if begun.is_marketing and refused is None:
            left.append(begun.call.params["text"])
    runs.bench.clock.advance(2)
    return left


async def funnel_now(runs: Runs, funnel_id: int) -> Funnel:
    return await runs.bench.store.read(lambda tx: funnels.load(tx, funnel_id))


@pytest.mark.row("M-15")
async def test_three_equal_refusals_pause_a_funnel_and_notify_managers_who_may_resume_it(runs: Runs) -> None:
    funnel_id = await runs.funnel(HELLO, NEXT)
    await enter(runs, funnel_id, *range(3))
    assert await answered(runs, BAD, BAD, BAD) == []
    funnel = await funnel_now(runs, funnel_id)
    assert not funnel.active and funnel.refused is not None
    assert (funnel.refused.version, funnel.refused.address) == (1, "0")
    assert "wrong file identifier" in funnel.refused.reason
    (told,) = await runs.bench.all("SELECT chat_id, payload_json FROM outbox WHERE kind = 'desk_notice'")
    assert told["payload_json"]["key"] == "funnel_windows.paused_refused"
    assert told["payload_json"]["words"]["excerpt"] == "Hello"
    assert await answered(runs) == [], "nobody goes on while it is paused"
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=True)
    assert (await funnel_now(runs, funnel_id)).refused is None
    assert await answered(runs) == ["next", "next", "next"]


@pytest.mark.parametrize(
    "answers",
    [(BAD, BAD, None, BAD), (BAD, OTHER, BAD, OTHER), (BLOCKED, BLOCKED, BLOCKED, BLOCKED)],
    ids=["one arrived", "not equal", "about the reader"],
)
async def test_fewer_or_different_refusals_do_not_pause_the_funnel(
    runs: Runs, answers: tuple[Refused | None, ...]
) -> None:
    funnel_id = await runs.funnel(HELLO, NEXT)
    await enter(runs, funnel_id, *range(4))
    await answered(runs, *answers)
    assert (await funnel_now(runs, funnel_id)).active


async def test_a_text_with_values_missing_for_some_customers_does_not_pause_the_funnel(runs: Runs) -> None:
    funnel_id = await runs.funnel({"send": {"text": "{field.city|}"}}, NEXT)
    await enter(runs, funnel_id, *range(3))
    assert await answered(runs, EMPTY, EMPTY, EMPTY) == []
    assert (await funnel_now(runs, funnel_id)).active
    assert await answered(runs) == ["next", "next", "next"]


@pytest.mark.parametrize("is_corrected", [False, True])
async def test_a_resumed_funnel_pauses_again_unless_a_newer_version_is_loaded(
    runs: Runs, is_corrected: bool
) -> None:
    """Nobody can correct an older version, so its customers go on without the message."""
    funnel_id = await runs.funnel(HELLO, NEXT)
    await enter(runs, funnel_id, *range(6))
    await answered(runs, BAD, BAD, BAD, limit=3)
    if is_corrected:
        await runs.change(funnel_id, {"send": {"text": "Hello again"}}, NEXT)
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=True)
    await answered(runs, BAD, BAD, BAD, moves=False)
    assert (await funnel_now(runs, funnel_id)).active is is_corrected


@pytest.mark.parametrize(
    ("steps", "is_active"),
    [([{"send": {"text": "Hello again"}}, NEXT], True), ([{"wait": "1h"}, HELLO, NEXT], False)],
    ids=["corrected", "still there"],
)
async def test_refusals_of_a_corrected_message_do_not_pause_the_funnel(
    runs: Runs, steps: list[dict[str, object]], is_active: bool
) -> None:
    funnel_id = await runs.funnel(HELLO, NEXT)
    await enter(runs, funnel_id, *range(3))
    await answered(runs, BAD, BAD, limit=2)
    await runs.change(funnel_id, *steps)
    await answered(runs, BAD, moves=False)
    assert (await funnel_now(runs, funnel_id)).active is is_active


async def test_a_funnel_paused_by_a_manager_stays_paused_by_them(runs: Runs) -> None:
    funnel_id = await runs.funnel(HELLO, NEXT)
    await enter(runs, funnel_id, *range(3))
    begun = [one for one in await runs.bench.begin(limit=50, render=render) if one.is_marketing]
    await runs.bench.store.act(switch_funnel, funnel_id=funnel_id, active=False)
    for one in begun:
        await runs.bench.settle(one, BAD)
    funnel = await funnel_now(runs, funnel_id)
    assert (funnel.active, funnel.refused) == (False, None)
    assert await runs.bench.all("SELECT id FROM outbox WHERE kind = 'desk_notice'") == []
