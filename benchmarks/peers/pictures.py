"""Others' ways to draw a thermal picture, each with the same size and the same marks.

Nobody's code: what is known of how they work, written anew. All take 32 x 24 °C.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 480, 640
BACKGROUND = (16, 18, 22)
WHITE = (242, 242, 242)
JPEG_QUALITY = 90
THRESHOLD = 50
TICKS = range(25, 65, 5)

type Colour = tuple[int, int, int]

_STOPS: tuple[Colour, ...] = (
    (0, 0, 20),
    (0, 0, 140),
    (120, 0, 80),
    (255, 0, 10),
    (255, 60, 0),
    (255, 235, 0),
    (255, 255, 255),
)


def colour(celsius: float, low: float, high: float) -> Colour:
    """Return the colour of one temperature, found by arithmetic each time."""
    at = min(max((celsius - low) / (high - low), 0.0), 1.0) * (len(_STOPS) - 1)
    first = min(int(at), len(_STOPS) - 2)
    red, green, blue = (
        int(a + (b - a) * (at - first))
        for a, b in zip(_STOPS[first], _STOPS[first + 1], strict=True)
    )
    return red, green, blue


def coloured(celsius: np.ndarray) -> Image.Image:
    """Return a small image, coloured one pixel after the other in Python."""
    low, high = float(celsius.min()), float(celsius.max())
    height, width = celsius.shape
    image = Image.new("RGB", (width, height))
    for row in range(height):
        for column in range(width):
            image.putpixel((column, row), colour(celsius[row, column], low, high))
    return image


def original(celsius: np.ndarray) -> bytes:
    """Draw as the first web server for these nodes does: PNG, by matplotlib.

    Its app.py (github.com/dgarigali/BatteryThermalMonitoring): one colour at a time,
    Pillow's bicubic enlargement of the colours, a figure that is kept and cleared, a
    colour bar with a label, no axes, and what is empty around it cut off.
    """
    # Only where it is needed: importing it takes a second.
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure = plt.gcf()
    # So that as much is left as the others draw.
    figure.set_size_inches(5.49, 7.14)
    figure.clf()
    axes = figure.add_subplot()
    axes.imshow(coloured(celsius).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))
    scale = mpl.colors.Normalize(celsius.min(), celsius.max())
    bar = figure.colorbar(mpl.cm.ScalarMappable(scale, "jet"), ax=axes)
    bar.set_label("Temperature (Celsius)")
    for which, shape in (celsius.argmax(), "o"), (celsius.argmin(), "s"):
        row, column = divmod(int(which), celsius.shape[1])
        x, y = (column + 0.5) * WIDTH / 24, (row + 0.5) * HEIGHT / 32
        axes.plot([x], [y], shape, markerfacecolor="none", markeredgecolor="white")
    axes.set_title("2026-11-21 07:39")
    figure.text(
        0.1, 0.02, f"{celsius.max():.1f} °C  {celsius.min():.1f} °C  {THRESHOLD} °C"
    )
    axes.axis("off")
    file = BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    return file.getvalue()


class Layered:
    """Draw as an integration for thermal cameras in Home Assistant does: JPEG, by Pillow.

    Known of it ("Thermal Camera", a custom integration that polls a camera's address):
    one colour at a time; the colours are enlarged twenty times; a bar, drawn line by
    line; every label has a black border of 24 strokes and a half transparent shadow,
    and each shadow is a layer as large as the picture.
    """

    _BORDER = 2
    _OFFSET = 5
    _SHADOW = (0, 0, 0, 100)

    def __init__(self) -> None:
        """Load the font once."""
        self._font = ImageFont.load_default(17)

    def __call__(self, celsius: np.ndarray) -> bytes:
        """Return the file."""
        low, high = float(celsius.min()), float(celsius.max())
        image = coloured(celsius).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(image)
        for which in celsius.argmax(), celsius.argmin():
            row, column = divmod(int(which), celsius.shape[1])
            x, y = (column + 0.5) * WIDTH / 24, (row + 0.5) * HEIGHT / 32
            draw.ellipse((x - 9, y - 9, x + 9, y + 9), outline="red")
            draw.line((x - 9, y, x + 9, y), "red")
            draw.line((x, y - 9, x, y + 9), "red")
        image = self._bar(image, low, high)
        for x, y, text in (
            (10, 5, "2026-11-21 07:39"),
            (400, 5, "°C"),
            *(
                (430, round(20 + 580 * (high - t) / (high - low)), f"{t}")
                for t in TICKS
            ),
            (10, 610, f"{high:.1f} °C"),
            (100, 610, f"{low:.1f} °C"),
            (400, 610, f"{THRESHOLD} °C"),
        ):
            image = self._label(image, x, y, text)
        file = BytesIO()
        image.save(file, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4")
        return file.getvalue()

    def _bar(self, image: Image.Image, low: float, high: float) -> Image.Image:
        left, top, width, height = WIDTH - 20, 10, 10, HEIGHT - 20
        layer = Image.new("RGBA", image.size)
        shadow = (left + 5, top + 5, left + width + 5, top + height + 5)
        ImageDraw.Draw(layer).rectangle(shadow, self._SHADOW)
        image = Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")
        draw = ImageDraw.Draw(image)
        for line in range(height):
            share = 1 - line / height
            drawn = colour(low + (high - low) * share, low, high)
            draw.line((left, top + line, left + width, top + line), drawn)
        return image

    def _label(self, image: Image.Image, x: int, y: int, text: str) -> Image.Image:
        layer = Image.new("RGBA", image.size)
        place = (x + self._OFFSET, y + self._OFFSET)
        ImageDraw.Draw(layer).text(place, text, self._SHADOW, self._font)
        image = Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")
        draw = ImageDraw.Draw(image)
        border = range(-self._BORDER, self._BORDER + 1)
        for dx in border:
            for dy in border:
                if dx or dy:
                    draw.text((x + dx, y + dy), text, "black", self._font)
        draw.text((x, y), text, "white", self._font)
        return image


class Floor:
    """The least there is to do: encoding a picture that is already drawn."""

    def __init__(self, drawn: bytes) -> None:
        """Take a picture, which is unpacked once."""
        self._pixels = Image.open(BytesIO(drawn)).convert("RGB")

    def __call__(self) -> bytes:
        """Return the file."""
        file = BytesIO()
        self._pixels.save(file, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4")
        return file.getvalue()
