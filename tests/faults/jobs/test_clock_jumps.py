"""T29: the clock is set forward and back while timers wait. None fires twice and none is lost,
and the doctor finds no moment that this clock cannot have shown."""

import random
from datetime import timedelta

from holdline.dialogs.gate import MessageClass
from holdline.store.invariants import find_violations
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.scheduler.conftest import Bench

HOUR, DAY = 3600, 86_400
STEPS = (HOUR, -HOUR, DAY, -DAY, 61, -61, -2, HOUR + 1, -3 * HOUR)
TIMERS_A_JUMP = 2
LATEST_SECONDS = 2 * DAY
ENDS_WITHIN_ROUNDS = 500


async def test_every_timer_fires_exactly_once_while_the_clock_jumps(bench: Bench) -> None:
    jumps, seed = get_size("HOLDLINE_JUMPS", 12), get_seed(20_261_130)
    dice, left, keys = random.Random(seed), list[str](), list[str]()
    for _ in range(jumps):
        for _ in range(TIMERS_A_JUMP):
            keys.append(f"timer {len(keys)}")
            due = bench.clock.now() + timedelta(seconds=dice.choice((0, 5, dice.randrange(LATEST_SECONDS))))
            await bench.add(
                keys[-1], MessageClass.MANAGER, due_at=due, chat_id=600 + len(keys) % 5, customer_id=None
            )
        step = dice.choice(STEPS)
        bench.clock.jump(step)
        left += await bench.drain(dice.choice((5, 30)))
        bench.clock.advance(dice.choice((0, 1, HOUR)))
    for _ in range(ENDS_WITHIN_ROUNDS):
        if len(set(left)) == len(keys):
            break
        bench.clock.advance(HOUR)
        left += await bench.drain(30)
    bench.clock.advance(2 * DAY)  # moments written before the last step have passed
    found = await bench.store.read(find_violations)
    lost, doubled = len(keys) - len(set(left)), len(left) - len(set(left))
    report(
        Figures(
            tried=jumps, lost=lost, doubled=doubled, broken=len(found), seed=seed, note=f"{len(keys)} timers"
        )
    )
    assert (lost, doubled, found) == (0, 0, [])
