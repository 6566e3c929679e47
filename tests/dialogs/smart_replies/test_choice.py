"""Which reply answers a text: exact rules in their order, then the most similar question."""

import time

import pytest

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.smart_replies.question_index import QuestionIndex
from holdline.dialogs.smart_replies.smart_reply import (
    ReplyChoice,
    SmartReply,
    valid_questions,
    valid_threshold,
    valid_when,
)

ENGLISH = {
    "How do I reset my password?": "password",
    "What are your opening hours?": "hours",
    "How can I return an item?": "return",
    "Where is my order?": "order",
}
RUSSIAN = {"Как вернуть товар?": "return", "Какой у вас график работы?": "hours", "Где мой заказ?": "order"}
POLISH = {
    "Jak zwrócić towar?": "return",
    "Jakie są godziny otwarcia?": "hours",
    "Gdzie jest moja paczka?": "order",
}


def index_of(pairs: dict[str, str]) -> QuestionIndex:
    index = QuestionIndex()
    index.update({(number, 0): pair for number, pair in enumerate(pairs.items())})
    return index


def answer_of(pairs: dict[str, str], text: str, *, threshold: float = 0.85) -> str | None:
    guessed = index_of(pairs).guess(text, frozenset(range(len(pairs))))
    return list(pairs.values())[guessed[0]] if guessed and guessed[1] >= threshold else None


def choice_of(*replies: SmartReply) -> ReplyChoice:
    index = QuestionIndex()
    index.update(
        {(reply.id, 0): (question, reply.answer) for reply in replies for question in reply.questions}
    )
    return ReplyChoice(replies, index.guess)


@pytest.mark.parametrize(
    ("keyword", "text", "fits"),
    [
        ("refund", "REFUND please", True),
        ("refund", "I want my refund!", True),
        ("refund", "refunds", False),
        ("cat", "the catalog", False),
        ("возврат", "Хочу ВОЗВРАТ", True),
        ("возврат", "возвраты", False),
        ("еще", "Ещё раз", True),
        ("zwrot", "Proszę o ZWROT.", True),
        ("paczkę", "gdzie zgubili paczke", True),
        ("money back", "my money, back now", True),
        ("money back", "back money", False),
        ("c++", "is c++ taught?", True),
    ],
)
def test_a_keyword_is_a_whole_word_in_any_case(keyword: str, text: str, fits: bool) -> None:
    trial = choice_of(SmartReply(1, "One", "Yes", any_of=(keyword,))).try_text(text)
    assert (trial.suggestion is not None, trial.score) == (fits, 1.0 if fits else 0.0)


def test_exact_rules_go_before_questions_and_in_their_order() -> None:
    asked = SmartReply(1, "FAQ", "by question", questions=("Where is my order?",), position=1)
    first = SmartReply(2, "Words", "by words", any_of=("order",), position=2)
    second = SmartReply(3, "Regex", "by regex", regex="order", position=3)
    tried = choice_of(asked, first, second).try_text("Where is my order?")
    assert tried.suggestion is not None
    assert (tried.suggestion.reply.name, tried.suggestion.source, tried.score) == ("Words", "rule", 1.0)
    tried = choice_of(asked, second).try_text("Where is my order?")
    assert tried.suggestion is not None and tried.suggestion.reply.name == "Regex"
    tried = choice_of(asked).try_text("where is my ORDER")
    assert tried.suggestion is not None
    assert (tried.suggestion.source, tried.score) == ("faq", 1.0)


def test_an_expression_that_takes_too_long_matches_nothing() -> None:
    riddles = [SmartReply(number, "Riddle", "?", regex="(a+)+$") for number in range(50)]
    began = time.monotonic()
    assert choice_of(*riddles).try_text("a" * 4000 + "!").suggestion is None
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("pairs", "text", "answer"),
    [
        (ENGLISH, "how can I reset my password", "password"),
        (ENGLISH, "I forgot my password, how do I reset it?", "password"),
        (ENGLISH, "opening hours?", "hours"),
        (ENGLISH, "i want to return an item", "return"),
        (ENGLISH, "my password was stolen", None),
        (ENGLISH, "How do I cancel my subscription?", None),
        (ENGLISH, "what is the weather like today", None),
        (ENGLISH, "tell me a joke", None),
        (ENGLISH, "thanks", None),
        (ENGLISH, "???", None),
        (RUSSIAN, "как мне вернуть товар", "return"),
        (RUSSIAN, "график работы", "hours"),
        (RUSSIAN, "где мой заказ", "order"),
        (RUSSIAN, "какая завтра погода", None),
        (RUSSIAN, "не могу войти в аккаунт", None),
        (POLISH, "jak zwrocic towar", "return"),
        (POLISH, "godziny otwarcia?", "hours"),
        (POLISH, "gdzie moja paczka", "order"),
        (POLISH, "jaka jest pogoda", None),
    ],
)
def test_only_a_text_similar_to_a_stored_question_is_answered(
    pairs: dict[str, str], text: str, answer: str | None
) -> None:
    assert answer_of(pairs, text) == answer


def test_a_single_stored_question_does_not_match_every_text() -> None:
    alone = {"How do I reset my password?": "password"}
    assert answer_of(alone, "reset the password please") == "password"
    assert [answer_of(alone, text) for text in ("how do i cancel my order", "what is my balance")] == [
        None,
        None,
    ]


def test_two_replies_with_the_same_answer_count_as_one() -> None:
    """Two ways to ask do not make each other unsure."""
    index = QuestionIndex()
    twice = {"when do you open": "9 to 18", "what time do you open": "9 to 18"}
    index.update({(number, 0): pair for number, pair in enumerate(twice.items())})
    guessed = index.guess("when time do you open", frozenset({0, 1}))
    assert guessed is not None and guessed[1] > 0.85


def test_an_updated_index_equals_a_new_one() -> None:
    index, anew = index_of(ENGLISH), QuestionIndex()
    now = {(0, 0): ("Where do I park?", "parking"), (1, 0): ("What are your opening hours?", "hours")}
    index.update(now)
    anew.update(now)
    for text in ("where can I park", "opening hours", "how do I reset my password"):
        assert index.guess(text, frozenset({0, 1})) == anew.guess(text, frozenset({0, 1}))
    index.update({})
    assert index.guess("opening hours", frozenset({0, 1})) is None


def test_only_enabled_replies_are_matched() -> None:
    guessed = index_of(ENGLISH).guess("What are your opening hours?", frozenset({0, 2, 3}))
    assert guessed is None or guessed[0] != 1


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("question", lambda: valid_questions(["???"])),
        ("question", lambda: valid_questions(["x" * 501])),
        ("questions", lambda: valid_questions(["why"] * 201)),
        ("when", lambda: valid_when("at night")),
        ("threshold", lambda: valid_threshold(0.2)),
    ],
)
def test_invalid_values_name_their_field(field: str, broken: object) -> None:
    with pytest.raises(BadInput) as refused:
        broken()  # type: ignore[operator]
    assert refused.value.field == field
