"""A program of its own that makes one file: a picture takes 90 MB and a large table minutes.

`python file_program.py png < vega-lite.json > picture.png`, `… xlsx < rows, one JSON list a line > table.xlsx`.
"""

import json
import sys
import tempfile
from typing import Any, BinaryIO

SCALE = 2.5
"""A picture of 400 points is 1,000 pixels wide: sharp on a phone, and small to send."""


def draw_picture(source: BinaryIO, target: BinaryIO) -> None:
    import vl_convert  # noqa: PLC0415 - an extra, and only this program needs it

    target.write(vl_convert.vegalite_to_png(source.read().decode(), scale=SCALE, allowed_base_urls=[]))


def write_table(source: BinaryIO, target: BinaryIO) -> None:
    """Texts are texts whatever they begin with; a row is written down before the next one is read."""
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
    {"png": draw_picture, "xlsx": write_table}[sys.argv[1]](sys.stdin.buffer, sys.stdout.buffer)
