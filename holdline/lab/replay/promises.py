"""What must be true at the end of a story, judged by what appeared at Telegram, never by our own database."""

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
    """What one story sent and received. `held` are ranges of the journal: (after, before)."""

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
    """`chat`: the bot's messages to the customer; `topic`: those in the dialog's topic; `inbox`: texts of the
    customer's cards.
    """
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
    """Each message must appear exactly once and in the order sent; other messages may be in between."""
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
    """No automatic message may appear in a held range, except those that were in flight and are recorded as crossed."""
    automatic = set(account.marketing) | set(account.never)
    inside = [
        text
        for seq, text in texts
        if text in automatic and any(after < seq < before for after, before in account.held)
    ]
    if len(inside) <= account.crossed:
        return []
    return [BrokenPromise("marketing inside a held interval", f"{account.name}: {text!r}") for text in inside]
