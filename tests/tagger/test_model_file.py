"""A model is loaded only from the unchanged file."""

import pickle
from pathlib import Path

import pytest

from holdline.tagger.model import fit
from holdline.tagger.model_file import BadModelFile, load, save
from tests.tagger.talks import talks


class Bomb:
    """Unpickling it would leave a file."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.trace,)


def test_a_loaded_model_gives_the_same_answers(tmp_path: Path) -> None:
    model, path = fit(talks(12)), tmp_path / "models" / "one.npz"
    checksum = save(model, path)
    again = load(path, checksum=checksum)
    asked = ["where is the parcel", "money back", "Grüße 🤖"]
    assert again.labels == model.labels
    assert abs(again.probabilities(asked) - model.probabilities(asked)).max() < 1e-5
    assert [each.name for each in path.parent.iterdir()] == ["one.npz"]
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", ["missing", "cut", "changed", "pickle"])
def test_any_other_file_is_refused_without_loading_it(tmp_path: Path, spoil: str) -> None:
    path, trace = tmp_path / "one.npz", tmp_path / "trace"
    checksum = save(fit(talks(12)), path)
    content = path.read_bytes()
    match spoil:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(content[:-1])
        case "changed":
            path.write_bytes(content[:-1] + b"x")
        case _:
            path.write_bytes(pickle.dumps(Bomb(trace)))
    with pytest.raises(BadModelFile):
        load(path, checksum=checksum)
    assert not trace.exists()


def test_a_pickle_with_a_valid_checksum_is_not_executed(tmp_path: Path) -> None:
    import hashlib  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    path, trace = tmp_path / "one.npz", tmp_path / "trace"
    np.savez(path, about=np.array([Bomb(trace)], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        load(path, checksum=hashlib.sha256(path.read_bytes()).hexdigest())
    assert not trace.exists()
