"""A separate program that makes files, because a picture takes 90 MB and a large table takes minutes.

`python file_program.py xlsx < rows, one JSON list a line > table.xlsx` makes one table. `… png` draws one picture
after another: it reads a line with the length of a Vega-Lite or an SVG, then the document, and answers with such a
line and the picture.
"""

import json
import select
import sys
import tempfile
from typing import Any, BinaryIO

SCALE = 2.5
"""A picture of 400 points becomes 1,000 pixels wide: sharp on a phone, and small to send."""
REST_SECONDS = 60.0
"""How long to wait for the next picture. After the first one, each takes a tenth of the time."""


def draw_pictures(source: BinaryIO, target: BinaryIO) -> None:
    """Exits when no picture was requested for REST_SECONDS, to free its memory."""
    import vl_convert  # noqa: PLC0415 - an extra, and only this program needs it

    while select.select([source], [], [], REST_SECONDS)[0] and (length := source.readline()):
        chart = source.read(int(length)).decode()
        if chart.startswith("<svg"):
            picture = vl_convert.svg_to_png(chart, scale=SCALE)
        else:
            picture = vl_convert.vegalite_to_png(chart, scale=SCALE, allowed_base_urls=[])
        target.write(b"%d\n%b" % (len(picture), picture))
        target.flush()


def write_table(source: BinaryIO, target: BinaryIO) -> None:
    """Texts stay texts whatever they start with. Each row is written before the next one is read."""
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 - as above; it has no types

    with tempfile.TemporaryFile() as file:
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet, bold = workbook.add_worksheet(), workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(source):
            _write_row(sheet, number, json.loads(line), bold if number == 0 else None)
        workbook.close()
        file.seek(0)
        target.write(file.read())


def _write_row(sheet: Any, number: int, cells: list[Any], look: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(number, column, cell, look)
        elif cell is not None:
            sheet.write_number(number, column, cell, look)


if __name__ == "__main__":
    {"png": draw_pictures, "xlsx": write_table}[sys.argv[1]](sys.stdin.buffer, sys.stdout.buffer)
