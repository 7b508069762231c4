"""Canvas of a picture: 8 bit indices of temperatures and inks."""

from enum import IntEnum
from functools import lru_cache
from io import BytesIO
from itertools import zip_longest
import math
from unicodedata import combining, normalize

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .style import FileFormat

JPEG_QUALITY = 90
"""Without chroma subsampling, colours are then off by less than the sensor's noise."""

HEAT = 240
"""Number of indices that are temperatures, the first ones; inks follow."""

_SHADES = 5
"""Steps from the background to an ink, for lettering with smooth edges."""


_FINE = 4
"""Letters are drawn larger by this factor and reduced, so that spacing is even."""


type Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels; the last column and row belong to it."""


class Ink(IntEnum):
    """Indices of colours that are not temperatures."""

    BACKGROUND = HEAT
    WHITE = HEAT + _SHADES
    ACCENT = HEAT + 2 * _SHADES
    GREY = HEAT + 3 * _SHADES


_INKS = np.array([(16, 18, 22), (242, 242, 242), (255, 84, 84), (128, 134, 142)])


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return Pillow's own font (Aileron) at a size in pixels."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    return loaded


class Canvas:
    """An image of indices. Drawing beyond its edges is cut off.

    An array, on which letters and marks that were drawn once are put: a picture has
    some twenty of them, and to draw each anew took a tenth of its time.
    """

    def __init__(self, width: int, height: int) -> None:
        """Start with background only."""
        self._pixels = np.full((height, width), Ink.BACKGROUND, np.uint8)

    def paste(self, drawn: np.ndarray, x: int, y: int) -> None:
        """Put uint8 indices, (height, width), the upper left corner at x, y."""
        room, seen = self._room(drawn, x, y)
        room[...] = seen

    def text(
        self, x: float, y: float, text: str, size: int, ink: Ink = Ink.WHITE
    ) -> None:
        """Write on background, the upper left corner at x, y."""
        self.paste(_lettering(text, size, ink), round(x), round(y))

    def fill(self, box: Box, ink: Ink) -> None:
        """Fill a rectangle."""
        left, top, right, bottom = box
        rows = slice(max(top, 0), max(bottom + 1, 0))
        self._pixels[rows, max(left, 0) : max(right + 1, 0)] = ink

    def line(
        self, start: tuple[int, int], end: tuple[int, int], aside: int, ink: Ink
    ) -> None:
        """Draw a line a pixel wide, from one point (x, y) to another, both included.

        It is moved by `aside` pixels: down if it goes across, or else to the right.
        """
        (left, right), (top, bottom) = (
            sorted(ends) for ends in zip(start, end, strict=True)
        )
        if top == bottom:
            self.fill((left, top + aside, right, top + aside), ink)
        elif left == right:
            self.fill((left + aside, top, left + aside, bottom), ink)
        else:
            falls = (start[0] < end[0]) == (start[1] < end[1])
            shape = _diagonal(right - left, bottom - top, falls)
            self._stamp(shape, left + aside, top, ink)

    def frame(self, box: Box, stroke: int, ink: Ink) -> None:
        """Draw the edge of a rectangle, inwards, as many pixels wide as `stroke`."""
        left, top, right, bottom = box
        inner = stroke - 1
        self.fill((left, top, right, top + inner), ink)
        self.fill((left, bottom - inner, right, bottom), ink)
        self.fill((left, top, left + inner, bottom), ink)
        self.fill((right - inner, top, right, bottom), ink)

    def ellipse(self, box: Box, stroke: int, ink: Ink) -> None:
        """Draw the edge of an ellipse, inwards, as many pixels wide as `stroke`."""
        left, top, right, bottom = box
        self._stamp(_ellipse(right - left, bottom - top, stroke), left, top, ink)

    def arrow(self, x: int, y: int, width: int, height: int, ink: Ink) -> None:
        """Draw an arrowhead from x, y rightwards: up from there, or down if negative."""
        self._stamp(_arrow(width, height), x, y - max(height, 0), ink)

    def encode(self, colours: np.ndarray, file_format: FileFormat) -> bytes:
        """Return the file, with the (256, 3) palette of heat put on."""
        image = Image.fromarray(self._pixels)
        image.putpalette(_with_inks(colours.tobytes()))
        file = BytesIO()
        if file_format is FileFormat.PNG:
            image.save(file, "PNG")
        else:
            rgb = image.convert("RGB")
            rgb.save(file, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4")
        return file.getvalue()

    def _stamp(self, shape: np.ndarray, x: int, y: int, ink: Ink) -> None:
        """Colour the pixels for which `shape`, (height, width), is True."""
        room, seen = self._room(shape, x, y)
        room[seen] = ink

    def _room(self, drawn: np.ndarray, x: int, y: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the area to draw on, and the part of the drawing inside the canvas."""
        height, width = drawn.shape
        rows = slice(max(y, 0), max(y + height, 0))
        room = self._pixels[rows, max(x, 0) : max(x + width, 0)]
        seen = drawn[max(-y, 0) :, max(-x, 0) :]
        return room, seen[: room.shape[0], : room.shape[1]]


