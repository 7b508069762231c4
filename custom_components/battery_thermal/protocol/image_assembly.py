"""Images of one node, whatever the format of its messages is.

A node sends one format. If its owner changes the firmware, the images of the new format
follow those of the old one.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..model.mode import Mode
from ..model.thermal_image import ThermalImage
from .assembly import Assembler
from .assembly_result import AssemblyResult, LinePosition
from .compact import CompactMessage
from .compact.assembly import CompactAssembler
from .layout import Layout, Numbering
from .node_message import NodeMessage
from .uplink import Line, Reset, UplinkError, UplinkErrorReason


class ImageAssembler:
    """Passes messages to the assembler of their format."""

    def __init__(
        self, layout: Layout = Layout.AUTO, numbering: Numbering = Numbering.AUTO
    ) -> None:
        """Initialize with what the owner has set."""
        self._layout = layout
        self._lines = Assembler(_layout_of_lines(layout), numbering)
        self._compact = CompactAssembler()
        self._is_compact = layout is Layout.COMPACT
        """Whether the newest message was in the compact format."""

    @property
    def closed(self) -> ThermalImage | None:
        """The image that ended last."""
        closed = self._lines.closed, self._compact.closed
        newest, other = closed[::-1] if self._is_compact else closed
        return newest or other

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, under way or not."""
        assembler = self._compact if self._is_compact else self._lines
        return assembler.growing or self.closed

    @property
    def facts(self) -> ThermalImage | None:
        """The extremes of the newest picture, if they are known before it has ended."""
        return self._compact.facts if self._is_compact else None

    @property
    def mode(self) -> Mode | None:
        """The mode of the newest message whose mode is certain."""
        return self._compact.mode if self._is_compact else self._lines.mode

    @property
    def interval(self) -> timedelta:
        """The usual time between two messages."""
        if self._is_compact:
            return self._compact.cadence.interval
        return self._lines.interval

    @property
    def pause(self) -> timedelta:
        """The longest usual time between two messages, as between two images."""
        if self._is_compact:
            return self._compact.cadence.pause
        return self._lines.pause

    @property
    def line_position(self) -> LinePosition:
        """How the positions of lines are known at this time."""
        if self._is_compact:
            return LinePosition.MESSAGE
        return self._lines.line_position

    @property
    def layout(self) -> Layout:
        """How the node cuts images into messages; AUTO while unknown."""
        return Layout.COMPACT if self._is_compact else self._lines.layout

    @property
    def silent_at(self) -> datetime | None:
        """When the image under way must be over, if nothing more is received."""
        times = self._lines.silent_at, self._compact.silent_at
        return min((time for time in times if time is not None), default=None)

    def expect_mode(self, mode: Mode) -> None:
        """Note that the node may receive a request for this mode from now on."""
        self._lines.expect_mode(mode)

    def note_missing_uplinks(self) -> None:
        """Note that uplinks may be missing that the network server received."""
        self._lines.note_missing_uplinks()

    def close_silent(self, now: datetime) -> AssemblyResult:
        """Close the images under way that must be over."""
        lines, compact = (
            assembler.close_silent(now) for assembler in (self._lines, self._compact)
        )
        return replace(
            lines,
            closed=lines.closed + compact.closed,
            last=lines.last + compact.last,
        )

    def receive(
        self, message: NodeMessage[Line | Reset | CompactMessage]
    ) -> AssemblyResult:
        """Put a message into its image, and return what that changed.

        Raises UplinkError if a node of this layout cannot have sent it.
        """
        content = message.content
        if isinstance(content, CompactMessage):
            if self._layout not in (Layout.AUTO, Layout.COMPACT):
                reason = UplinkErrorReason.LAYOUT
                raise UplinkError(reason, f"a compact message, not {self._layout}")
            result = self._compact.receive(_with_content(message, content))
            self._is_compact = True
            return result
        if self._layout is Layout.COMPACT:
            reason = UplinkErrorReason.LAYOUT
            raise UplinkError(reason, "a line from a node of the compact format")
        result = self._lines.receive(_with_content(message, content))
        self._is_compact = False
        return result

    def as_dict(self) -> dict[str, Any]:
        """Return what is known, for JSON."""
        lines = self._lines.as_dict() | {"layout": self._layout}
        if not self._is_compact:
            return lines
        return lines | {"compact": self._compact.as_dict()}

    @classmethod
    def from_dict(
        cls,
        layout: Layout,
        data: dict[str, Any],
        numbering: Numbering = Numbering.AUTO,
    ) -> ImageAssembler:
        """Continue with what `as_dict` returned.

        If the owner has changed layout or numbering, only the last image is kept.
        """
        assembler = cls(layout, numbering)
        lines = _layout_of_lines(layout)
        saved = data | {"layout": _layout_of_lines(Layout(data["layout"]))}
        assembler._lines = Assembler.from_dict(lines, saved, numbering)
        if (compact := data.get("compact")) and layout in (Layout.AUTO, Layout.COMPACT):
            assembler._compact = CompactAssembler.from_dict(compact)
            assembler._is_compact = True
        return assembler


def _layout_of_lines(layout: Layout) -> Layout:
    """Return how lines are cut of a node that is set to send another format."""
    return Layout.AUTO if layout is Layout.COMPACT else layout


def _with_content[Content](
    message: NodeMessage[Any], content: Content
) -> NodeMessage[Content]:
    """Return a message with the type of its content known."""
    return NodeMessage(
        message.session, message.f_cnt, message.f_port, message.received_at, content
    )
