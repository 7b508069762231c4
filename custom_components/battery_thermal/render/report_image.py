"""A report as an image, for Home Assistant's media browser, which shows no pages.

The image is an SVG with the page inside. It is as wide as there is room, and the page's
lines break there. An SVG needs its height beforehand, and has the same at every width: it is
estimated, the page is never much wider than a phone's, and what is left over is spread over
its tables and curves.
"""

from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser
import re
from typing import Final, override

from .report_height import BLOCKS, PNG, SAMPLE, PageHeight
from .report_style import STYLE

_SVG: Final = "http://www.w3.org/2000/svg"
_XHTML: Final = "http://www.w3.org/1999/xhtml"

# What a report is made of. All else is left out: others may have written into the file.
_TAGS: Final = frozenset(
    [
        "circle",
        "div",
        "h1",
        "h2",
        "h3",
        "i",
        "img",
        "line",
        "p",
        "polygon",
        "polyline",
        "section",
        "small",
        "span",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "th",
        "thead",
        "tr",
    ]
)
_ATTRIBUTES: Final = {
    name.lower(): name
    for name in [
        "alt",
        "aria-label",
        "class",
        "colspan",
        "cx",
        "cy",
        "points",
        "r",
        "role",
        "scope",
        "src",
        "text-anchor",
        "viewBox",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    ]
}
# Tags inside each other: a report has some eight.
_DEEPEST: Final = 64
_WITHOUT_TEXT: Final = ("script", "style", "title")
_PICTURE: Final = re.compile(f"{PNG}[A-Za-z0-9+/=]*")

# Characters that XML does not have, whatever is done to them.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What is left over is spread: to a curve goes as much as it is higher on the wide page, see
# `PageHeight.add_table`. A narrower screen has smaller letters in place of more lines.
_STYLE: Final = """
html { height: 100%; }
body { box-sizing: border-box; max-width: 540px; min-height: 100%;
  display: flex; flex-direction: column; justify-content: space-between; }
section.cell, svg { flex: 50 0 auto; }
@media (min-width: 500px) { body { font-size: 16px; } }
@media (max-width: 420px) { body { padding: 16px; } }
@media (max-width: 335px) { body { font-size: 13px; } }
@media (max-width: 300px) { body { font-size: 11px; } }
"""


def as_image(page: str) -> str:
    """Return the page of a report as an SVG."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    body, height = reader.result()
    return (
        f'<svg xmlns="{_SVG}" width="100%" height="{height}"'
        f' style="height: {height}px; background: #fff">'
        '<foreignObject x="0" y="0" width="100%" height="100%">'
        f'<html xmlns="{_XHTML}"><head><style>{STYLE}{_STYLE}</style></head>'
        f"<body>{body}</body></html></foreignObject></svg>\n"
    )


class _Reader(HTMLParser):
    """Reads a page, writes it as XML, and adds up its height in some widths."""

    def __init__(self) -> None:
        """Initialize."""
        super().__init__()
        self._parts: list[str] = []
        self._open: list[str] = []
        self._skips = False
        self._texts: list[str] | None = None
        """Of the block or the cell that is open; each is below the one before."""
        self._rows: list[list[list[str]]] = []
        """Of the table that is open: the texts of its cells."""
        self._table = 0
        """The number of the part where it begins."""
        self._height = PageHeight()

    def result(self) -> tuple[str, int]:
        """Return the body as XML, and its height in CSS pixels."""
        while self._open:
            self._end()
        return "".join(self._parts), self._height.pixels

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a tag, if a report may have it."""
        self._skips = tag in _WITHOUT_TEXT
        if tag not in _TAGS or len(self._open) >= _DEEPEST:
            return
        space = f' xmlns="{_SVG}"' if tag == "svg" else ""
        self._begin(tag, dict(attrs))
        self._parts.append(f"<{tag}{space}{_attributes(attrs)}>")
        self._open.append(tag)
        if tag == "img":
            self._end()

    @override
    def handle_endtag(self, tag: str) -> None:
        """Close a tag, and those inside it that were not closed."""
        self._skips = False
        if tag in self._open:
            while self._end() != tag:
                pass

    @override
    def handle_data(self, data: str) -> None:
        """Write a text."""
        if self._skips or not self._open:
            return
        self._parts.append(_text(data))
        if self._texts and self._open[-1] != "text":
            self._texts[-1] += data

    def _begin(self, tag: str, attrs: Mapping[str, str | None]) -> None:
        """Begin to measure what is in a tag."""
        match tag:
            case "table" if tag not in self._open:
                self._rows, self._table = [], len(self._parts)
            case "tr":
                self._rows.append([])
            case "td" | "th" if self._rows:
                self._texts = [""]
                self._rows[-1].append(self._texts)
            case "small" if self._texts:
                self._texts.append("")
            case "i" if self._texts:
                self._texts[-1] += SAMPLE
            case "svg":
                self._height.add_curve()
            case "img":
                self._height.add_picture(attrs.get("src") or "")
            case _ if tag in BLOCKS:
                self._texts = [""]

    def _end(self) -> str:
        """Close the last tag, and return it."""
        tag = self._open.pop()
        self._parts.append(f"</{tag}>")
        if tag in BLOCKS and self._texts:
            self._height.add_block(tag, self._texts)
        elif tag == "table" and tag not in self._open:
            share = self._height.add_table(self._rows)
            begin = f'<table style="flex: {share} 0 auto"'
            self._parts[self._table] = self._parts[self._table].replace("<table", begin)
            self._rows = []
        if tag in BLOCKS or tag in ("td", "th"):
            self._texts = None
        return tag


def _attributes(attrs: Sequence[tuple[str, str | None]]) -> str:
    """Return those attributes of a tag that a report may have."""
    return "".join(
        f' {_ATTRIBUTES[name]}="{_text(value)}"'
        for name, value in dict(attrs).items()
        if name in _ATTRIBUTES
        and value is not None
        and (name != "src" or _PICTURE.fullmatch(value))
    )


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
