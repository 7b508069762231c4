"""Drawing of areas: their borders, and the maximum of each."""

from collections.abc import Sequence
from dataclasses import replace

from ..model.area import Area
from ..model.thermal_image import ThermalImage
from ..model.value_range import HIGHEST
from ..thermal.areas import AreaValues, measure_areas
from .canvas import Canvas, Ink, text_height, text_width
from .rectangle import Rectangle
from .scale import DOUBT_SIGN, format_number, in_unit
from .style import Style

type _Corner = tuple[int, int]
"""From the left and from the top, in pixels of the picture."""


def draw_areas(
    canvas: Canvas,
    box: Rectangle,
    image: ThermalImage,
    style: Style,
    *,
    size: int,
    marks: Sequence[tuple[float, float, float]],
) -> None:
    """Draw the borders of areas into the box of the image, and the maximum of each.

    In letters of `size`, where there is room in the area: at its lower edge, or at the
    upper one if that would cover one of `marks`, which are x, y and reach, or the
    maximum of another area.
    """
    corners = {area.key: _corners(area, box, style) for area in style.areas}
    # Light beside dark: one of them stands out from any colour.
    for ink, aside in ((Ink.BACKGROUND, 1), (Ink.GREY, 0)):
        for outline in corners.values():
            for start, end in zip(outline, [*outline[1:], outline[0]], strict=True):
                canvas.line(start, end, aside, ink)
    labels: list[Rectangle] = []
    for values in measure_areas(image, style.areas):
        if values.maximum is None:
            continue
        text = _text(values, style)
        width, height = text_width(text, size), text_height(size)
        across, down = zip(*corners[values.area.key], strict=True)
        left, right, top, bottom = (
            min(across) + 1,
            max(across),
            min(down) + 1,
            max(down),
        )
        if width > right - left or height > bottom - top:
            continue
        if len(across) > 4:
            left = (left + right - width) // 2
        label = Rectangle(left, bottom - height, width, height)
        if any(label.is_near(*mark) for mark in marks) or any(
            label.meets(other) for other in labels
        ):
            label = replace(label, top=top)
        canvas.text(label.left, label.top, text, size)
        labels.append(label)


def _text(values: AreaValues, style: Style) -> str:
    if values.over_range:
        return f"> {in_unit(HIGHEST / 10, style.unit):.0f}"
    assert values.maximum is not None
    number = format_number(in_unit(values.maximum, style.unit), 1)
    return f"{number}{DOUBT_SIGN}" if values.doubtful else number


def _corners(area: Area, box: Rectangle, style: Style) -> list[_Corner]:
    height, width = style.orientation.size
    return [
        (
            box.left + round(column / width * (box.width - 1)),
            box.top + round(row / height * (box.height - 1)),
        )
        for row, column in (style.orientation.to_display(*it) for it in area.corners)
    ]
