"""The model: TF-IDF of words and of their pieces, and one line of logistic regression for each tag."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

NOTHING = ""
"""What dialogs are about that people left without any tag although a robot had put one there."""
WORDS: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
PIECES: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2}
_STRENGTH, _ROUNDS, _TOLERANCE = 20.0, 300, 1e-3
_A_BATCH = 500
_FEW = 500
"""Of so few examples, pieces of words that only one of them has count too."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a customer said, and what people called it."""

    text: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` has a column for each label."""

    labels: list[str]
    words: Any
    pieces: Any
    weights: Any
    offsets: Any

    def probabilities(self, texts: Sequence[str]) -> Any:
        """A row for each text; the numbers of a row make one together."""
        parts = [self._of_batch(texts[first : first + _A_BATCH]) for first in range(0, len(texts), _A_BATCH)]
        return np.vstack(parts) if parts else np.zeros((0, len(self.labels)))

    def _of_batch(self, texts: Sequence[str]) -> Any:
        scores = np.asarray(features(self.words, self.pieces, texts) @ self.weights) + self.offsets
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def find_tags(self, text: str, *, threshold: float, most: int) -> list[tuple[str, float]]:
        """The likely ones, likeliest first; silent where none reaches the threshold."""
        (row,) = self.probabilities([text])
        ranked = sorted(zip(self.labels, map(float, row), strict=True), key=lambda pair: -pair[1])
        return [(tag, share) for tag, share in ranked if share >= threshold and tag != NOTHING][:most]


def fit(examples: Sequence[Example]) -> Model:
    """An example with several tags counts for each of them in part."""
    words = vectorizer(WORDS)
    pieces = vectorizer(PIECES if len(examples) > _FEW else {**PIECES, "min_df": 1})
    texts = [example.text for example in examples]
    known = hstack([words.fit_transform(texts), pieces.fit_transform(texts)]).tocsr()
    pairs = [
        (row, tag, 1 / len(example.tags or (NOTHING,)))
        for row, example in enumerate(examples)
        for tag in example.tags or (NOTHING,)
    ]
    learner = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, tol=_TOLERANCE)
    rows, tags, shares = zip(*pairs, strict=True)
    learner.fit(known[list(rows)], list(tags), sample_weight=list(shares))
    weights, offsets = learner.coef_, learner.intercept_
    if len(learner.classes_) == 2:  # it keeps one line for two: that of the second
        weights, offsets = np.vstack([np.zeros_like(weights), weights]), np.array([0.0, offsets[0]])
    return Model(
        labels=[str(label) for label in learner.classes_],
        words=words,
        pieces=pieces,
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        offsets=np.asarray(offsets, dtype=np.float32),
    )


def vectorizer(options: dict[str, Any], **more: Any) -> Any:
    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **{**options, **more})


def features(words: Any, pieces: Any, texts: Sequence[str]) -> csr_matrix:
    return hstack([words.transform(texts), pieces.transform(texts)]).tocsr()
