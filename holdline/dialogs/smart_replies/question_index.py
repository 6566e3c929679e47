"""Finds the stored question that is most similar to a text, and the probability that its answer is right.

The weights were fitted on BANKING77 with 1 to 130 questions for each answer (docs/decisions/0084).
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from holdline.dialogs.smart_replies.question_words import Features, features_of, plain_words

Key = tuple[int, int]
"""The reply, and which of its questions."""
_SHORT_LIST = 60
_COMMON_FROM, _COMMON_SHARE = 150, 25
"""A feature in more questions than this finds no candidates. It only scores candidates that other features found."""
_VOTES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.17, 0.1)
"""The weight of an answer's most similar question, of the next one, and so on."""
_LIKENESS, _MOST_LIKENESS, _LEAD, _MOST_LEAD, _BASE = 7.81, 0.6, 0.28, 6.0, -3.78
_SHARPNESS = 8.0


@dataclass(frozen=True, slots=True)
class _Question:
    """`length` is computed from its features without their rarity."""

    features: Features
    length: float
    plain: str
    answer: str


class QuestionIndex:
    """Kept in memory; `update` applies only the differences. Not thread-safe."""

    def __init__(self) -> None:
        self._sources: dict[Key, tuple[str, str]] = {}
        self._questions: dict[Key, _Question] = {}
        self._having: defaultdict[str, dict[Key, float]] = defaultdict(dict)
        self._rarities: dict[str, float] = {}
        self._lengths: dict[Key, float] = {}

    def update(self, questions: Mapping[Key, tuple[str, str]]) -> None:
        """`questions` are all current questions, each with its answer. The same answer in two replies is one answer."""
        for key in [key for key, source in self._sources.items() if questions.get(key) != source]:
            self._remove(key)
        for key, source in questions.items():
            if key not in self._sources:
                self._add(key, source)
        self._rarities.clear()
        self._lengths.clear()

    def guess(self, text: str, replies: frozenset[int]) -> tuple[int, float] | None:
        """One of these replies and the score of its answer, or None if no question has anything in common with the
        text.
        """
        likest = self._find_most_similar(text, replies)
        if not likest:
            return None
        plain = plain_words(text)
        same = [key for key, _ in likest if self._questions[key].plain == plain]
        if same:
            return min(same)[0], 1.0
        by_answer: defaultdict[str, list[float]] = defaultdict(list)
        for key, likeness in likest:
            by_answer[self._questions[key].answer].append(likeness)
        votes = {
            answer: sum(vote * likeness for vote, likeness in zip(_VOTES, found, strict=False))
            for answer, found in by_answer.items()
        }
        best = max(votes, key=lambda answer: votes[answer])
        against = [_SHARPNESS * (vote - votes[best]) for answer, vote in votes.items() if answer != best]
        first = next(key for key, _ in likest if self._questions[key].answer == best)
        return first[0], _score(by_answer[best][0], against)

    def nearest(self, text: str, replies: frozenset[int]) -> list[int]:
        """Those of these replies that have anything in common with the text, most similar first."""
        return list(dict.fromkeys(key[0] for key, _ in self._find_most_similar(text, replies)))

    def _find_most_similar(self, text: str, replies: frozenset[int]) -> list[tuple[Key, float]]:
        """The most similar questions first, each with its cosine similarity."""
        features = features_of(text)
        weights = {name: weight * self._rarity(name) for name, weight in features.items()}
        own_length = math.sqrt(sum(weight * weight for weight in weights.values()))
        rough: dict[Key, float] = {}
        common = max(_COMMON_FROM, len(self._questions) // _COMMON_SHARE)
        for name, weight in weights.items():
            having = self._having.get(name, {})
            if len(having) <= common:
                squared = weight * self._rarity(name)
                for key, other in having.items():
                    rough[key] = rough.get(key, 0.0) + squared * other
        found = sorted(
            (key for key in rough if key[0] in replies),
            key=lambda key: (-rough[key] / self._questions[key].length, key),
        )
        exact = [(key, self._cosine(weights, own_length, key)) for key in found[:_SHORT_LIST]]
        return sorted(exact, key=lambda pair: (-pair[1], pair[0]))

    def _cosine(self, weights: Features, own_length: float, key: Key) -> float:
        features, rarity = self._questions[key].features, self._rarity
        total = sum(
            weight * features[name] * rarity(name) for name, weight in weights.items() if name in features
        )
        return total / (own_length * self._length(key))

    def _length(self, key: Key) -> float:
        if (known := self._lengths.get(key)) is not None:
            return known
        features = self._questions[key].features
        length = math.sqrt(sum((weight * self._rarity(name)) ** 2 for name, weight in features.items()))
        self._lengths[key] = length
        return length

    def _rarity(self, name: str) -> float:
        """Highest for a feature that no question has, so that a text about something else is similar to none."""
        if (known := self._rarities.get(name)) is not None:
            return known
        having = self._having.get(name)
        rarity = math.log(1 + (len(self._questions) + 1) / ((len(having) if having else 0) + 0.5))
        if having:
            self._rarities[name] = rarity
        return rarity

    def _add(self, key: Key, source: tuple[str, str]) -> None:
        features = features_of(source[0])
        length = math.sqrt(sum(weight * weight for weight in features.values())) or 1.0
        self._sources[key] = source
        self._questions[key] = _Question(features, length, plain_words(source[0]), source[1])
        for name, weight in features.items():
            self._having[name][key] = weight

    def _remove(self, key: Key) -> None:
        del self._sources[key]
        for name in self._questions.pop(key).features:
            del self._having[name][key]
            if not self._having[name]:
                del self._having[name]


def _score(likeness: float, against: list[float]) -> float:
    """The probability that the answer is right, from the similarity of its best question and its lead over other
    answers.
    """
    rest = sum(math.exp(each) for each in against)
    lead = min(_MOST_LEAD, -math.log(rest)) if rest > 0 else _MOST_LEAD
    return 1 / (1 + math.exp(-(_LIKENESS * min(likeness, _MOST_LIKENESS) + _LEAD * lead + _BASE)))
