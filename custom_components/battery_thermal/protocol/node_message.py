"""An uplink of a node, decoded, and a line of it whose place is certain."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .layout import Position
from .uplink import Line, Reset


@dataclass(frozen=True, slots=True)
class NodeMessage[Content = Line | Reset]:
    """A decoded uplink, with what the network server reports of it.

    `session` is the id of the session, empty if unknown; `received_at` is when a gateway
    received it.
    """

    session: str
    f_cnt: int
    f_port: int
    received_at: datetime
    content: Content


class Located(NamedTuple):
    """A line whose place is certain; `late`: newer messages came before it."""

    message: NodeMessage
    line: Line
    position: Position
    late: bool = False
