"""The file of a model: numbers and words only, nothing executable. It is always replaced as a whole."""

import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from holdline.tagger.model import PIECES, WORDS, Model, vectorizer

FORMAT = 1
_LARGEST = 1 << 30


class BadModelFile(Exception):
    """The file is missing, or is not the one that was written."""


def save(model: Model, path: Path) -> str:
    """Writes the file and returns its checksum. Until the new file is fully on disk, the old one stays."""
    about = {
        "format": FORMAT,
        "labels": model.labels,
        "words": _words_in_order(model.words),
        "pieces": _words_in_order(model.pieces),
    }
    buffer = io.BytesIO()
    np.savez(
        buffer,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        words_idf=model.words.idf_,
        pieces_idf=model.pieces.idf_,
        weights=model.weights,
        offsets=model.offsets,
    )
    _replace(path, buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def load(path: Path, *, checksum: str) -> Model:
    """Raises BadModelFile unless the file has this checksum. The content of any other file is not parsed."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadModelFile(f"{path.name} is too large")
        content = path.read_bytes()
    except OSError as missing:
        raise BadModelFile(f"{path.name} cannot be read: {missing.strerror}") from missing
    if hashlib.sha256(content).hexdigest() != checksum:
        raise BadModelFile(f"{path.name} is not the file that was written here")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
        if about.get("format") != FORMAT:
            raise BadModelFile(f"{path.name} has a format of another version")
        return Model(
            labels=about["labels"],
            words=_restore(WORDS, about["words"], arrays["words_idf"]),
            pieces=_restore(PIECES, about["pieces"], arrays["pieces_idf"]),
            weights=arrays["weights"],
            offsets=arrays["offsets"],
        )


def _words_in_order(fitted: Any) -> list[str]:
    return sorted(fitted.vocabulary_, key=fitted.vocabulary_.__getitem__)


def _restore(options: dict[str, Any], words: list[str], weights: Any) -> Any:
    restored = vectorizer(options, vocabulary=words)
    restored.idf_ = weights
    return restored


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
