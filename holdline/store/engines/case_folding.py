"""How the search compares letters; PostgreSQL gets the same function from the first migration."""


def fold_case(text: str | None) -> str | None:
    """Lower case in every alphabet (SQLite's own LOWER knows ASCII only); ё becomes е."""
    return None if text is None else text.lower().replace("ё", "е")
