"""Images of simulated uplinks, for testing an installation.

Uplinks made in the network server's console have no session and no frame counter, and
none is lost: so they are taken for the lines of an image in the order in which they
come. They are kept apart from what a node has sent.
"""

from dataclasses import replace
from datetime import datetime

from ..model.thermal_image import ThermalImage
from .compact import CompactMessage
from .formats import decode_uplink
from .image_assembly import ImageAssembler
from .layout import Layout, Numbering
from .node_message import NodeMessage
from .session import UNKNOWN_SESSION
from .uplink import Line, Reset

_PORT = 1


class SimulatedImage:
    """Puts simulated lines into images."""

    def __init__(self, layout: Layout) -> None:
        """Start without an image."""
        self._count = 0
        self._assembler = ImageAssembler(layout, Numbering.RUNNING)
        self._first_at: datetime | None = None
        self._image: ThermalImage | None = None

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, under way or not."""
        return self._image

    def receive(self, payload: bytes, received_at: datetime) -> None:
        """Receive a simulated uplink.

        Raises UplinkError if no node of this layout can have sent it.
        """
        content = decode_uplink(payload)
        # A person clicks irregularly, and a long time says nothing of lost lines: so all
        # are of one time, until the image is there.
        self._first_at = self._first_at or received_at
        if self._count == 0 and isinstance(content, Line):
            # The first line is that of an image, as after a reset.
            self._put(Reset(), self._first_at)
        self._put(content, self._first_at)
        if image := self._assembler.image:
            before = self._image
            continues = before and before.lines_received < image.lines_received
            started_at = before.started_at if before and continues else received_at
            self._image = replace(image, started_at=started_at, updated_at=received_at)

    def _put(
        self, content: Line | Reset | CompactMessage, received_at: datetime
    ) -> None:
        message = NodeMessage(UNKNOWN_SESSION, self._count, _PORT, received_at, content)
        self._assembler.receive(message)
        self._count += 1
