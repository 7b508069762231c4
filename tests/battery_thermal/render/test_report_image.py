"""Tests of reports as images, as the media browser shows them."""

from html.parser import HTMLParser
from typing import override
from xml.etree import ElementTree as ET

from hypothesis import given, strategies as st
import pytest

from custom_components.battery_thermal.model.archived_image import ArchivedImage
from custom_components.battery_thermal.render.report import report_page
from custom_components.battery_thermal.render.report_image import as_image
from custom_components.battery_thermal.thermal.cells import CellGrid
from tests.battery_thermal.thermal.scenes import bank, thermal_image

from .test_report import report, summary

SVG = "{http://www.w3.org/2000/svg}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def body_of(image: str) -> ET.Element:
    """Return the body of the page in an image, which has to be XML."""
    body = ET.fromstring(image).find(f".//{XHTML}body")  # noqa: S314
    assert body is not None
    return body


def height_of(image: str) -> int:
    """Return the height of an image."""
    return int(ET.fromstring(image).attrib["height"])  # noqa: S314


class Texts(HTMLParser):
    """The texts of a page's body."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.found = ""
        self.feed(text.partition("<body>")[2])
        self.close()

    @override
    def handle_data(self, data: str) -> None:
        """Add a text."""
        self.found += data


def test_everything_of_the_report_is_in_it() -> None:
    """Texts, tables, picture and curves are those of the page."""
    only = ArchivedImage(thermal_image(bank(24, 5)), 20, False, 50)
    bad = '</svg><img src="x">\x0b"&'
    written = report_page(
        report(
            summary(only, grid=CellGrid(1, 2, names=(bad,))),
            picture=b"png",
            settings=[("Now", [(bad, "1")])],
        )
    )
    body = body_of(as_image(written))
    texts = "".join(body.itertext())
    read = Texts(written).found.replace("\x0b", "\ufffd")
    assert "".join(texts.split()) == "".join(read.split())
    assert bad.replace("\x0b", "\ufffd") in texts
    for tag in ("h1", "h2", "h3", "tr", "td", "small", "section"):
        assert len(body.findall(f".//{XHTML}{tag}")) == written.count(f"<{tag}"), tag
    curves = body.findall(f".//{SVG}svg")
    assert [curve.attrib["viewBox"] for curve in curves] == ["0 0 720 200"] * 3
    (picture,) = body.findall(f".//{XHTML}img")
    assert picture.attrib["src"] == "data:image/png;base64,cG5n"
    assert body.find(f".//{XHTML}td[@class='n']") is not None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()" class="sub">a</p>', '<p class="sub">a</p>'),
        ('<p><img src="https://example.com/x.png">a</p>', "<p><img></img>a</p>"),
        ("<p><iframe src='x'>a</iframe></p>", "<p>a</p>"),
        ("<style>p { color: red }</style>text<p>a", "<p>a</p>"),
        ("<table><tr><td>a<td><small>b</table></p>", None),
        ("<p class>a</b></p>", "<p>a</p>"),
        ("<td>a</td><small>b</small>", "<td>a</td><small>b</small>"),
        ("", ""),
    ],
)
def test_a_page_of_somebody_else(written: str, kept: str | None) -> None:
    """Only what a report is made of is kept, and it is XML whatever is in the file."""
    image = as_image(written)
    body = body_of(image)
    if kept is not None:
        found = ET.tostring(body, encoding="unicode", short_empty_elements=False)
        found = found.partition(">")[2].removesuffix("</html:body>")
        assert found.replace("html:", "") == kept


@given(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "<tr>",
                "</tr>",
                "<td>",
                "<svg>",
                "</p>",
                "<img>",
                "<small>",
                "<i a='",
            ]
        )
    ),
)
def test_any_file(text: str, tags: list[str]) -> None:
    """It is XML, and has a height."""
    image = as_image(text + text.join(tags))
    body_of(image)
    assert height_of(image) >= 48


def test_tags_inside_each_other_without_end() -> None:
    """Those that are deeper than any report are left out, also in a large file."""
    image = as_image("<i>" * 100_000 + "deep" + "</p>" * 100_000)
    assert image.count("<i>") == image.count("</i>") == 64
    assert "deep" in image


@pytest.mark.parametrize(
    ("written", "shares"),
    [
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", [1]),
        ("<table class='x'><tr><td><table><tr></tr></table></td></tr></table>", [1]),
        ("<table><tr><td>a</table><table><tr><td>b", [1, 1]),
        ("<table></table>", [1]),
        # 44 characters: two lines of 23 pixels on the narrow page, one of 24.5 on the wide.
        (f"<table><tr><td>{'word ' * 9}</table>", [2 * 23 + 10 - 33 * 16 / 15]),
    ],
)
def test_room_that_is_left_over(written: str, shares: list[float]) -> None:
    """It is spread over tables and curves, so that none is at the end of the page."""
    tables = body_of(as_image(written)).findall(f"{XHTML}table")
    assert [table.attrib["style"] for table in tables] == [
        f"flex: {round(share)} 0 auto" for share in shares
    ]


def test_height() -> None:
    """It is that of the blocks, tables, curves and pictures; texts of curves are in them."""

    def height(written: str) -> int:
        return height_of(as_image(written))

    empty = height("")
    assert height("<p>a</p>") > empty
    assert height("<h1>a</h1>") > height("<p>a</p>")
    row = "<table><tr><td>a</td></tr></table>"
    assert height(row) > empty
    assert height("<p>a</p>" + row) == height("<p>a</p>") + height(row) - empty
    small = "<table><tr><td>a<small>b</small></td><td>c</td></tr></table>"
    assert height(small) > height(row)
    curve = "<svg><text>a</text></svg>"
    assert height(curve) == empty + round(492 * 200 / 720)
    assert height("<p>" + curve + "</p>") == height("<p>a</p>") + height(curve) - empty
    long = "<p>" + "a " * 200
    assert height(long + "</p>") < height(long + "<i></i>" * 20 + "</p>")
    # What is in no block has no height of its own.
    for written in ("a", "<td>a</td>", "<small>a</small>", "<i></i>", "<div>a</div>"):
        assert height(written) == empty
