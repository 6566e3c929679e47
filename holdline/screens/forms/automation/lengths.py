"""Durations of rules and habits in words: `3d` is “3 days”."""

from holdline.texts import say


def length_text(length: str, language: str) -> str:
    """A number with s, m, h, d or mo."""
    number = length.rstrip("smhdo")
    return say(f"habits.length_{length[len(number) :]}", language, count=int(number))
