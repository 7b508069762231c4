"""Evaluation of one image after the other: areas, rate of rise, alarms."""

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from enum import StrEnum
import math
from typing import Any, Final

from ..model.area import Area, AreaKind, counting_areas
from ..model.thermal_image import ThermalImage
from ..protocol.downlink import THRESHOLD_RANGE
from ..protocol.fan_evidence import FanReason
from .analysis import RISE_OVER, Alarm, Limit, judged, maximum_is_known, rate_of_rise
from .area_alarms import AreaAlarms, own_limit
from .areas import AreaValues, hottest_area, least_deviations, measure_areas
from .limits import Limits
from .worst_areas import most_over_limit, most_uneven, over_limit, uneven_by


class AlarmKind(StrEnum):
    """Kinds of alarms."""

    OVER_THRESHOLD = "over_threshold"
    OVER_RANGE = "over_range"
    IMBALANCE_WARNING = "imbalance_warning"
    IMBALANCE_ALARM = "imbalance_alarm"
    RISE_WARNING = "rise_warning"
    RISE_ALARM = "rise_alarm"
    UNSEEN_HEAT = "unseen_heat"
    AREA_LIMIT = "area_limit"


OF_AREAS: Final = (
    AlarmKind.IMBALANCE_WARNING,
    AlarmKind.IMBALANCE_ALARM,
    AlarmKind.AREA_LIMIT,
)


