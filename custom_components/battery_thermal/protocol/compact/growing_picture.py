"""A picture that receives messages in the compact format, and which messages belong to it."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from ...model.mode import HEIGHT, WIDTH, Mode
from ...model.thermal_image import ThermalImage
from ...model.value_range import HIGHEST
from ..node_message import NodeMessage
from ..session import may_be_same_session, newest_session
from .header import QUARTERS, Header
from .message import CLAMPED, CompactMessage

LONGEST: Final = timedelta(hours=1)
"""The time after its first message in which a picture still receives quarters."""

_MOST_MESSAGES: Final = 16
"""Largest difference of the frame counters of two messages of one picture."""


@dataclass(frozen=True, slots=True)
class GrowingPicture:
    """A picture and what identifies its messages.

    `header`: that of its first message. `session`: unknown until a message reports it.
    """

    image: ThermalImage
    header: Header
    session: str
    f_cnt: int

    @classmethod
    def begin(cls, message: NodeMessage[CompactMessage]) -> GrowingPicture:
        """Return the picture that a message begins, with the pixels of the message."""
        header = message.content.header
        parts = 1 if header.quarter is None else QUARTERS
        image = replace(
            facts_image(message),
            lines_expected=parts,
            missing_lines=tuple(range(parts)),
        )
        growing = cls(image, header, message.session, message.f_cnt)
        return growing.with_pixels(message)

    @property
    def over_at(self) -> datetime:
        """When no further quarter is expected."""
        return self.image.started_at + LONGEST

    def includes(self, message: NodeMessage[CompactMessage]) -> bool:
        """Return whether a quarter belongs to this picture.

        All quarters of a picture have the same facts. Frame counters and times distinguish
        two pictures with equal facts.
        """
        header = message.content.header
        return (
            header.quarter is not None
            and self.header.quarter is not None
            and header.facts == self.header.facts
            and may_be_same_session(message.session, self.session)
            and abs(message.f_cnt - self.f_cnt) <= _MOST_MESSAGES
            and abs(message.received_at - self.image.started_at) <= LONGEST
        )

    def has_quarter(self, quarter: int | None) -> bool:
        """Return whether the pixels of a quarter have arrived."""
        return (quarter or 0) not in self.image.missing_lines

    def with_pixels(self, message: NodeMessage[CompactMessage]) -> GrowingPicture:
        """Return the picture with the pixels of one of its messages added."""
        header, added = message.content.header, message.content.values
        assert added is not None
        values, present = self.image.values.copy(), self.image.present.copy()
        values[header.lattice] = np.where(added == HIGHEST, CLAMPED, added)
        present[header.lattice] = True
        missing = tuple(
            part for part in self.image.missing_lines if part != (header.quarter or 0)
        )
        image = replace(
            self.image,
            values=values,
            present=present,
            missing_lines=missing,
            updated_at=max(self.image.updated_at, message.received_at),
            bound=max(self.image.bound or 0, header.bound),
        )
        session = newest_session(self.session, message.session)
        return replace(self, image=image, session=session)

    def as_dict(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        return {
            "image": self.image.as_dict(),
            "header": asdict(self.header),
            "session": self.session,
            "f_cnt": self.f_cnt,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> GrowingPicture:
        """Return what `as_dict` was called on."""
        return cls(
            ThermalImage.from_dict(data["image"]),
            header_from_dict(data["header"]),
            data["session"],
            data["f_cnt"],
        )


def facts_image(message: NodeMessage[CompactMessage]) -> ThermalImage:
    """Return the image that a header alone describes: extremes and the hottest pixel."""
    content = message.content
    values = np.zeros((HEIGHT, WIDTH), np.int16)
    present = np.zeros((HEIGHT, WIDTH), np.bool_)
    values[content.header.position] = content.maximum
    present[content.header.position] = True
    return ThermalImage(
        values=values,
        present=present,
        mode=Mode.SLOW,
        lines_expected=1,
        missing_lines=(0,),
        started_at=message.received_at,
        updated_at=message.received_at,
        node_minimum=content.minimum,
        node_maximum=content.maximum,
        bound=0,
    )


def header_from_dict(data: dict[str, Any]) -> Header:
    """Return the header that `dataclasses.asdict` was called on."""
    return Header(**data | {"position": tuple(data["position"])})
