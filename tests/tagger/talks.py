"""Messages of three kinds of customers, as many as a test needs; no two are alike."""

import itertools

from holdline.tagger.examples import Example

OPENERS = ("Hello,", "Hi there,", "Good morning,", "Excuse me,", "Dear team,", "Sorry,", "Once more:")
SAID = {
    "refund": ("I want my money back", "please refund my order", "when is the refund on my card"),
    "delivery": ("where is my parcel", "the courier never came", "the parcel is late again"),
    "login": ("I cannot sign in", "my password does not work", "the sign in page says wrong password"),
}
CLOSERS = ("thanks", "please hurry", "best regards", "I am waiting", "it is urgent", "bye")


def talks(each: int) -> list[Example]:
    """`each` of every kind; 126 at most."""
    made = []
    for tag, sentences in SAID.items():
        words = itertools.islice(itertools.product(OPENERS, CLOSERS, sentences), each)
        made += [Example(f"{opener} {sentence}, {closer}", (tag,)) for opener, closer, sentence in words]
    return made
