"""The model: TF-IDF of words and of word pieces, and a logistic regression with one row of weights per tag.

Importing scikit-learn takes 2.5 s, so only the functions that compute import it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from holdline.tagger.examples import Example

NOTHING = ""
"""The label of dialogs that people left without a tag after they removed an automatic one."""
WORDS: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
PIECES: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2}
_STRENGTH, _ROUNDS, _TOLERANCE = 20.0, 300, 1e-3
_A_BATCH = 500
_FEW = 500
"""With at most this many examples, word pieces that occur in a single one are used too."""


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` has one column per label."""

    labels: list[str]
    words: Any
    pieces: Any
    weights: Any
    offsets: Any

    def probabilities(self, texts: Sequence[str]) -> Any:
        """One row per text; each row sums to 1."""
        parts = [self._of_batch(texts[first : first + _A_BATCH]) for first in range(0, len(texts), _A_BATCH)]
        return np.vstack(parts) if parts else np.zeros((0, len(self.labels)))

    def _of_batch(self, texts: Sequence[str]) -> Any:
        scores = np.asarray(features(self.words, self.pieces, texts) @ self.weights) + self.offsets
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def find_tags(self, text: str, *, threshold: float, most: int) -> list[tuple[str, float]]:
        """The tags that reach the threshold, most likely first; empty if none does."""
        (row,) = self.probabilities([text])
        ranked = sorted(zip(self.labels, map(float, row), strict=True), key=lambda pair: -pair[1])
        return [(tag, share) for tag, share in ranked if share >= threshold and tag != NOTHING][:most]


def fit(examples: Sequence[Example]) -> Model:
    """An example with several tags counts partly for each."""
    from scipy.sparse import hstack  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

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
    if len(learner.classes_) == 2:  # for two classes it keeps one row of weights, that of the second
        weights, offsets = np.vstack([np.zeros_like(weights), weights]), np.array([0.0, offsets[0]])
    return Model(
        labels=[str(label) for label in learner.classes_],
        words=words,
        pieces=pieces,
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        offsets=np.asarray(offsets, dtype=np.float32),
    )


def vectorizer(options: dict[str, Any], **more: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **{**options, **more})


def features(words: Any, pieces: Any, texts: Sequence[str]) -> Any:
    """A sparse matrix with one row per text."""
    from scipy.sparse import hstack  # noqa: PLC0415

    return hstack([words.transform(texts), pieces.transform(texts)]).tocsr()
