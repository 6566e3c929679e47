"""What the model learns, when it gives no tag, and which training data it refuses."""

import pytest

from holdline.tagger.examples import Example
from holdline.tagger.model import fit
from holdline.tagger.training import Guess, TrainingRefused, choose_threshold, choose_usable, train
from tests.tagger.talks import SAID, talks


def test_a_model_finds_its_trained_tags_and_gives_none_otherwise() -> None:
    trained = train(talks(40), lambda _: None)
    ask = {"refund": "hello, the refund of my money", "delivery": "is the parcel with the courier"}
    for tag, text in ask.items():
        found = trained.model.find_tags(text, threshold=trained.quality.threshold, most=3)
        assert [name for name, _ in found] == [tag]
    assert trained.quality.precision >= 0.95
    assert trained.model.find_tags("zażółć gęślą jaźń", threshold=0.9, most=3) == []


def test_two_tags_are_enough() -> None:
    two = [example for example in talks(20) if example.tags != ("login",)]
    model = fit(two)
    assert sorted(model.labels) == ["delivery", "refund"]
    (row,) = model.probabilities(["my parcel and its courier"])
    assert row[model.labels.index("delivery")] > 0.8


def test_a_dialog_with_several_tags_counts_for_each() -> None:
    both = [
        Example(f"my parcel is lost, money back, number {number}", ("delivery", "refund"))
        for number in range(9)
    ]
    model = fit([*talks(10), *both])
    found = model.find_tags("my parcel is lost, money back, number 30", threshold=0.3, most=3)
    assert {tag for tag, _ in found} == {"delivery", "refund"}


def test_untagged_dialogs_teach_the_model_to_give_no_tag() -> None:
    chat = [Example(f"thank you so much, you are lovely, {number}", ()) for number in range(15)]
    model = fit([*talks(10), *chat])
    assert model.find_tags("thank you, lovely people", threshold=0.3, most=3) == []


@pytest.mark.parametrize(
    ("examples", "reason"),
    [
        ([], "too_few"),
        (talks(4), "too_few"),
        ([example for example in talks(30) if example.tags == ("login",)], "too_few"),
        ([Example(f"the very same words {n}", (tag,)) for n in range(9) for tag in SAID], "too_unsure"),
    ],
)
def test_too_few_examples_or_too_low_precision_is_refused(examples: list[Example], reason: str) -> None:
    with pytest.raises(TrainingRefused) as refused:
        train(examples, lambda _: None)
    assert refused.value.reason == reason


def test_rare_tags_are_left_out_of_the_training() -> None:
    rare = [Example("a word about something rare", ("rare",))] * 4
    assert {tag for example in choose_usable([*talks(10), *rare]) for tag in example.tags} == set(SAID)


def test_the_threshold_is_the_lowest_with_enough_precision() -> None:
    sure = [Guess(0.9, True)] * 19 + [Guess(0.8, False)]
    assert choose_threshold(sure).threshold == 0.8
    assert choose_threshold([*sure, Guess(0.7, False)]).threshold == 0.8
    assert choose_threshold([*sure, *[Guess(0.7, True)] * 20]).threshold == 0.7
    assert choose_threshold([Guess(0.2, True)] * 9 + [Guess(0.6, True)] * 3).threshold == 0.6
    nothing = [Guess(0.9, False, is_nothing=True, known=True)]
    assert choose_threshold([*sure, *nothing]).precision == 0.95