class Watch:
    """Evaluates each image that has ended, in the order of time."""

    def __init__(self, areas: Sequence[Area]) -> None:
        """Initialize without an image."""
        self.limits = Limits()
        self.areas: tuple[AreaValues, ...] = ()
        """Those that count, in the owner's order, as the last image shows them."""
        self.area_alarms = AreaAlarms()
        self.rise: float | None = None
        """K/min of the maximum."""
        self.imbalance: float | None = None
        """K of `most_uneven` over the median of its kind, at least."""
        self.most_uneven: AreaValues | None = None
        """The area that is farthest above the others, in view of its limit: that of the
        alarm while that is raised, else that of the warning."""
        self.most_over_limit: AreaValues | None = None
        """The area that is farthest above its highest temperature, or nearest to it."""
        self.fan_reason: FanReason | None = None
        """Why the fan ran at the end of the last image that shows it."""
        self._areas = areas
        self._counting = counting_areas(areas)
        self._with_maximum: deque[ThermalImage] = deque()
        self._alarms: dict[AlarmKind, Alarm] = {}
        self._without_threshold = False
        """Whether the alarm of the threshold was raised while none was known."""

    @property
    def cells(self) -> list[AreaValues]:
        """The areas that are cells."""
        return [area for area in self.areas if area.area.kind is AreaKind.CELL]

    @property
    def hottest(self) -> AreaValues | None:
        """The hottest cell."""
        return hottest_area(self.cells)

    def active(self, kind: AlarmKind) -> bool | None:
        """Return whether an alarm is active, None if it was never evaluated."""
        alarm = self._alarms.get(kind)
        return None if alarm is None else alarm.active

    def is_certain(self, kind: AlarmKind) -> bool:
        """Return whether no alarm of this kind is raised because of what may be.

        Pixels of the compact format are known within a bound only.
        """
        alarm = self._alarms.get(kind)
        return alarm is None or not alarm.active or alarm.certain

    def align(self, kind: AlarmKind, *, active: bool) -> None:
        """Take an alarm as raised or not, as the alarm log says, which knows better."""
        if active != bool(self.active(kind)):
            self._alarms[kind] = Alarm(active)

    @property
    def heat_has_ended(self) -> bool:
        """Whether an alarm has ended that heat over any threshold had raised.

        What is over the threshold is unknown again then: none is known.
        """
        over = self.active(AlarmKind.OVER_THRESHOLD)
        return self._without_threshold and over is None

    def set_limits(self, **changes: float) -> None:
        """Use other limits, from the next image on."""
        self.limits = replace(self.limits, **changes)

    def measure(self, image: ThermalImage) -> None:
        """Measure the areas of an image without raising alarms."""
        if maximum_is_known(image):
            self._with_maximum.append(image)
        self.areas = measure_areas(image, self._areas)

    def threshold_forgotten(self) -> None:
        """Clear the alarms about a threshold that is no longer known.

        What is over any threshold stays an alarm.
        """
        self._alarms.pop(AlarmKind.UNSEEN_HEAT, None)
        if not self.active(AlarmKind.OVER_RANGE):
            self._alarms.pop(AlarmKind.OVER_THRESHOLD, None)

    def evaluate_fan(self, reason: FanReason) -> None:
        """Raise or end the alarm about unseen heat, by the fan at the end of an image."""
        self.fan_reason = reason
        if reason.unseen is not None:
            self._alarms[AlarmKind.UNSEEN_HEAT] = Alarm(reason.unseen)

    def _before(self, image: ThermalImage) -> ThermalImage | None:
        """Return the newest image of known maximum that is old enough for a rise.

        It is of the same mode, with none of the other between.
        """
        past = self._with_maximum
        if past and past[-1].mode is not image.mode:
            past.clear()
        while len(past) > 1 and image.started_at - past[1].started_at >= RISE_OVER:
            past.popleft()
        return past[0] if past else None

    def evaluate(
        self, image: ThermalImage, threshold: float | None, longest_gap: timedelta
    ) -> None:
        """Measure the next image and raise or end alarms.

        `threshold` is in °C, None where unknown. After a gap longer than `longest_gap`
        between two images the rise is unknown.
        """
        self.rise = rate_of_rise(self._before(image), image, longest_gap)
        self.measure(image)
        limits = self.limits
        # The last line brings the maximum of the node, whichever others were lost.
        bounded = image.complete or image.node_maximum is not None
        least = least_deviations(self.areas, image.highest if bounded else math.inf)
        self.most_over_limit = most_over_limit(self.areas)
        bound = (image.bound or 0) / 10
        # With a bound, the first message of the image has had its maximum judged, unless
        # that is one of ignored pixels.
        if image.bound is None or image.counted_node_maximum is None:
            self._judge_threshold(image, threshold, bound)
        self.area_alarms.evaluate(
            self.areas, least, limits, bound, whole=image.complete
        )
        for kind, name in (
            (AlarmKind.IMBALANCE_WARNING, "warning"),
            (AlarmKind.IMBALANCE_ALARM, "alarm"),
        ):
            over: float = getattr(limits, f"imbalance_{name}")
            self._judge(
                kind,
                uneven_by(self.areas, least, name, over),
                limits.limit(over),
                whole=image.complete,
                # Of the hottest area, and of the median of all areas.
                bound=2 * bound,
            )
        warning = most_uneven(self.areas, least, "warning", limits.imbalance_warning)
        alarm = most_uneven(self.areas, least, "alarm", limits.imbalance_alarm)
        raised = self.active(AlarmKind.IMBALANCE_ALARM)
        worst = self.most_uneven = alarm if raised or warning is None else warning
        self.imbalance = None if worst is None else least[worst.area.key]
        self._judge(
            AlarmKind.AREA_LIMIT,
            None if self.most_over_limit is None else over_limit(self.most_over_limit),
            limits.limit(0),
            whole=image.complete,
            bound=bound,
        )
        for kind, over in (
            (AlarmKind.RISE_WARNING, limits.rise_warning),
            (AlarmKind.RISE_ALARM, limits.rise_alarm),
        ):
            self._judge(kind, self.rise, limits.limit(over, over / 2), whole=True)

    def evaluate_maximum(self, image: ThermalImage, threshold: float | None) -> None:
        """Raise or end the alarm of the threshold, for an image whose maximum is known.

        `threshold` is in °C, None where unknown.
        """
        # An image may only have the hottest pixel, and that may be ignored.
        if image.counted_node_maximum is not None:
            self._judge_threshold(image, threshold, 0)

    def _judge_threshold(
        self, image: ThermalImage, threshold: float | None, bound: float
    ) -> None:
        """Judge the maximum, which is known within `bound` (K) if the node did not say it.

        Heat above all values is over any threshold.
        """
        of_node = image.counted_node_maximum is not None
        whole = image.complete or of_node
        if not (image.counts or of_node):
            return
        maximum = math.inf if image.hides_heat else image.maximum
        beyond = image.is_over_range or image.hides_heat
        if beyond or whole:
            self._alarms[AlarmKind.OVER_RANGE] = Alarm(beyond)
        if threshold is None and not beyond:
            if whole:
                self.threshold_forgotten()
            return
        highest = THRESHOLD_RANGE[1] if threshold is None else threshold
        limit = self.limits.limit(highest)
        bound = 0 if of_node else bound
        if threshold is not None or not self.active(AlarmKind.OVER_THRESHOLD):
            self._without_threshold = threshold is None
        self._judge(AlarmKind.OVER_THRESHOLD, maximum, limit, whole=whole, bound=bound)

    def has_areas_for(self, kind: AlarmKind) -> bool:
        """Return whether there are areas that an alarm may be about."""
        if kind is AlarmKind.AREA_LIMIT:
            return any(area.highest is not None for area in self._counting)
        name = "alarm" if kind is AlarmKind.IMBALANCE_ALARM else "warning"
        return any(own_limit(area, name, 0) is not None for area in self._counting)

    def _judge(
        self,
        kind: AlarmKind,
        value: float | None,
        limit: Limit,
        *,
        whole: bool,
        bound: float = 0.0,
    ) -> None:
        """Evaluate a value; that of an incomplete image only if it may be over the limit.

        The true value is within `bound` of `value`.
        """
        before = self._alarms.get(kind)
        if after := judged(before, value, limit, whole=whole, bound=bound):
            self._alarms[kind] = after

    def as_dict(self) -> dict[str, Any]:
        """Return what has to survive a restart, for JSON."""
        return {
            "limits": asdict(self.limits),
            "alarms": {
                kind: {"active": alarm.active, "streak": alarm.streak}
                | ({} if alarm.certain else {"certain": False})
                for kind, alarm in self._alarms.items()
            },
            "area_alarms": self.area_alarms.as_dict(),
        } | ({"without_threshold": True} if self._without_threshold else {})

    def restore(self, data: dict[str, Any]) -> None:
        """Restore what `as_dict` returned."""
        self.limits = Limits(**data["limits"])
        self._alarms = {
            AlarmKind(kind): Alarm(**alarm) for kind, alarm in data["alarms"].items()
        }
        # A record of an earlier release has none.
        self.area_alarms.restore(data.get("area_alarms", {}), self._counting)
        for kind in OF_AREAS:
            if not self.has_areas_for(kind):
                self._alarms.pop(kind, None)
        self._without_threshold = data.get("without_threshold", False)
