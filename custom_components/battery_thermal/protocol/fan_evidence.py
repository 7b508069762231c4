"""Conclusions from a node's fan about heat that its picture does not show.

The node runs its fan while its maximum is over its threshold, and as long as it was asked
to. Its maximum is that of all 768 pixels, before it wraps (`value_range`), also in fast mode. It
takes it when it prepares the last message of an image, decides on the fan, and then sends
that message: so the fan bit of a last message belongs to this image's maximum, and that
of the messages before it to the image before. Before its first image a node takes 300 °C
for its maximum. Source: the program of published nodes.

Only last messages count here. A lost line explains nothing, for the last message says the
maximum of the whole image.
"""

from collections.abc import Collection
from enum import StrEnum

from .downlink import Settings


class FanReason(StrEnum):
    """Why the fan runs at the end of an image, or does not."""

    OFF = "off"
    ASKED = "asked"
    HOT = "hot"
    """The picture shows what the node is cooling."""
    UNKNOWN = "unknown"
    """The node may have settings that explain it."""
    DEAD_PIXEL = "dead_pixel"
    """It may run because of a pixel that the owner has declared dead."""
    UNSEEN = "unseen"
    """The node is cooling something that the picture does not show."""

    @property
    def unseen(self) -> bool | None:
        """Whether there is heat that the picture does not show; None: not known."""
        return None if self is FanReason.UNKNOWN else self is FanReason.UNSEEN


def judge_fan(
    *,
    fan: bool,
    maximum: int,
    node_maximum: int,
    possible: Collection[Settings] | None,
    dead: Collection[int | None] = (),
) -> FanReason:
    """Return why the fan runs.

    `node_maximum`: what the last message says, and `maximum`: the highest value of all
    that has arrived of the image, both in tenths of a °C and uncorrected. `possible`:
    every settings that the node may have at this time, None if it may have any. `dead`:
    what pixels that the owner has declared dead read, tenths of a °C, None for one whose
    value is not known.
    """
    if not fan:
        return FanReason.OFF
    if not possible:
        return FanReason.UNKNOWN
    reasons = {_explains(settings, maximum) for settings in possible}
    if None not in reasons:
        return FanReason.HOT if FanReason.HOT in reasons else FanReason.ASKED
    if len(reasons) > 1:
        return FanReason.UNKNOWN
    # The node's own maximum may be that of a dead pixel, wrapped or not.
    if any(value is None or value == node_maximum for value in dead):
        return FanReason.DEAD_PIXEL
    return FanReason.UNSEEN


def _explains(settings: Settings, maximum: int) -> FanReason | None:
    """Return why the fan would run with these settings, None if it would not.

    The node compares before it cuts its maximum to tenths: one that is sent as just the
    threshold may be over it.
    """
    if settings.fan:
        return FanReason.ASKED
    return FanReason.HOT if maximum >= 10 * settings.threshold else None
