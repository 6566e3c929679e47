"""What an erasure would do, and what it has done, in figures."""

from dataclasses import dataclass

from holdline.dialogs.refusal import NotFound
from holdline.store.privacy import copies, erasures
from holdline.store.privacy.counting import count_rows
from holdline.store.privacy.erasures import Erasure
from holdline.store.privacy.person import PersonIds
from holdline.store.tx import Tx
from holdline.texts.figures import count_of


def figures_before(tx: Tx, *, person: PersonIds) -> list[str]:
    """A line for each table with rows of the person, and one for the copies at Telegram."""
    lines = [f"{table}: {count_of(number, 'row')}" for table, number in count_rows(tx, person).items()]
    found = copies.messages_of(tx, person)
    old = sum(not row["is_deletable"] for row in found)
    messages, topics = (
        count_of(len(found) - old, "message"),
        count_of(len(copies.topics_of(tx, person)), "topic"),
    )
    line = f"Telegram: {messages} and {topics} can be deleted"
    too_old = f", {count_of(old, 'message')} {'is' if old == 1 else 'are'} too old" if old else ""
    return [*lines, line + too_old]


@dataclass(frozen=True, slots=True)
class ErasureProgress:
    """The job, and its deletions at Telegram by outcome: calls of up to a hundred messages, or a topic, each."""

    erasure: Erasure
    done: int
    waiting: int
    refused: int


def erasure_progress(tx: Tx, *, erasure_id: int) -> ErasureProgress:
    """Raises NotFound if this bot has no such erasure."""
    erasure = erasures.by_id(tx, erasure_id)
    if erasure is None:
        raise NotFound("erasure", erasure_id)
    calls = copies.count_deletions(tx, erasure_id)
    waiting = calls.get("queued", 0) + calls.get("sending", 0)
    return ErasureProgress(erasure, calls.get("sent", 0), waiting, calls.get("cancelled", 0))


def figures_after(tx: Tx, *, erasure_id: int) -> list[str]:
    """What was done, and what Telegram has deleted so far or has refused to."""
    progress = erasure_progress(tx, erasure_id=erasure_id)
    erasure = progress.erasure
    figures = erasure.figures
    lines = [f"Customer {erasure.customer_id} is erased: {count_of(figures.get('rows', 0), 'row')}."]
    if erasure.keeps_copies:
        return [*lines, "Messages at Telegram were left as they are."]
    topics, messages = (count_of(figures.get(f"{noun}s", 0), noun) for noun in ("topic", "message"))
    lines.append(
        f"At Telegram: {topics} and {messages} to delete; calls done: {progress.done}, waiting: {progress.waiting}, "
        f"refused: {progress.refused}."
    )
    if old := figures.get("too_old"):
        them = "it" if old == 1 else "them"
        verb = "is" if old == 1 else "are"
        lines.append(
            f"{count_of(old, 'message')} {verb} older than 48 hours: Telegram does not delete {them}."
        )
    return lines


def is_left_in_flight(tx: Tx, *, erasure_id: int) -> bool:
    """Whether the erasure waits for a call in flight. If no desk is running, no process will ever settle that call."""
    erasure = erasures.by_id(tx, erasure_id)
    return erasure is not None and erasure.state == "copies" and copies.is_calling(tx, erasure.person)
