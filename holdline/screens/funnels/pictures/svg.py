"""The layout of points and ways, and the SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Any
from xml.sax.saxutils import escape

from holdline.dialogs.funnels.graph import BEGIN
from holdline.dialogs.text.wording import without_controls
from holdline.screens.funnels.pictures.looks import THEMES, PointLook
from holdline.screens.funnels.pictures.measure import text_width
from holdline.screens.reports.file_program import SCALE

FONT = "'Liberation Sans', Arial, Helvetica, sans-serif"
SIZE, SMALL, LINE, PADDING, SIGN = 13.0, 11.5, 17.0, 10.0, 26.0
_MARGIN, _CORNER = 24.0, 8.0
_LARGEST = 10_000 / SCALE - 40
"""Bot API, sendPhoto: width and height together are at most 10,000 pixels."""
_TALLEST = 18
"""Bot API: the ratio of the sides is at most 20."""
_ARROW = "→"
_LAYOUT = {"spacing": {"layer_gap": 26.0, "node_gap": 26.0}}
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DrawnPoint:
    """A step, the start or the end, with its lines of text and the number of customers who reached it."""

    address: str
    look: PointLook
    lines: list[str]
    width: float
    height: float
    count: int | None


@dataclass(frozen=True, slots=True)
class DrawnWay:
    source: str
    target: str
    caption: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """The visible part of the plane."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def around(cls, bounds: dict[str, dict[str, float]], *, for_chat: bool) -> "_Frame":
        left, top = bounds["min"]["x"] - _MARGIN, bounds["min"]["y"] - _MARGIN
        width, height = bounds["max"]["x"] + _MARGIN - left, bounds["max"]["y"] + _MARGIN - top
        lacking = max(0.0, height / _TALLEST - width) if for_chat else 0.0
        return cls(left - lacking / 2, top, width + lacking, height)

    @property
    def box(self) -> str:
        return f'x="{self.left:g}" y="{self.top:g}" width="{self.width:g}" height="{self.height:g}"'

    def size(self, largest: float | None) -> str:
        """`largest` is the limit of width and height together."""
        shrink = min(1.0, largest / (self.width + self.height)) if largest else 1.0
        view = f"{self.left:g} {self.top:g} {self.width:g} {self.height:g}"
        return f'width="{self.width * shrink:g}" height="{self.height * shrink:g}" viewBox="{view}"'


def draw(
    points: Sequence[DrawnPoint], ways: Sequence[DrawnWay], *, theme: str, title: str, for_chat: bool = False
) -> str:
    """One SVG, in the size it needs or that fits into a chat."""
    layout = _lay_out(points, ways)
    spots: dict[str, Spot] = layout.positions()
    colours = THEMES[theme]
    shapes = [
        _draw_line(edge["points"], colours["line"], has_arrow=_ARROW not in target)
        for (_, target), edge in zip(_links(ways), layout.edges, strict=True)
    ]
    shapes += [_draw_caption(way.caption, spots[_name(way)], colours) for way in ways if way.caption]
    shapes += [_draw_point(point, spots[point.address], theme) for point in points]
    frame = _Frame.around(layout.bounds, for_chat=for_chat)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame.size(_LARGEST if for_chat else None)} '
        f'font-family="{FONT}" role="img"><title>{_text(title)}</title>'
        f'<rect {frame.box} fill="{colours["back"]}"/>{"".join(shapes)}</svg>'
    )


def _lay_out(points: Sequence[DrawnPoint], ways: Sequence[DrawnWay]) -> Any:
    """A caption is laid out as a point, so that no line crosses it."""
    import graphlay  # noqa: PLC0415 - three megabytes that few desks ever need

    graph = graphlay.Graph()
    for point in points:
        graph.node(point.address, width=point.width, height=point.height)
    for way in ways:
        if way.caption:
            graph.node(_name(way), width=text_width(way.caption, SMALL) + 8, height=LINE)
    for source, target in _links(ways):
        graph.edge(source, target)
    return graphlay.layout(graph, preset="process_map", options=_LAYOUT)


