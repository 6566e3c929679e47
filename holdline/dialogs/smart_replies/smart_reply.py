"""A smart reply: when it answers, and with what. An exact match takes precedence over a similar question."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.patterns import ONE_REGEX_SECONDS, search, words_in
from holdline.dialogs.text.wording import whole_text

When = Literal["inside", "outside"]
WHENS: tuple[When, ...] = get_args(When)
Feedback = Literal["helped", "person"]

MOST_REPLIES, MOST_QUESTIONS = 20_000, 200
LONGEST_NAME, LONGEST_QUESTION = 128, 500
ONCE_IN = timedelta(minutes=5)
"""A customer gets the same reply at most once in this time."""
PERSON_TALKS_FOR = timedelta(minutes=15)
"""No smart reply is sent if somebody of the desk has written to the customer within this time."""
PERSON_AWAITED_FOR = timedelta(days=7)
"""A customer who asked for a person gets no smart reply until one has written, or for at most this time."""
DEFAULT_THRESHOLD, LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 0.85, 0.5, 0.99
_ALL_REGEXES_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class SmartReply:
    """It answers if a word of `any_of` is in the text, the expression matches, or a question is similar.

    `hours` is a calendar's name: it answers only inside its hours, or only outside. Lower `position` is checked
    first.
    """

    id: int
    name: str
    answer: str
    any_of: tuple[str, ...] = ()
    regex: str | None = None
    questions: tuple[str, ...] = ()
    hours: str | None = None
    calendar_id: int | None = None
    when: When = "inside"
    active: bool = True
    position: int = 0


@dataclass(frozen=True, slots=True)
class ReplyCounts:
    """How often it answered, how often the customer said it helped, and how often they asked for a person."""

    answers: int = 0
    helped: int = 0
    to_person: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The reply for a text. `score` is 0 to 1; 1 for an exact match. `source` is rule, faq or model."""

    reply: SmartReply
    score: float
    source: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The result for a text: no suggestion if no reply is certain enough. `score` is that of the best reply."""

    suggestion: Suggestion | None = None
    score: float = 0.0


Guess = Callable[[str, frozenset[int]], tuple[int, float] | None]
"""Returns the most likely of these replies by their questions, and the probability that it answers the text."""


@dataclass(frozen=True, slots=True)
class ReplyChoice:
    """How a reply is chosen: the replies in order, how questions are compared, and the lowest accepted score."""

    replies: Sequence[SmartReply]
    guess: Guess
    threshold: float = DEFAULT_THRESHOLD
    by_id: dict[int, SmartReply] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {reply.id: reply for reply in self.replies})

    def try_text(self, text: str) -> Trial:
        exact = _first_fitting(self.replies, text)
        if exact is not None:
            return Trial(Suggestion(exact, 1.0, "rule"), 1.0)
        asked = frozenset(reply.id for reply in self.replies if reply.questions)
        guessed = self.guess(text, asked) if asked else None
        if guessed is None:
            return Trial()
        reply_id, score = guessed
        is_sure = score >= self.threshold
        return Trial(Suggestion(self.by_id[reply_id], score, "faq") if is_sure else None, score)


def _first_fitting(replies: Iterable[SmartReply], text: str) -> SmartReply | None:
    """The first reply whose words or expression match. An expression that times out does not match."""
    words, ends_at = f"{words_in(text)} ", time.monotonic() + _ALL_REGEXES_SECONDS
    for reply in replies:
        if any(f"{words_in(word)} " in words for word in reply.any_of):
            return reply
        seconds = min(ONE_REGEX_SECONDS, ends_at - time.monotonic())
        if reply.regex is not None and seconds > 0 and search(reply.regex, text, seconds=seconds):
            return reply
    return None


def valid_questions(questions: Sequence[str]) -> list[str]:
    """The questions without duplicates, each on one line. Raises BadInput for one without a word, one too long, or too
    many.
    """
    if len(questions) > MOST_QUESTIONS:
        raise BadInput("questions", "smart.too_many_questions", limit=MOST_QUESTIONS)
    cleaned = []
    for question in questions:
        one = " ".join(whole_text(question, field="question", limit=LONGEST_QUESTION).split())
        if not words_in(one):
            raise BadInput("question", "smart.question_rule")
        cleaned.append(one)
    return list(dict.fromkeys(cleaned))


def valid_answer(answer: object) -> str:
    return whole_text(answer, field="answer", limit=TEXT_LIMIT)


def valid_when(when: object) -> When:
    for known in WHENS:
        if when == known:
            return known
    raise BadInput("when", "smart.when_rule")


def valid_threshold(share: float) -> float:
    if not LOWEST_THRESHOLD <= share <= HIGHEST_THRESHOLD:
        bounds = {"lowest": f"{LOWEST_THRESHOLD:.0%}", "highest": f"{HIGHEST_THRESHOLD:.0%}"}
        raise BadInput("threshold", "robots.threshold_rule", **bounds)
    return share
