"""Assembly of lines into images.

An image grows as its lines arrive. It is closed by its last line, by a line of another
image, by a reset, or by silence; what is missing then stays missing. A line that has
already arrived, or whose image is closed, changes nothing.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..model.mode import Mode
from ..model.thermal_image import ThermalImage
from .assembly_result import AssemblyResult, LinePosition
from .cadence import Cadence
from .growing_image import JITTER, GrowingImage
from .layout import Layout, Numbering
from .locator import Locator
from .node_message import Located, NodeMessage
from .recent_messages import RecentMessages
from .uplink import Reset, UplinkError, UplinkErrorReason


class Assembler:
    """Puts the lines of one node into images."""

    def __init__(
        self, layout: Layout = Layout.AUTO, numbering: Numbering = Numbering.AUTO
    ) -> None:
        """Initialize with what the owner has set."""
        self._layout = layout
        self._numbering = numbering
        self._locator = Locator(layout, numbering)
        self._cadence = Cadence()
        self._recent = RecentMessages()
        self._growing: GrowingImage | None = None
        self._closed: ThermalImage | None = None
        self._mode: Mode | None = None

    @property
    def growing(self) -> ThermalImage | None:
        """The image under way."""
        return None if self._growing is None else self._growing.image

    @property
    def closed(self) -> ThermalImage | None:
        """The image that ended last."""
        return self._closed

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, under way or not."""
        return self.growing or self._closed

    @property
    def mode(self) -> Mode | None:
        """The mode of the newest message whose mode is certain."""
        return self._mode

    @property
    def interval(self) -> timedelta:
        """The usual time between two messages."""
        return self._cadence.interval

    @property
    def pause(self) -> timedelta:
        """The longest usual time between two messages, as between two images."""
        return self._cadence.pause

    @property
    def line_position(self) -> LinePosition:
        """How the positions of lines are known at this time."""
        numbering = self._locator.numbering
        if numbering is Numbering.COUNTER:
            return LinePosition.COUNTER
        if numbering is Numbering.PORT and self._locator.port_is_known:
            return LinePosition.PORT
        if self._locator.position is not None:
            return LinePosition.FOUND
        return LinePosition.UNKNOWN

    @property
    def layout(self) -> Layout:
        """How the node cuts slow images, as set or detected; AUTO while unknown."""
        return self._locator.layout

    @property
    def silent_at(self) -> datetime | None:
        """When the image under way must be over, if nothing more is received.

        By the network server's clock, and with time for a last line to come here.
        """
        return self._growing.over_at(self.interval) if self._growing else None

    def expect_mode(self, mode: Mode) -> None:
        """Note that the node may receive a request for this mode from now on."""
        self._locator.expect_mode(mode)

    def note_missing_uplinks(self) -> None:
        """Note that uplinks may be missing that the network server received."""
        self._locator.note_missing_uplinks()

    def close_silent(self, now: datetime) -> AssemblyResult:
        """Close the image under way if it must be over."""
        if self.silent_at is None or now < self.silent_at:
            return AssemblyResult()
        closed: list[ThermalImage] = []
        self._close(closed)
        return AssemblyResult(closed=tuple(closed))

    def receive(self, message: NodeMessage) -> AssemblyResult:
        """Put a message into its image, and return what that changed.

        Raises UplinkError if a node of this layout cannot have sent it.
        """
        self._check_layout(message)
        if self._recent.has_copy(
            message,
            counter_may_restart=self._locator.numbering
            in (Numbering.AUTO, Numbering.COUNTER),
            within=self.interval + JITTER,
        ):
            return AssemblyResult(duplicate=True)
        self._cadence.observe_messages(self._recent.newest, message)
        self._recent.remember(message)
        closed: list[ThermalImage] = []
        if isinstance(message.content, Reset):
            self._close(closed)
        located = self._locator.locate(message)
        placed = tuple(one for one in located if self._place(one, closed))
        self._mode = self._locator.mode or self._mode
        return AssemblyResult(
            placed=placed,
            closed=tuple(closed),
            last=tuple(one.line for one in placed if one.line.is_last),
            mode=self._locator.mode,
        )

    def _check_layout(self, message: NodeMessage) -> None:
        if isinstance(message.content, Reset):
            return
        values = len(message.content.values)
        grids = (one.grid(mode) for one in self._layout.candidates for mode in Mode)
        if all(values != grid.values for grid in grids):
            reason = UplinkErrorReason.LAYOUT
            raise UplinkError(reason, f"{values} values in a line of {self._layout}")

    def _place(self, located: Located, closed: list[ThermalImage]) -> bool:
        """Put a line into its image; False if that is closed, or has the line."""
        growing = self._growing
        if growing is None or not growing.includes(located, self.interval):
            if located.late:
                return False
            self._close(closed)
            growing = GrowingImage.begin(located)
        elif growing.has_line(located.position.line):
            return False
        self._growing = growing.with_line(located)
        if located.line.is_last:
            self._close(closed)
        return True

    def _close(self, closed: list[ThermalImage]) -> None:
        """Close the image under way, if there is one."""
        if self._growing is not None:
            self._closed = replace(self._growing.image, closed=True)
            self._growing = None
            closed.append(self._closed)

    def as_dict(self) -> dict[str, Any]:
        """Return what is known, for JSON."""
        return {
            "layout": self._layout,
            "numbering": self._numbering,
            "locator": self._locator.as_dict(),
            "cadence": list(self._cadence.samples),
            "gaps": list(self._cadence.gaps),
            "mode": self._mode,
            "closed": self._closed and self._closed.as_dict(),
            "growing": self._growing and self._growing.as_dict(),
        }

    @classmethod
    def from_dict(
        cls,
        layout: Layout,
        data: dict[str, Any],
        numbering: Numbering = Numbering.AUTO,
    ) -> Assembler:
        """Continue with what `as_dict` returned.

        If the owner has changed layout or numbering, only the last image is kept.
        """
        assembler = cls(layout, numbering)
        if closed := data["closed"]:
            assembler._closed = ThermalImage.from_dict(closed)
        if (data["layout"], data["numbering"]) != (layout, numbering):
            return assembler
        assembler._locator.restore(data["locator"])
        # A record of an earlier release has no gaps.
        assembler._cadence = Cadence(data["cadence"], data.get("gaps", ()))
        assembler._mode = data["mode"] and Mode(data["mode"])
        if growing := data["growing"]:
            assembler._growing = GrowingImage.from_dict(growing)
        return assembler
