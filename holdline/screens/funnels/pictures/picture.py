"""A funnel's picture as SVG: points from the definition, positions from graphlay (decision 0080)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.graph import BEGIN, END, FunnelWay, points_of, ways_of
from holdline.screens.funnels.pictures.looks import BEGIN_LOOK, END_LOOK, PointLook, look_of
from holdline.screens.funnels.pictures.measure import drawable, fit, text_width, wrap
from holdline.screens.funnels.pictures.svg import (
    LINE,
    PADDING,
    SIGN,
    SIZE,
    SMALL,
    DrawnPoint,
    DrawnWay,
    draw,
    format_count,
)
from holdline.screens.funnels.pictures.words import entry_words, step_words, way_words
from holdline.screens.reports.files import make_file
from holdline.texts import say

WIDEST = 250.0
_WAY_ROOM = 190.0


@dataclass(frozen=True, slots=True)
class PictureLook:
    """`theme` is light or dark. `for_chat` fits the size to Telegram's limits.

    `counts`: how many customers reached a step (its address, None) or took a branch (address, name).
    """

    language: str = "en"
    theme: str = "light"
    for_chat: bool = False
    counts: Mapping[tuple[str, str | None], int] = field(default_factory=dict)


def funnel_picture(definition: Definition, look: PictureLook) -> str:
    """A self-contained SVG. All texts of the funnel are escaped."""
    points = [_point(definition, address, look) for address in points_of(definition)]
    known = {point.address for point in points}
    ways = [way for way in _merge_ways(definition, look) if way.source in known]
    return draw(points, ways, theme=look.theme, title=definition.name, for_chat=look.for_chat)


def funnel_png(definition: Definition, look: PictureLook) -> bytes:
    """For a chat. Blocks until it is drawn, so call it in `FILE_THREAD`. Raises FileNotMade if that fails."""
    return make_file("png", [funnel_picture(definition, replace(look, for_chat=True)).encode()])


def _point(definition: Definition, address: str, look: PictureLook) -> DrawnPoint:
    step = definition.by_address.get(address)
    if step is not None:
        count = look.counts.get((address, None))
        return _fit_point(address, look_of(step), step_words(step, look.language), count)
    if address == BEGIN:
        lines = [
            fit(drawable(line), SIZE, WIDEST - SIGN - 2 * PADDING)
            for line in entry_words(definition, look.language)
        ]
        return _fit_point(
            BEGIN,
            BEGIN_LOOK,
            "",
            None,
            [fit(drawable(definition.name), SIZE, WIDEST - SIGN - 2 * PADDING), *lines],
        )
    return _fit_point(END, END_LOOK, say("funnels.picture_end", look.language), None)


def _fit_point(
    address: str, shape: PointLook, words: str, count: int | None, lines: list[str] | None = None
) -> DrawnPoint:
    room = WIDEST - SIGN - 2 * PADDING
    found = (lines or wrap(drawable(words), SIZE, room, shape.lines) or ["…"])[: shape.lines]
    widest = max(text_width(line, SIZE) for line in found)
    width = WIDEST if shape.wide else widest + SIGN + 2 * PADDING
    return DrawnPoint(address, shape, found, width, len(found) * LINE + 2 * PADDING, count)


def _merge_ways(definition: Definition, look: PictureLook) -> list[DrawnWay]:
    """Ways between the same two points become one line, with the captions of all."""
    merged: dict[tuple[str, str], list[FunnelWay]] = {}
    for way in ways_of(definition):
        merged.setdefault((way.source, way.target), []).append(way)
    return [
        DrawnWay(source, target, _caption(definition, ways, look))
        for (source, target), ways in merged.items()
    ]


def _caption(definition: Definition, ways: list[FunnelWay], look: PictureLook) -> str:
    step = definition.by_address.get(ways[0].source)
    words = [words for way in ways if (words := way_words(way, step, look.language))]
    counts = [
        look.counts[way.source, way.caption] for way in ways if (way.source, way.caption) in look.counts
    ]
    total = [format_count(sum(counts))] if counts else []
    return " · ".join([*([fit(drawable(" / ".join(words)), SMALL, _WAY_ROOM)] if words else []), *total])
