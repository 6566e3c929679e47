"""Walks of customers through one funnel, and the checks that each walk must pass.

Every message contains its step and the number of the walk, such as `C 3`, so Telegram's journal is enough to judge.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

WAIT, WITHIN = 1.0, 2.0
CLOCK_SLACK = 0.02
"""Seconds by which the clocks of Telegram and the desk, read in two processes, may differ."""
STOP_WORD, CITY, NOWHERE, FOR_THE_MANAGER = "enough", "Gdynia", "nowhere", "for the manager"


def _says(step: str) -> dict[str, object]:
    return {"send": {"text": f"{step} {{field.walk|0}}"}}


_LEFT = {"text": "Left", "then": [{"tag": "left"}, _says("Left")]}
_RIGHT = {"text": "Right", "then": [{"untag": "left"}, _says("Right")]}
FUNNEL = {
    "name": "Walk",
    "entry": {"start": "walk"},
    "stop_words": [STOP_WORD],
    "steps": [
        _says("A"),
        {"wait": f"{WAIT:g}s"},
        {
            "question": {
                "text": "B {field.walk|0}",
                "name": "city",
                "field": "city",
                "within": f"{WITHIN:g}s",
            },
            "else": [_says("Silent")],
        },
        {
            "send": {"text": "C {field.walk|0}", "buttons": [_LEFT, _RIGHT], "within": f"{WITHIN:g}s"},
            "else": [{"untag": "left"}, _says("Nothing")],
        },
        {"wait": f"{WAIT:g}s"},
        {"if": {"tag": "left"}, "then": [_says("West")], "else": [_says("East")]},
        {"goal": "read"},
        {"send": {"text": "E {field.walk|0} {field.city|" + NOWHERE + "}"}},
    ],
}
PLACES = (("A",), ("B",), ("Silent",), ("C",), ("Left", "Right", "Nothing"), ("West", "East"), ("E",))
_PLACE_OF = {step: number for number, steps in enumerate(PLACES) for step in steps}
_MAY_BE_LEFT_OUT = {_PLACE_OF["Silent"]}


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a walk. `seq` and `at` are from Telegram's journal."""

    seq: int
    at: float
    name: str
    words: str = ""


@dataclass(slots=True)
class Walk:
    """`may_end_early`: the customer wrote the stop word or /stop. `state`: the final state that the desk reports."""

    who: int
    number: int
    may_end_early: bool = False
    state: str = "running"
    steps: list[Step] = field(default_factory=list)

    def __str__(self) -> str:
        return f"walk {self.who}.{self.number}"


def step_of(seq: int, at: float, text: str) -> tuple[int, Step] | None:
    """The number of the walk and the step. None if the text is not a message of the funnel."""
    name, _, more = text.partition(" ")
    number, _, words = more.partition(" ")
    if name not in _PLACE_OF or not number.isdigit():
        return None
    return int(number), Step(seq, at, name, words)


def extra_copies(walks: Iterable[Walk]) -> int:
    """The number of repeated copies of messages."""
    return sum(times - 1 for walk in walks for times in Counter(step.name for step in walk.steps).values())


def broken_promises(walk: Walk) -> list[str]:
    """A sentence for each fault of the walk."""
    places = [_PLACE_OF[step.name] for step in walk.steps]
    names = list(dict.fromkeys(step.name for step in walk.steps))
    there = {_PLACE_OF[name] for name in names}
    wanted = set(range(len(PLACES))) - _MAY_BE_LEFT_OUT
    found = []
    if places != sorted(places):
        found.append(f"{walk}: order broken: {[step.name for step in walk.steps]}")
    if len(names) != len(there):
        found.append(f"{walk}: went two ways: {names}")
    reached = (
        wanted if walk.state == "done" else {place for place in wanted if place <= max(places, default=-1)}
    )
    if skipped := reached - there:
        found.append(f"{walk}: skipped {[PLACES[place] for place in skipped]}: {names}")
    if walk.state != "done" and not walk.may_end_early:
        found.append(f"{walk}: ended as {walk.state} without a reason")
    if ("West" in names or "East" in names) and ("West" in names) != ("Left" in names):
        found.append(f"{walk}: the tag is not of the way that was taken: {names}")
    if any(step.name == "E" and step.words not in (CITY, NOWHERE) for step in walk.steps):
        found.append(f"{walk}: took for an answer what was meant for a person: {walk.steps[-1].words}")
    return found + _short_delays(walk)


def _short_delays(walk: Walk) -> list[str]:
    """A delay counts from the last copy of the message before it, the only copy that the desk knows was sent."""
    first: dict[str, float] = {}
    last: dict[str, float] = defaultdict(float)
    for step in walk.steps:
        first.setdefault(step.name, step.at)
        last[step.name] = max(last[step.name], step.at)
    gaps = [("A", "B", WAIT), ("B", "Silent", WITHIN), ("C", "Nothing", WITHIN)]
    gaps += [(before, after, WAIT) for before in PLACES[4] for after in PLACES[5]]
    return [
        f"{walk}: {after} came {first[after] - last[before]:.3f} s after {before}, not {seconds:g}"
        for before, after, seconds in gaps
        if before in first and after in first and first[after] - last[before] < seconds - CLOCK_SLACK
    ]
