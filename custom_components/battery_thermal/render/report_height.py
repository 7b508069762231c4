"""The height of a report as an image, before it is displayed.

The page is laid out by the browser, whose letters are not known here. What is estimated is
rather too high, and `report_image` spreads what is left over.
"""

from base64 import b64decode
from collections.abc import Callable, Sequence
from itertools import zip_longest
from math import ceil
from struct import unpack
from typing import Final

from .curves import HEIGHT, WIDTH

PNG: Final = "data:image/png;base64,"

SAMPLE: Final = "-----"
"""The sample of a line before its name is as wide as these characters."""

# CSS pixels of `report_style`: what is around the page, a line and a character of a text,
# what is around each kind of block, between columns, and the hottest picture's width.
# Rather more than they take.
_AROUND: Final = 48
_LETTERS: Final = 15
_LINE: Final = 23
_CHARACTER: Final = 8
BLOCKS: Final = {"h1": 16, "h2": 52, "h3": 24, "p": 8}
_HEADINGS: Final = {"h1": 1.8, "h2": 1.3, "h3": 1.1}
_ROW: Final = 10
_PICTURE_WIDTH: Final = 300

# Pixels of the page without its margins, on a phone that is 390 wide and at most, and the
# size of its letters in pixels. The page is as high on the phone, where texts have more
# lines, as on a wide screen, where letters and curves are larger.
_SIZES: Final = {310: 15, 492: 16}

# Where letters of a text are twice as wide: Korean, Chinese, Japanese, and pictures.
_WIDE: Final = "\u1100"


class PageHeight:
    """Adds up the height of a page in some widths."""

    def __init__(self) -> None:
        """Initialize with the height of a page without content."""
        self._heights = dict.fromkeys(_SIZES, float(_AROUND))

    @property
    def pixels(self) -> int:
        """The height in CSS pixels that is enough in each width."""
        return round(max(self._heights.values()))

    def add_block(self, tag: str, texts: Sequence[str]) -> None:
        """Add one of `BLOCKS`; each of its texts is below the one before."""
        size = _HEADINGS.get(tag, 1.0)
        self._add_text(
            lambda width: BLOCKS[tag] + size * _LINE * _lines(texts, width / size)
        )

    def add_table(self, rows: Sequence[Sequence[Sequence[str]]]) -> int:
        """Add a table; a cell has texts, each below the one before.

        Returns what it is higher on the narrow page, 1 at least: its share of what is left
        over on the wide one.
        """
        before = list(self._heights.values())
        self._add_text(lambda width: _table_height(rows, width))
        narrow, wide = (
            after - height
            for after, height in zip(self._heights.values(), before, strict=True)
        )
        return max(round(narrow - wide), 1)

    def add_curve(self) -> None:
        """Add a curve, which is as wide as the page."""
        self._add(lambda width: width * HEIGHT / WIDTH)

    def add_picture(self, source: str) -> None:
        """Add a picture, which is a PNG in a URL."""
        shape = _shape(source)
        self._add(lambda width: min(width, _PICTURE_WIDTH) * shape)

    def _add(self, height: Callable[[float], float]) -> None:
        """Add to the height of each width what a function returns for it."""
        for width in self._heights:
            self._heights[width] += height(width)

    def _add_text(self, height: Callable[[float], float]) -> None:
        """Add what a function returns for text in letters of the usual size."""
        for width, letters in _SIZES.items():
            size = letters / _LETTERS
            self._heights[width] += size * height(width / size)


def _table_height(rows: Sequence[Sequence[Sequence[str]]], width: float) -> float:
    """Return the height of a table whose columns are as wide as their texts need.

    Where they do not fit side by side, each has the same share of what it needs. A cell that
    is alone in its row is as wide as the table.
    """
    columns = zip_longest(*(row for row in rows if len(row) > 1), fillvalue=("",))
    needed = [
        max(1, *(_wide(text) for cell in cells for text in cell)) for cells in columns
    ]
    # A column ends with a space as wide as a character.
    share = min((width / _CHARACTER - len(needed)) / (sum(needed) or 1), 1)
    widths = [_CHARACTER * share * column for column in needed]
    height = 0
    for row in rows:
        room = widths if len(row) > 1 else [width]
        lines = [_lines(cell, wide) for cell, wide in zip(row, room, strict=False)]
        height += _ROW + _LINE * max(lines, default=1)
    return height


def _lines(texts: Sequence[str], width: float) -> int:
    """Return the lines of texts, each below the one before, in a width in pixels."""
    room = max(int(width / _CHARACTER), 1)
    lines = 0
    for text in texts:
        left = 0
        for word in text.split():
            length = _wide(word)
            if length < left:
                left -= length + 1
                continue
            # A word that is longer than a line is broken.
            lines += ceil(length / room)
            left = -length % room
    return max(lines, 1)


def _wide(text: str) -> int:
    """Return the width of a text in characters."""
    return len(text) + sum(character >= _WIDE for character in text)


def _shape(source: str) -> float:
    """Return the height of a PNG as a share of its width; 1 if it is none, or too high."""
    try:
        head = b64decode(source.removeprefix(PNG)[:32], validate=True)
    except ValueError:
        return 1
    width, height = unpack(">II", head[16:24].ljust(8, b"\0"))
    return height / width if 0 < height <= 2 * width else 1
