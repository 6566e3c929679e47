"""T30: many keys, each used fifty times at once, with other bodies among them, a lost answer and a restart."""

import asyncio
import random
from typing import Any

import httpx

from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.web.app import build_app
from tests.conftest import BOT
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.web.conftest import Api, api, client_of

__all__ = ["api"]
AT_ONCE = 50
KEYS_AT_ONCE = 5


async def test_each_of_many_keys_has_one_effect_and_one_answer(store_url: str, api: Api) -> None:
    keys, seed = get_size("HOLDLINE_KEYS", 4), get_seed(20_261_130)
    dice, wrong, first = random.Random(seed), 0, dict[int, bytes]()
    for start in range(0, keys, KEYS_AT_ONCE):
        some = range(start, min(keys, start + KEYS_AT_ONCE))
        calls = [(key, copy % 10 == 9) for key in some for copy in range(AT_ONCE)]
        dice.shuffle(calls)
        for key in some:
            first[key] = (await _called(api, key)).content if key % 2 else await _called_in_vain(api, key)
        answers = await asyncio.gather(*(_called(api, key, other) for key, other in calls))
        for (key, other), answer in zip(calls, answers, strict=True):
            fits = (
                answer.status_code == 409
                if other
                else (answer.status_code, answer.content) == (202, first[key])
            )
            wrong += not fits
    again = Store(store_url, bot_id=BOT, clock=api.store.clock)
    await again.start()
    async with client_of(build_app(again)) as client:
        repeated = [await _called(Api(**{**api.__dict__, "client": client}), key) for key in range(keys)]
    found = await again.read(find_violations)
    await again.close()
    wrong += sum(answer.content != first[key] for key, answer in enumerate(repeated))
    said = await api.store.read(
        lambda tx: tx.all("SELECT m.text FROM outbox o JOIN messages m ON m.id = o.message_id")
    )
    effects = [row["text"] for row in said]
    lost, doubled = keys - len(set(effects)), len(effects) - len(set(effects))
    report(
        Figures(
            tried=keys * AT_ONCE,
            lost=lost,
            doubled=doubled,
            broken=wrong + len(found),
            seed=seed,
        )
    )
    assert (wrong, doubled, found) == (0, 0, [])
    assert sorted(effects) == sorted(f"No {key}" for key in range(keys))


async def _called(api: Api, key: int, other: bool = False) -> httpx.Response:
    return await api.call(
        "POST", "/outbound", api.ad(text="Other" if other else f"No {key}"), key=f"key-{key}"
    )


async def _called_in_vain(api: Api, key: int) -> bytes:
    """The effect is committed and its answer lost; the answer that a repeat gets."""
    real = api.store.engine

    class Silent:
        name = real.name

        async def read(self, work: Any) -> Any:
            return await real.read(work)

        async def write(self, work: Any) -> Any:
            await real.write(work)
            raise ConnectionResetError("the answer is lost")

    api.store.engine = Silent()
    lost = False
    try:
        await _called(api, key)
    except ConnectionResetError:
        lost = True
    finally:
        api.store.engine = real
    assert lost
    return (await _called(api, key)).content
