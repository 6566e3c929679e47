"""Lengths and slices in UTF-16 units, in which Telegram counts entity offsets."""


def length(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, size: int) -> str:
    """The part at that offset, without half a surrogate pair at its ends."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[offset * 2 : (offset + size) * 2].decode("utf-16-le", "ignore")
