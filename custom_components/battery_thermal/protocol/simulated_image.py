"""Images of simulated uplinks, for testing an installation.

Uplinks made in the network server's console have no session and no frame counter, and
none is lost: so they are taken for the lines of an image in the order in which they
come. They are kept apart from what a node has sent.
"""

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
        self._layout = layout
        self._count = 0
        self._assembler = ImageAssembler(layout, Numbering.RUNNING)

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, under way or not."""
        return self._assembler.image

    def receive(self, payload: bytes, received_at: datetime) -> None:
        """Receive a simulated uplink.

        Raises UplinkError if no node of this layout can have sent it.
        """
        content = decode_uplink(payload)
        if self._count == 0 and isinstance(content, Line):
            # The first line is that of an image, as after a reset.
            self._put(Reset(), received_at)
        self._put(content, received_at)

    def _put(
        self, content: Line | Reset | CompactMessage, received_at: datetime
    ) -> None:
        message = NodeMessage(UNKNOWN_SESSION, self._count, _PORT, received_at, content)
        self._assembler.receive(message)
        self._count += 1
