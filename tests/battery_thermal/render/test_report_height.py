"""Tests of the height of a report as an image."""

from base64 import b64encode
from struct import pack

import pytest

from custom_components.battery_thermal.render.report_height import PNG, PageHeight


def table(*rows: list[list[str]]) -> int:
    """Return the height of a page with a table."""
    page = PageHeight()
    page.add_table(rows)
    return page.pixels


def block(tag: str, *texts: str) -> int:
    """Return the height of a page with a block."""
    page = PageHeight()
    page.add_block(tag, texts)
    return page.pixels


def picture(source: str) -> int:
    """Return the height of a page with a picture."""
    page = PageHeight()
    page.add_picture(source)
    return page.pixels


EMPTY = PageHeight().pixels


def lines_of(height: int, *, around: int) -> float:
    """Return the lines of a text on the wide page, whose letters have 16 pixels."""
    return (height - EMPTY) * 15 / 16 / 23 - around / 23


def test_lines_of_a_block() -> None:
    """Words that do not fit are on the next line, also those that are longer than a line."""
    assert lines_of(block("p", "a"), around=8) == pytest.approx(1, abs=0.05)
    # 57 characters are in a line of the wide page, 38 in one of the narrow page.
    assert lines_of(block("p", "word " * 23), around=8) == pytest.approx(
        4 * 15 / 16, abs=0.1
    )
    assert block("p", "x" * 39) == block("p", "xx " * 13 + "x")
    assert block("p", "x" * 38) == block("p", "x")
    assert block("p", "x" * 77) > block("p", "x" * 76)
    assert block("p", "x", "y") > block("p", "x y")
    assert block("p", "\u4e00" * 20) == block("p", "x" * 40)
    assert block("p") == block("p", "") == block("p", "x")


def test_headings() -> None:
    """They are larger, and have more around them."""
    heights = [block(tag, "word " * 20) for tag in ("h1", "h2", "h3", "p")]
    assert heights[0] > heights[2] > heights[3]
    assert block("h2", "x") > block("h3", "x") > block("p", "x")


def test_rows_of_a_table() -> None:
    """A row is as high as its highest cell, and columns are as wide as their texts need."""
    one = table([["a"], ["b"]])
    assert table([["a"], ["b"]], [["a"], ["b"]]) == 2 * one - EMPTY
    assert table([["a", "c"], ["b"]]) > one
    assert table([["a"], ["word " * 5]]) == one
    long = ["word " * 30]
    beside = table([["a"], long])
    assert table([long, long]) > beside > one
    # A cell alone has all of the table, and takes nothing of the columns above it.
    assert table([long]) < table([long, long])
    above = [["word " * 5], ["word"]]
    assert table(above, [long]) <= table(above) + table([long]) - EMPTY


def test_rows_without_cells() -> None:
    """They have a height as well, in a file that somebody else has written."""
    assert table() == EMPTY
    assert table([]) == table([[""]]) == table([["a"]])
    assert table([["xx"]] * 400) > table([["xx"]])


def test_curve() -> None:
    """It is as wide as the page; the height is that on a wide screen."""
    page = PageHeight()
    page.add_curve()
    assert page.pixels == EMPTY + round(492 * 200 / 720)


@pytest.mark.parametrize(
    ("size", "height"),
    [
        ((300, 400), 400),
        ((600, 300), 150),
        ((100, 200), 600),
        ((100, 201), 300),
        ((0, 10), 300),
        ((10, 0), 300),
    ],
)
def test_picture(size: tuple[int, int], height: int) -> None:
    """It has the shape that the PNG has; a square where that cannot be."""
    head = b"\x89PNG\r\n\x1a\n" + pack(">I4sIIB", 13, b"IHDR", *size, 8)
    assert picture(PNG + b64encode(head).decode()) == EMPTY + height


@pytest.mark.parametrize("source", ["", PNG, f"{PNG}A=B", "https://example.com/x.png"])
def test_no_picture(source: str) -> None:
    """What somebody else has written has the height of a square."""
    assert picture(source) == EMPTY + 300
