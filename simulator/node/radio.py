"""The air between a node and its network: losses, repetitions, disorder."""

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from .node import Received

if TYPE_CHECKING:
    from simulator.the_things_stack import Device


@dataclass(slots=True)
class LossyRadio:
    """A radio over a device of the stand-in, spoiled by chance, the same each time.

    Loss comes in bursts when ``burst`` is over 1: once a frame is lost, so many are on
    average (Gilbert's two-state channel), the share of lost frames staying ``loss``.
    """

    device: Device
    loss: float = 0.0
    """Share of uplinks no gateway hears."""
    burst: float = 1.0
    """Mean number of uplinks lost in a row; 1: each on its own."""
    downlink_loss: float = 0.0
    """Share of downlinks the node does not hear."""
    duplicates: float = 0.0
    """Share of uplinks the application is told twice."""
    disorder: float = 0.0
    """Share of uplinks the application is told after the one that follows."""
    seed: int = 0
    lost: int = 0
    """Uplinks lost so far."""
    _losing: bool = False
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        """Seed chance; ValueError for shares that no such channel has."""
        if not 0 <= self.loss < 1 or 1 != self.burst < max(1, self._odds):
            raise ValueError("no channel loses so many frames in bursts so short")
        self._random = Random(self.seed)

    async def join(self) -> None:
        """Join; that is repeated until it works, so it is never lost."""
        await self.device.join()

    async def uplink(
        self, f_port: int, f_cnt: int, payload: bytes, *, acknowledge: bool = False
    ) -> Received | None:
        """Send, perhaps in vain."""
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
        """Return how many frames are lost for one that arrives."""
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