def _links(ways: Sequence[DrawnWay]) -> Iterator[tuple[str, str]]:
    """The lines to draw: one per way, or two if a caption is between them."""
    for way in ways:
        if way.caption:
            yield way.source, _name(way)
            yield _name(way), way.target
        else:
            yield way.source, way.target


def _name(way: DrawnWay) -> str:
    """The name of its caption among the points."""
    return f"{way.source}{_ARROW}{way.target}"


def _draw_point(point: DrawnPoint, spot: Spot, theme: str) -> str:
    colours, stroke = THEMES[theme], point.look.stroke(theme)
    left, top = spot[0] - point.width / 2, spot[1] - point.height / 2
    radius = 8.0 if point.look.wide else min(point.height / 2, 17.0)
    shapes = [
        f'<rect x="{left:g}" y="{top:g}" width="{point.width:g}" height="{point.height:g}" rx="{radius:g}" '
        f'fill="{colours["card"]}" stroke="{stroke}" stroke-width="1.4"/>',
        f'<path transform="translate({left + PADDING:g} {top + PADDING:g})" d="{point.look.sign}" fill="none" '
        f'stroke="{stroke}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>',
    ]
    for number, line in enumerate(point.lines):
        weight = ' font-weight="bold"' if point.address == BEGIN and number == 0 else ""
        baseline = top + PADDING + LINE * number + 12.6
        shapes.append(
            f'<text x="{left + PADDING + SIGN:g}" y="{baseline:g}" font-size="{SIZE:g}" fill="{colours["text"]}"'
            f"{weight}>{_text(line)}</text>"
        )
    if point.count is not None:
        shapes.append(_draw_count(point.count, (left + point.width, top), colours))
    return "".join(shapes)


def _draw_count(count: int, corner: Spot, colours: dict[str, str]) -> str:
    """A badge on the upper right corner."""
    words = format_count(count)
    width = text_width(words, SMALL) + 14
    left = corner[0] - width + 8
    return (
        f'<rect x="{left:g}" y="{corner[1] - 9:g}" width="{width:g}" height="18" rx="9" fill="{colours["soft"]}"/>'
        f'<text x="{left + width / 2:g}" y="{corner[1] + 4:g}" font-size="{SMALL:g}" font-weight="bold" '
        f'text-anchor="middle" fill="{colours["card"]}">{words}</text>'
    )


def _draw_line(spots: Sequence[dict[str, float]], colour: str, *, has_arrow: bool) -> str:
    """With rounded corners."""
    way = [(spot["x"], spot["y"]) for spot in spots]
    path = f"M{way[0][0]:g} {way[0][1]:g}"
    for (before, corner), (_, after) in pairwise(pairwise(way)):
        start, end = _towards(corner, before), _towards(corner, after)
        path += f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
    path += f"L{way[-1][0]:g} {way[-1][1]:g}"
    line = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.4"/>'
    return line + _draw_arrow(way, colour) if has_arrow else line


def _draw_arrow(way: Sequence[Spot], colour: str) -> str:
    tip, before = way[-1], _towards(way[-1], way[-2])
    length = max(hypot(tip[0] - before[0], tip[1] - before[1]), 0.1)
    x, y = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
    sides = [(tip[0] - 7 * x + turn * 4 * y, tip[1] - 7 * y - turn * 4 * x) for turn in (1, -1)]
    corners = " ".join(f"{corner[0]:g},{corner[1]:g}" for corner in (tip, *sides))
    return f'<polygon points="{corners}" fill="{colour}"/>'


def _towards(corner: Spot, other: Spot) -> Spot:
    """A point a little way from the corner towards the other spot, at most half-way."""
    length = hypot(other[0] - corner[0], other[1] - corner[1])
    part = min(_CORNER, length / 2) / length if length else 0.0
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part


def _draw_caption(caption: str, spot: Spot, colours: dict[str, str]) -> str:
    return (
        f'<text x="{spot[0]:g}" y="{spot[1] + 4:g}" font-size="{SMALL:g}" text-anchor="middle" '
        f'fill="{colours["soft"]}">{_text(caption)}</text>'
    )


def format_count(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def _text(words: str) -> str:
    """The text without control characters, escaped for XML."""
    return escape(without_controls(words), {'"': "&quot;"})
