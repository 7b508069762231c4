"""Rectangles of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that is right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row that is below it."""
        return self.top + self.height

    def is_near(self, x: float, y: float, reach: float) -> bool:
        """Whether a point is inside, or less than `reach` outside."""
        return (
            self.left - reach < x < self.right + reach
            and self.top - reach < y < self.bottom + reach
        )

    def meets(self, other: Rectangle) -> bool:
        """Whether a part of both is the same."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def fit(self, height: int, width: int) -> Rectangle:
        """Return the largest rectangle of these proportions, in the middle."""
        pixel = min(self.width / width, self.height / height)
        new_width, new_height = round(pixel * width), round(pixel * height)
        left = self.left + (self.width - new_width) // 2
        top = self.top + (self.height - new_height) // 2
        return Rectangle(left, top, new_width, new_height)
