"""What must hold at the end of a story: judged on what appeared at Telegram, never on our own rows."""

from collections import Counter
from dataclasses import dataclass, field

from holdline.lab.replay.witness import Sight


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """`promise` is one of lost, doubled, out of order, marketing while held, wrong gate decision…"""

    promise: str
    detail: str


@dataclass(slots=True)
class Account:
    """What one story said and what it was told; `held` are spans of the journal: (after, before)."""

    name: str
    replies: list[str] = field(default_factory=list)
    marketing: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    held: list[tuple[int, int]] = field(default_factory=list)
    in_dialog: list[str] = field(default_factory=list)
    in_general: list[str] = field(default_factory=list)
    crossed: int = 0


def find_broken(
    account: Account, chat: list[Sight], topic: list[Sight], inbox: list[str]
) -> list[BrokenPromise]:
    """`chat`: what the bot said to the customer; `topic`: in the dialog; `inbox`: texts of the customer's cards."""
    texts = [(sight.seq, str(sight.message.get("text", ""))) for sight in chat]
    mirrored = [str(sight.message.get("text", "")) for sight in topic]
    return [
        *_delivery_faults(account.name, "reply", account.replies, [text for _, text in texts]),
        *_delivery_faults(account.name, "marketing", account.marketing, [text for _, text in texts]),
        *_delivery_faults(account.name, "customer's message in the dialog", account.in_dialog, mirrored),
        *_delivery_faults(account.name, "customer's message in the Inbox", account.in_general, inbox),
        *_never(account, [text for _, text in texts]),
        *_quiet(account, texts),
    ]


def _delivery_faults(name: str, what: str, expected: list[str], actual: list[str]) -> list[BrokenPromise]:
    """Each exactly once and in the order said; other messages may stand between."""
    want, have = Counter(expected), Counter(actual)
    broken = [
        BrokenPromise("message lost", f"{name}: {what} {text!r}") for text in want if have[text] < want[text]
    ]
    broken += [
        BrokenPromise("message doubled", f"{name}: {what} {text!r}")
        for text in want
        if have[text] > want[text]
    ]
    if not broken and [text for text in actual if text in want] != expected:
        broken.append(BrokenPromise("out of order", f"{name}: {what}s"))
    return broken


def _never(account: Account, texts: list[str]) -> list[BrokenPromise]:
    return [
        BrokenPromise("dropped message sent", f"{account.name}: {text!r}")
        for text in account.never
        if text in texts
    ]


def _quiet(account: Account, texts: list[tuple[int, str]]) -> list[BrokenPromise]:
    """Inside a held span nothing automatic appears, but for what was already on the wire and is recorded so."""
    automatic = set(account.marketing) | set(account.never)
    inside = [
        text
        for seq, text in texts
        if text in automatic and any(after < seq < before for after, before in account.held)
    ]
    if len(inside) <= account.crossed:
        return []
    return [BrokenPromise("marketing inside a held interval", f"{account.name}: {text!r}") for text in inside]
