"""The radio channel between a node and its network: losses, repetitions, disorder."""

from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from .interfaces import Received


class RadioDevice(Protocol):
    """The part of a stand-in's end device that a radio uses."""

    spreading_factor: int
    """Of its uplinks; it limits how long they may be."""

    async def join(self) -> None:
        """Start a session."""

    def check_length(self, payload: bytes) -> None:
        """Raise TooLongError for a frame that does not fit the data rate."""

    async def uplink(
        self,
        f_port: int,
        f_cnt: int,
        payload: bytes,
        *,
        acknowledge: bool = False,
        copies: int = 1,
        hold: bool = False,
    ) -> Received | None:
        """Hand in a frame that gateways received; return what its window brings back."""


@dataclass(slots=True)
class LossyRadio:
    """A lossy radio over a device of the stand-in, reproducible by its seed.

    Loss comes in bursts when ``burst`` is over 1: once a frame is lost, so many are on
    average (Gilbert's two-state channel), the share of lost frames staying ``loss``.
    """

    device: RadioDevice
    loss: float = 0.0
    """Share of uplinks that no gateway receives."""
    burst: float = 1.0
    """Mean number of consecutive lost uplinks; 1 for independent losses."""
    downlink_loss: float = 0.0
    """Share of downlinks that the node does not receive."""
    duplicates: float = 0.0
    """Share of uplinks that are published twice."""
    disorder: float = 0.0
    """Share of uplinks that are published after the following one."""
    seed: int = 0
    lost: int = 0
    """Number of lost uplinks."""
    _losing: bool = False
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        """Seed chance; ValueError for shares that no such channel has."""
        if not 0 <= self.loss < 1 or 1 != self.burst < max(1, self._odds):
            raise ValueError("no channel loses so many frames in bursts so short")
        self._random = Random(self.seed)

    async def join(self) -> None:
        """Join. A node repeats it until it succeeds, so it is never lost."""
        await self.device.join()

    async def uplink(
        self, f_port: int, f_cnt: int, payload: bytes, *, acknowledge: bool = False
    ) -> Received | None:
        """Send an uplink, unless it is lost."""
        self.device.check_length(payload)
        if self._is_lost():
            self.lost += 1
            return None
        received = await self.device.uplink(
            f_port,
            f_cnt,
            payload,
            acknowledge=acknowledge,
            copies=2 if self._random.random() < self.duplicates else 1,
            hold=self._random.random() < self.disorder,
        )
        return None if self._random.random() < self.downlink_loss else received

    @property
    def _odds(self) -> float:
        """Return the number of lost frames for each received one."""
        return self.loss / (1 - self.loss)

    def _is_lost(self) -> bool:
        if self.burst == 1:
            return self._random.random() < self.loss
        # Leaving the bad state with 1 / burst makes runs of that mean; entering it
        # with what makes the bad state's share ``loss``.
        leave = 1 / self.burst
        enter = leave * self._odds
        if self._losing:
            self._losing = self._random.random() >= leave
        else:
            self._losing = self._random.random() < enter
        return self._losing
