"""Numbers with their nouns, for the command line, which speaks English."""


def count_of(number: int, noun: str) -> str:
    """“1 row”, “2 rows”, “0 rows”."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
