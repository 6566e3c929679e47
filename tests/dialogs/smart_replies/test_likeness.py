"""How similar a text is to a stored question: the features, and the index compared with plain sums."""

import math
from collections import Counter
from itertools import pairwise

import pytest

from holdline.dialogs.smart_replies.question_index import Key, QuestionIndex, _score
from holdline.dialogs.smart_replies.question_words import LONGEST, features_of, plain_words

QUESTIONS: dict[Key, tuple[str, str]] = {
    (1, 0): ("When are you open?", "From nine."),
    (1, 1): ("What are your opening hours?", "From nine."),
    (2, 0): ("Where is my parcel?", "On its way."),
    (2, 1): ("Track an order", "On its way."),
    (3, 0): ("Can I return an order?", "Within a month."),
    (4, 0): ("Opening a second account", "From nine."),
}
EVERY = frozenset(key[0] for key in QUESTIONS)


def test_the_features_are_words_pairs_of_words_and_parts_of_words() -> None:
    features = features_of("Is refund ok")
    pieces = [" re", "ref", "efu", "fun", "und", "nd ", " ref", "refu", "efun", "fund", "und ",
              " refu", "refun", "efund", "fund "]  # fmt: skip
    short = [" ok", "ok ", " ok "]
    expected = {"w is": 0.3, "w refund": 1.0, "w ok": 1.0, "n is refund": 0.45, "n refund ok": 0.7}
    expected |= dict.fromkeys(pieces, 1.6 / 15**0.6) | dict.fromkeys(short, 1.6 / 3**0.6)
    assert features == pytest.approx(expected)
    assert features_of("is it")["n is it"] == 0.15
    assert features_of("") == {}


def test_only_the_beginning_of_a_long_text_counts() -> None:
    long = "a" * LONGEST + " refund"
    assert "w refund" not in features_of(long) and plain_words(long) == f" {'a' * LONGEST}"


def rarity(name: str, having: Counter[str], total: int) -> float:
    return math.log(1 + (total + 1) / (having[name] + 0.5))


def likeness(text: str, question: str, questions: dict[Key, tuple[str, str]]) -> float:
    """The cosine of the two, by its definition."""
    having = Counter(name for asked, _ in questions.values() for name in features_of(asked))
    mine, other = (
        {name: weight * rarity(name, having, len(questions)) for name, weight in features_of(each).items()}
        for each in (text, question)
    )
    product = sum(weight * other.get(name, 0.0) for name, weight in mine.items())
    return (
        product / math.sqrt(sum(w * w for w in mine.values())) / math.sqrt(sum(w * w for w in other.values()))
    )


def indexed(questions: dict[Key, tuple[str, str]]) -> QuestionIndex:
    index = QuestionIndex()
    index.update(questions)
    return index


@pytest.mark.parametrize("text", ["are you open on sunday", "parcel", "order", "return the parcel i ordered"])
def test_the_index_computes_the_cosine_similarity_of_each_question(text: str) -> None:
    found = indexed(QUESTIONS)._find_most_similar(text, EVERY)
    expected = {key: likeness(text, asked, QUESTIONS) for key, (asked, _) in QUESTIONS.items()}
    assert dict(found) == pytest.approx({key: value for key, value in expected.items() if value > 0})
    assert all(one[1] >= other[1] for one, other in pairwise(found))


def test_a_word_in_nearly_every_question_finds_no_question() -> None:
    many = {(number, 0): (f"word{number:03} order", str(number)) for number in range(1, 152)}
    index, every = indexed(many), frozenset(range(1, 152))
    assert index.nearest("order", every) == []
    assert index.nearest("order word007", every)[0] == 7
    del many[151, 0]
    index.update(many)
    assert len(index.nearest("order", every)) == 60, "150 questions may have it; 60 are looked at"


