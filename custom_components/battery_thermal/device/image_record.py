"""The images of one node: under way, ended, corrected, and judged for alarms."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from ..model.archived_image import ArchivedImage
from ..model.mode import Mode
from ..model.thermal_image import ThermalImage
from ..protocol.assembly_result import AssemblyResult, LinePosition
from ..protocol.compact import CompactMessage
from ..protocol.fan_evidence import FanReason
from ..protocol.image_assembly import ImageAssembler
from ..protocol.layout import Layout
from ..protocol.node_message import NodeMessage
from ..protocol.simulated_image import SimulatedImage
from ..protocol.uplink import Line, Reset
from ..thermal.alarm_journal import AlarmJournal
from ..thermal.drift import DriftWatch
from ..thermal.drift_findings import drift_findings
from ..thermal.findings import findings
from ..thermal.watch import Watch
from .node_config import NodeConfig
from .presence import silence_limit
from .shown_image import ShownImage

# With as many images missing between two, no rate of rise is calculated.
_LATE_IMAGES: Final = 3

# Until then the next image is never late: messages get lost.
_NOT_LATE: Final = timedelta(minutes=15)


class ImageRecord:
    """The newest images of one node, and what was measured at their end."""

    def __init__(self, config: NodeConfig) -> None:
        """Start without an image."""
        self.watch = Watch(config.options.areas)
        self.journal = AlarmJournal()
        self.drift = DriftWatch(*config.options.measured_cells)
        self.load_at: Callable[[datetime], float | None] | None = None
        """Returns the load of the bank at a time, None where unknown."""
        self.ambient: int | None = None
        """°C, as the newest line reports it."""
        self.fan: bool | None = None
        self.suspect_images = 0
        self._config = config
        self._assembler = ImageAssembler(config.layout, config.numbering)
        self._simulated_image = SimulatedImage(config.layout)
        # An image is corrected once, however many listeners read it: the one under way
        # and the last one.
        self._corrected = lru_cache(maxsize=4)(self._correct)
        self._shown = ShownImage(only_ended=config.options.only_ended)

    @property
    def image(self) -> ThermalImage | None:
        """The newest image, under way or ended, corrected.

        Until the node has sent a line, it is one of simulated uplinks.
        """
        image = self._assembler.image or self._simulated_image.image
        return image and self._corrected(image)

    @property
    def shown(self) -> ThermalImage | None:
        """The image that people look at, corrected.

        Which one that is: see `shown_image`.
        """
        return self._shown.choose(self.image, self.measured, self._facts)

    @property
    def has_lines(self) -> bool:
        """Whether the node has sent a line that was put into an image."""
        return self._assembler.image is not None

    @property
    def simulated(self) -> bool:
        """Whether the newest image is one of simulated uplinks."""
        return not self.has_lines and self._simulated_image.image is not None

    @property
    def measured(self) -> ThermalImage | None:
        """The newest image that has ended, corrected: its values no longer change."""
        image = self._assembler.closed
        return image and self._corrected(image)

    @property
    def extremes(self) -> ThermalImage | None:
        """The newest image of which minimum and maximum are known, corrected.

        It may be under way, or have no pixel but the hottest one.
        """
        return self._facts or self.measured

    @property
    def _facts(self) -> ThermalImage | None:
        """The extremes of a picture that has not ended, None if nothing of them counts."""
        if (facts := self._assembler.facts) is None:
            return None
        corrected = self._corrected(facts)
        # Of a picture that has just begun the hottest pixel may be all there is, and ignored.
        return corrected if corrected.counts else None

    @property
    def mode(self) -> Mode | None:
        """The mode that the node was in at its newest line."""
        return self._assembler.mode

    @property
    def line_position(self) -> LinePosition:
        """How the places of lines are known."""
        return self._assembler.line_position

    @property
    def layout(self) -> Layout | None:
        """How the node cuts slow images, as set or detected; None while unknown."""
        layout = self._assembler.layout
        return None if layout is Layout.AUTO else layout

    @property
    def silent_after(self) -> timedelta:
        """How long the node may send nothing before it is reported as silent."""
        minutes = self._config.silent_after
        return silence_limit(minutes, self._assembler.interval, self._assembler.pause)

    @property
    def overdue_at(self) -> datetime | None:
        """When the image under way is closed, if nothing more is received."""
        return self._assembler.silent_at

    @property
    def too_old_at(self) -> datetime | None:
        """When the newest image that has ended is too old; None before the first."""
        if (image := self._assembler.closed) is None:
            return None
        return image.updated_at + timedelta(minutes=self.watch.limits.age)

    def expect_mode(self, mode: Mode) -> None:
        """Note that the node may be in another mode from now on."""
        self._assembler.expect_mode(mode)

    def interrupt(self) -> None:
        """Note that uplinks may be missing that the network server received."""
        self._assembler.note_missing_uplinks()

    def receive(
        self, message: NodeMessage[Line | Reset | CompactMessage]
    ) -> AssemblyResult:
        """Put a message into its image, and return what that changed.

        Raises UplinkError if a node of this layout cannot have sent it.
        """
        return self._assembler.receive(message)

    def receive_simulated(self, payload: bytes, received_at: datetime) -> None:
        """Put a simulated line into its image, which is kept apart from the node's.

        Raises UplinkError if a node of this layout cannot have sent it.
        """
        self._simulated_image.receive(payload, received_at)

    def close_overdue(self, now: datetime) -> AssemblyResult:
        """Close the image under way if its last line can no longer come."""
        return self._assembler.close_silent(now)

    def judge_ended(
        self, change: AssemblyResult, threshold: int | None
    ) -> list[ArchivedImage]:
        """Judge the images that a message has ended, and return them for the archive.

        The circumstances are those of an image's own last line, which need not be in the
        newest message. Of an image without it, they are those of the newest line before
        the next image began.
        """
        newest = self.ambient, self.fan
        last = iter(change.last)
        ended = []
        for image in change.closed:
            self.ambient, self.fan = newest
            # Only a last line brings the node's own maximum, and it ends its image.
            if image.node_maximum is not None:
                status = next(last)
                self.fan = status.fan
                if status.known_ambient is not None:
                    self.ambient = status.ambient
            corrected = self._corrected(image)
            self.suspect_images += corrected.suspect
            self.watch.evaluate(corrected, threshold, self._longest_gap(image))
            self._log_alarms(corrected)
            self._watch_drift(corrected)
            ended.append(ArchivedImage(image, self.ambient, self.fan, threshold))
        self.ambient, self.fan = newest
        # The maximum of a picture is judged when the first message states it.
        if change.facts is not None:
            facts = self._corrected(change.facts)
            self.watch.evaluate_maximum(facts, threshold)
            self._log_alarms(facts)
        return ended

    def judge_fan(self, reason: FanReason) -> None:
        """Judge why the fan runs at the end of the newest image."""
        self.watch.evaluate_fan(reason)
        if self.measured is not None:
            self._log_alarms(self.measured)

    def _log_alarms(self, image: ThermalImage) -> None:
        """Pass on to the alarm journal what the watch says of an image."""
        self.journal.observe(
            findings(self.watch, image), image.updated_at, image.started_at
        )

    def _watch_drift(self, image: ThermalImage) -> None:
        """Compare the cells of an image that has ended with what is usual for them."""
        self.drift.evaluate(
            image.started_at,
            () if image.suspect else self.watch.cells,
            circumstances=f"{image.mode} {'fan' if self.fan else 'still'}",
            ambient=self.ambient,
            load=self.load_at and self.load_at(image.started_at),
        )
        self.log_drift(image.updated_at, image.started_at)

    def log_drift(self, at: datetime, image: datetime | None = None) -> None:
        """Pass on to the alarm journal which cells drift. `image`: when it was started."""
        now = self._config.options.cells, self.journal.open
        self.journal.observe(drift_findings(self.drift, *now), at, image)

    @staticmethod
    def hottest(line: Line | CompactMessage, change: AssemblyResult) -> int:
        """Return the maximum of an image: what its last line says, or its pixels show.

        In tenths of a °C, uncorrected.
        """
        assert line.maximum is not None
        if isinstance(line, CompactMessage):
            return line.maximum
        shown = (round(10 * image.maximum) for image in change.closed[-1:])
        return max(line.maximum, *line.values, *shown)

    def _longest_gap(self, image: ThermalImage) -> timedelta:
        """Return how far apart two images may be for a rate of rise."""
        lines = image.lines_expected * self._assembler.interval
        return max(_LATE_IMAGES * (lines + self._assembler.pause), _NOT_LATE)

    def _correct(self, image: ThermalImage) -> ThermalImage:
        return self._config.options.corrected(image, self.ambient)

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {
            "assembler": self._assembler.as_dict(),
            "ambient": self.ambient,
            "fan": self.fan,
            "suspect_images": self.suspect_images,
            "watch": self.watch.as_dict(),
            "drift": self.drift.as_dict(),
            "journal": self.journal.as_dict(),
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Continue with what `as_dict` returned before the restart."""
        self._assembler = ImageAssembler.from_dict(
            self._config.layout, data["assembler"], self._config.numbering
        )
        self.ambient = data["ambient"]
        self.fan = data["fan"]
        self.suspect_images = data["suspect_images"]
        # A record of an earlier release has neither.
        if watch := data.get("watch"):
            self.watch.restore(watch)
        if drift := data.get("drift"):
            self.drift.restore(drift)
        if self.measured:
            self.watch.measure(self.measured)
