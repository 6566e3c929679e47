"""The judge: what was said against what appeared at Telegram, and nothing else.

Everything that people and programs say ends with a mark of its own, `[w-3-17]`: the words of a person, whatever
the desk puts around them. A mark's number only rises, so its order needs no clock.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_COPIES = 3
_MARK = re.compile(r"\[([a-z]+)-(\d+)-(\d+)\]\Z")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """`stream` is who speaks to whom: w(rites), r(eplies), m(arketing), s(mart replies); `who` the customer."""

    stream: str
    who: int
    number: int

    def __str__(self) -> str:
        return f"[{self.stream}-{self.who}-{self.number}]"


@dataclass(frozen=True, slots=True)
class Seen:
    """A marked message from the bot, at its moment in Telegram's own journal."""

    seq: int
    chat: int
    thread: int
    mark: Mark


@dataclass(slots=True)
class Account:
    """What was said to and by one customer. `held`: spans of the journal, surely inside an active dialog.

    `perhaps` may be dropped on the way, `never` was refused when it was offered.
    """

    chat: int
    promised: list[Mark] = field(default_factory=list)
    perhaps: list[Mark] = field(default_factory=list)
    never: list[Mark] = field(default_factory=list)
    held: list[tuple[int, int]] = field(default_factory=list)


def mark_of(text: str) -> Mark | None:
    found = _MARK.search(text)
    return Mark(found[1], int(found[2]), int(found[3])) if found else None


def marks_of(text: str) -> list[Mark]:
    """As `mark_of`, with the marks of earlier lines of the same person: several lines may leave as one message."""
    last = mark_of(text)
    if last is None:
        return []
    marks = [mark for line in text.splitlines() if (mark := mark_of(line)) is not None]
    return [mark for mark in marks if (mark.stream, mark.who) == (last.stream, last.who)]


@dataclass(slots=True)
class Verdict:
    """`broken` in words, `lost` of them for lost messages; `extra` is how many messages appeared beyond the first time,
    `most` the worst of them.
    """

    broken: list[str]
    lost: int
    messages: int
    extra: int
    most: int


def judged(accounts: Iterable[Account], seen: list[Seen], *, group: int) -> Verdict:
    """`seen` is in the order of the journal. Automatic messages are ignored in the staff group, where an opening dialog
    lists them.
    """
    accounts = list(accounts)
    seen = [one for one in seen if one.chat != group or one.mark.stream not in ("m", "s")]
    lost = _lost(accounts, seen, group)
    broken = [
        *lost,
        *_disordered(seen),
        *_leaked(accounts, seen),
        *_strayed(seen, group),
    ]
    copies = Counter((one.chat, one.thread, one.mark) for one in seen)
    broken += [
        f"{mark} appeared {times} times in {chat}/{thread}"
        for (chat, thread, mark), times in copies.items()
        if times > MOST_COPIES
    ]
    return Verdict(
        broken,
        lost=len(lost),
        messages=sum(len(account.promised) for account in accounts),
        extra=sum(times - 1 for times in copies.values()),
        most=max(copies.values(), default=0),
    )


def _lost(accounts: list[Account], seen: list[Seen], group: int) -> list[str]:
    shown = {(one.chat, one.mark) for one in seen}
    return [
        f"{mark} was lost"
        for account in accounts
        for mark in account.promised
        if (group if mark.stream == "w" else account.chat, mark) not in shown
    ]


def _disordered(seen: list[Seen]) -> list[str]:
    """In one place one stream only rises; a copy may follow itself at once, before its successor has appeared."""
    places: dict[tuple[int, int, str, int], list[Mark]] = defaultdict(list)
    for one in seen:
        places[(one.chat, one.thread, one.mark.stream, one.mark.who)].append(one.mark)
    return [
        f"{later} appeared after {earlier} in {chat}/{thread}"
        for (chat, thread, _, _), marks in places.items()
        for earlier, later in itertools.pairwise(marks)
        if later.number < earlier.number
    ]


def _leaked(accounts: list[Account], seen: list[Seen]) -> list[str]:
    """Nothing automatic inside a held span, and nothing ever of what was refused."""
    spans = {account.chat: account.held for account in accounts}
    refused = {mark for account in accounts for mark in account.never}
    automatic = [one for one in seen if one.mark.stream in ("m", "s")]
    return [
        f"{one.mark} appeared while a dialog was active (event {one.seq})"
        for one in automatic
        if any(after < one.seq < before for after, before in spans.get(one.chat, []))
    ] + [f"{one.mark} had been dropped and appeared" for one in automatic if one.mark in refused]


def _strayed(seen: list[Seen], group: int) -> list[str]:
    """A customer's words appear in the desk's places, everything else in that customer's chat."""
    chats: dict[int, int] = {}
    strays = []
    for one in seen:
        if (one.chat == group) != (one.mark.stream == "w"):
            strays.append(f"{one.mark} appeared in {one.chat}")
        elif one.chat != group and chats.setdefault(one.mark.who, one.chat) != one.chat:
            strays.append(f"{one.mark} appeared in another customer's chat {one.chat}")
    return strays