def test_of_many_weakly_similar_questions_the_most_similar_are_compared() -> None:
    longer = {
        (number, 0): ("order " + "refund parcel " * (number % 7) + str(number), "x")
        for number in range(1, 100)
    }
    found = indexed(longer)._find_most_similar("order", frozenset(range(1, 100)))
    exact = {key: likeness("order", asked, longer) for key, (asked, _) in longer.items()}
    assert [key for key, _ in found][:10] == sorted(exact, key=lambda key: (-round(exact[key], 12), key))[:10]


@pytest.mark.parametrize(
    ("text", "replies", "answer"),
    [
        ("when are you OPEN", EVERY, 1),
        ("when are you OPEN", frozenset({2, 3, 4}), 4),
        ("parcel where", EVERY, 2),
        ("returning orders", EVERY, 3),
        ("zzzz", EVERY, None),
        ("", EVERY, None),
    ],
)
def test_the_best_answer_is_that_of_the_most_similar_questions(
    text: str, replies: frozenset[int], answer: int | None
) -> None:
    guess = indexed(QUESTIONS).guess(text, replies)
    assert (guess[0] if guess else None) == answer


def test_an_identical_text_has_full_certainty() -> None:
    index = indexed({**QUESTIONS, (9, 0): ("Where is my parcel", "Elsewhere.")})
    assert index.guess("where is MY parcel!!", EVERY | {9}) == (2, 1.0)


@pytest.mark.parametrize("text", ["track my parcel order", "order", "your order hours", "open my parcel"])
def test_each_further_question_of_an_answer_counts_less(text: str) -> None:
    alike = {key: likeness(text, asked, QUESTIONS) for key, (asked, _) in QUESTIONS.items()}
    by_answer: dict[str, list[Key]] = {}
    for key in sorted(alike, key=lambda key: -alike[key]):
        if alike[key] > 0:
            by_answer.setdefault(QUESTIONS[key][1], []).append(key)
    sums = {
        answer: sum(vote * alike[key] for vote, key in zip((1.0, 0.7, 0.5), keys, strict=False))
        for answer, keys in by_answer.items()
    }
    best = max(sums, key=lambda answer: sums[answer])
    rest = sum(math.exp(8 * (vote - sums[best])) for answer, vote in sums.items() if answer != best)
    first, lead = by_answer[best][0], min(6.0, -math.log(rest))
    expected = 1 / (1 + math.exp(-(7.81 * min(alike[first], 0.6) + 0.28 * lead - 3.78)))
    assert indexed(QUESTIONS).guess(text, EVERY) == (first[0], pytest.approx(expected))


@pytest.mark.parametrize(
    ("likest", "against", "score"),
    [
        (0.6, [], 1 / (1 + math.exp(-(7.81 * 0.6 + 0.28 * 6 - 3.78)))),
        (0.9, [], 1 / (1 + math.exp(-(7.81 * 0.6 + 0.28 * 6 - 3.78)))),
        (0.3, [], 1 / (1 + math.exp(-(7.81 * 0.3 + 0.28 * 6 - 3.78)))),
        (0.3, [-1.0], 1 / (1 + math.exp(-(7.81 * 0.3 + 0.28 - 3.78)))),
        (0.3, [0.0, 0.0], 1 / (1 + math.exp(-(7.81 * 0.3 - 0.28 * math.log(2) - 3.78)))),
        (0.3, [-9.0], 1 / (1 + math.exp(-(7.81 * 0.3 + 0.28 * 6 - 3.78)))),
        (0.3, [-9999.0], 1 / (1 + math.exp(-(7.81 * 0.3 + 0.28 * 6 - 3.78)))),
    ],
)
def test_the_score_grows_with_similarity_and_lead(likest: float, against: list[float], score: float) -> None:
    assert _score(likest, against) == pytest.approx(score)


def test_deleted_questions_leave_the_index() -> None:
    index = indexed(QUESTIONS)
    index.update({(3, 0): QUESTIONS[3, 0]})
    assert index.nearest("open parcel track order", EVERY) == [3]
    assert index.guess("order", EVERY) == indexed({(3, 0): QUESTIONS[3, 0]}).guess("order", EVERY)
    index.update({(3, 0): ("Something else", "Other.")})
    assert index.guess("return", EVERY) is None