@lru_cache(maxsize=64)
def _diagonal(width: int, height: int, falls: bool) -> np.ndarray:
    """Return where a line is that falls or rises to the right: (height + 1, width + 1)."""
    image = Image.new("1", (width + 1, height + 1))
    down = (0, height) if falls else (height, 0)
    ImageDraw.Draw(image).line((0, down[0], width, down[1]), 1)
    return np.asarray(image)


@lru_cache(maxsize=64)
def _ellipse(width: int, height: int, stroke: int) -> np.ndarray:
    """Return where the edge of an ellipse is: bool, (height + 1, width + 1)."""
    image = Image.new("1", (width + 1, height + 1))
    ImageDraw.Draw(image).ellipse((0, 0, width, height), outline=1, width=stroke)
    return np.asarray(image)


@lru_cache(maxsize=16)
def _arrow(width: int, height: int) -> np.ndarray:
    """Return where an arrowhead is, up or down: bool, (|height| + 1, width)."""
    base, tip = max(height, 0), max(-height, 0)
    image = Image.new("1", (width, abs(height) + 1))
    corners = [(0, base), ((width - 1) // 2, tip), (width - 1, base)]
    ImageDraw.Draw(image).polygon(corners, 1)
    return np.asarray(image)


@lru_cache(maxsize=256)
def text_width(text: str, size: int) -> int:
    """Return how wide lettering is, in pixels."""
    return math.ceil(sum(step for _, step in _steps(text, size)) / _FINE)


def text_height(size: int) -> int:
    """Return how high a line of lettering is, in pixels."""
    return math.ceil(sum(font(_FINE * size).getmetrics()) / _FINE)


@lru_cache(maxsize=256)
def _lettering(text: str, size: int, ink: Ink) -> np.ndarray:
    """Return lettering on background: uint8 indices.

    Letter by letter: each picture says another time and other values, in letters that
    pictures before it had.
    """
    width, height = max(text_width(text, size), 1), text_height(size)
    # Letters may reach a little over the edges, and that is cut off in the end.
    strip = np.full((height + size, width + 2 * size), Ink.BACKGROUND, np.uint8)
    x = float(_FINE * size)
    for letter, step in _steps(text, size):
        column, phase = divmod(round(x), _FINE)
        left, top, drawn = _letter(letter, size, ink, phase)
        left += column
        room = strip[top : top + drawn.shape[0], left : left + drawn.shape[1]]
        np.maximum(room, drawn, out=room)
        x += step
    return strip[:height, size : size + width].copy()


@lru_cache(maxsize=256)
def _steps(text: str, size: int) -> tuple[tuple[str, float], ...]:
    """Return the letters of a text, and how far it is from each to the next."""
    plain = _plain(text)
    return tuple(
        (letter, _step(letter, following, size))
        for letter, following in zip_longest(plain, plain[1:], fillvalue="")
    )


@lru_cache(maxsize=1024)
def _step(letter: str, following: str, size: int) -> float:
    """Return how far it is from a letter to the one that follows, in fine pixels."""
    fine = font(_FINE * size)
    return fine.getlength(letter + following) - fine.getlength(following)


@lru_cache(maxsize=2048)
def _letter(
    letter: str, size: int, ink: Ink, phase: int
) -> tuple[int, int, np.ndarray]:
    """Return a letter as indices, and where its left and upper edges are.

    `phase`: how far the pen is from the edge of a pixel, in fine pixels.
    """
    fine = font(_FINE * size)
    left, top, right, bottom = fine.getbbox(letter)
    x, y = math.floor((phase + left) / _FINE), math.floor(top / _FINE)
    width = max(math.ceil((phase + right) / _FINE) - x, 1)
    height = max(math.ceil(bottom / _FINE) - y, 1)
    large = Image.new("L", (_FINE * width, _FINE * height))
    pen = phase - _FINE * x, -_FINE * y
    ImageDraw.Draw(large).text(pen, letter, 255, fine)
    shades = (round(level * _SHADES / 255) for level in range(256))
    indices = [ink - _SHADES + n if n else Ink.BACKGROUND for n in shades]
    return x, y, np.asarray(large.reduce(_FINE).point(indices))


def _plain(text: str) -> str:
    """Return a text without accents, for which the font has no letters."""
    return "".join(c for c in normalize("NFKD", text) if not combining(c))


@lru_cache(maxsize=16)
def _with_inks(colours: bytes) -> bytes:
    """Return a palette of heat and ink, of 256 colours as `colours` is."""
    every = np.frombuffer(colours, np.uint8).reshape(-1, 3)
    heat = every[np.linspace(0, len(every) - 1, HEAT).round().astype(int)]
    shade = np.arange(1, _SHADES + 1)[:, None] / _SHADES
    inks = [_INKS[0] + (ink - _INKS[0]) * shade for ink in _INKS[1:]]
    palette: np.ndarray = np.concatenate([heat, _INKS[:1], *inks]).round()
    return palette.astype(np.uint8).tobytes()
