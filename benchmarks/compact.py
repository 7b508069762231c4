"""Measure the compact format: bytes, airtime, pictures a day, errors at each data rate, and the effect of lost messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from random import Random
from time import thread_time

import numpy as np

from custom_components.battery_thermal.lorawan.airtime import airtime, longest_payload
from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.compact import (
    CompactMessage,
    decode_message,
)
from custom_components.battery_thermal.protocol.compact.assembly import CompactAssembler
from custom_components.battery_thermal.protocol.layout import Layout, message_length
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from custom_components.battery_thermal.render.neighbours import fill_from_neighbours

from .figures import Section, Spread, write
from .ground.compact_encoder import QUARTERS, WHOLE, CompactEncoder
from .ground.compact_scenes import Frames, scenes

BANDWIDTH = 125_000
FAIR_AIRTIME = 30.0
"""Airtime in seconds a day (The Things Network's fair use policy)."""

LOSSES = (0.05, 0.10, 0.20, 0.40)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = timedelta(minutes=30)
ROUNDS = 10
"""How often each picture is sent over the simulated radio that loses messages."""


@dataclass
class Measured:
    """Measured values of pictures that were all sent in the same way."""

    lengths: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    largest: list[float] = field(default_factory=list)
    rmse: list[float] = field(default_factory=list)
    too_rich: int = 0
    """Number of pictures that fit into no message, so that only their facts are sent."""

    @property
    def airtime(self) -> float:
        """Mean airtime of a picture in seconds."""
        return float(np.mean(self.seconds))

    def row(self) -> list[object]:
        """Return the columns of a table: bytes, airtime, pictures a day, errors."""
        return [
            f"{np.mean(self.lengths):.0f}",
            f"{self.airtime:.2f} s",
            int(FAIR_AIRTIME / self.airtime),
            f"{np.median(self.largest):.1f} K",
            f"{np.percentile(self.largest, 95):.1f} K",
            f"{np.median(self.rmse):.2f} K",
        ]


def measure(
    encoder: CompactEncoder, frames: Frames, parts: Sequence[int], factor: int
) -> Measured:
    """Encode each picture, whole or in quarters, and compare the decoded one with it."""
    measured = Measured()
    for frame in frames:
        decoded = np.zeros(frame.shape)
        messages = [encoder.fit(frame, part, longest_payload(factor)) for part in parts]
        if None in messages:
            measured.too_rich += 1
            continue
        for message in messages:
            assert message
            content = decode_message(message)
            decoded[content.header.lattice] = content.values
        lengths = [len(message) for message in messages if message]
        errors = np.abs(decoded - frame) / 10
        measured.lengths.append(sum(lengths))
        measured.seconds.append(
            sum(airtime(length, factor, BANDWIDTH) for length in lengths)
        )
        measured.largest.append(float(errors.max()))
        measured.rmse.append(float(np.sqrt((errors**2).mean())))
    return measured


def lines_row(factor: int) -> list[object]:
    """Return the columns for the published format with 24 lines, which is exact."""
    grid = Layout.SLOW_24.grid(Mode.SLOW)
    lengths = [message_length(grid.values)] * (grid.lines - 1)
    lengths.append(message_length(grid.values + 2))
    seconds = sum(airtime(length, factor, BANDWIDTH) for length in lengths)
    fits = max(lengths) <= longest_payload(factor)
    return [
        "all",
        f"lines, {len(lengths)} messages" + ("" if fits else ", the last too long"),
        sum(lengths),
        f"{seconds:.2f} s",
        int(FAIR_AIRTIME / seconds),
        *["0"] * 3,
    ]


def data_rates(encoder: CompactEncoder, of: dict[str, Frames]) -> list[list[object]]:
    """Return a row for each data rate, way to send and kind of picture."""
    rows: list[list[object]] = []
    for factor in range(7, 13):
        limit = f"SF{factor}, {longest_payload(factor)} bytes"
        rows.append([limit, *lines_row(factor)])
        ways: list[tuple[str, Sequence[int]]] = [("1 message", (WHOLE,))]
        if factor >= 10:
            ways.append(("4 quarters", QUARTERS))
        for way, parts in ways:
            for name, frames in of.items():
                measured = measure(encoder, frames, parts, factor)
                label = f"compact, {way}"
                if measured.too_rich:
                    label += f" ({measured.too_rich} of {len(frames)} do not fit)"
                rows.append([limit, name, label, *measured.row()])
    facts = [["every rate", "all", "facts alone", 8, "", "", "", "", ""]]
    return rows + [list(row) for row in facts]


@dataclass
class Shown:
    """What was shown of pictures of which messages were lost."""

    pictures: int = 0
    shown: int = 0
    maximum_exact: int = 0
    pixels: int = 0
    within_bound: int = 0
    squares: list[float] = field(default_factory=list)


def encode_all(
    encoder: CompactEncoder, frames: Frames, parts: Sequence[int]
) -> list[list[CompactMessage]]:
    """Return what each message of each picture says."""
    capacity = longest_payload(7 if len(parts) == 1 else 10)
    pictures = []
    for number, frame in enumerate(frames):
        messages = [encoder.fit(frame, part, capacity, number=number) for part in parts]
        pictures.append([decode_message(message) for message in messages if message])
    return pictures


def lose(frames: Frames, pictures: list[list[CompactMessage]], loss: float) -> Shown:
    """Send pictures over a simulated radio that loses messages to the integration's assembler."""
    random = Random(1)
    assembler = CompactAssembler()
    shown = Shown()
    counter = 0
    for count, (frame, messages) in enumerate(
        chain.from_iterable(zip(frames, pictures, strict=True) for _ in range(ROUNDS))
    ):
        shown.pictures += 1
        image: ThermalImage | None = None
        for number, content in enumerate(messages):
            counter += 1
            if random.random() < loss:
                continue
            received_at = BEGIN + count * EVERY + timedelta(seconds=10 * number)
            change = assembler.receive(
                NodeMessage("session", counter, 9, received_at, content)
            )
            image = assembler.growing or change.closed[-1]
        if image is None:
            continue
        shown.shown += 1
        shown.maximum_exact += image.maximum == frame.max() / 10
        shown.pixels += frame.size
        shown.within_bound += int(image.present.sum())
        drawn = fill_from_neighbours(image.values, image.present)
        shown.squares.append(float(np.sqrt((((drawn - frame) / 10) ** 2).mean())))
    return shown


def losses(encoder: CompactEncoder, of: dict[str, Frames]) -> list[list[object]]:
    """Return a row for each share of lost messages, way of sending and kind of picture."""
    ways = {"1 message, SF7": (WHOLE,), "4 quarters, SF10": QUARTERS}
    sent = {
        (way, name): encode_all(encoder, frames, parts)
        for way, parts in ways.items()
        for name, frames in of.items()
    }
    rows: list[list[object]] = []
    for loss in LOSSES:
        for way in ways:
            for name, frames in of.items():
                shown = lose(frames, sent[way, name], loss)
                rows.append(
                    [
                        f"{loss:.0%}",
                        way,
                        name,
                        f"{shown.shown / shown.pictures:.1%}",
                        f"{shown.maximum_exact / shown.shown:.0%}",
                        f"{shown.within_bound / shown.pixels:.1%}",
                        f"{np.median(shown.squares):.2f} K",
                    ]
                )
    return rows


def decoding(
    encoder: CompactEncoder, of: dict[str, Frames], runs: int
) -> list[list[object]]:
    """Return how long it takes to decode a message."""
    rows: list[list[object]] = []
    for name, frames in of.items():
        messages = [encoder.fit(frame, WHOLE, 222) for frame in frames[:30]]
        times = []
        for _ in range(runs):
            marks = [thread_time()]
            for message in messages:
                assert message
                decode_message(message)
                marks.append(thread_time())
            times.append(
                1000
                * float(
                    np.median([after - before for before, after in pairwise(marks)])
                )
            )
        rows.append([name, Spread(times, "ms", 2)])
    return rows


def main(runs: int) -> None:
    """Measure all, and write three sections."""
    of = scenes()
    kinds = ", ".join(f"{name} ({len(frames)})" for name, frames in of.items())
    with CompactEncoder() as encoder:
        write(
            Section(
                "Compact format: pictures a day",
                f"Pictures: {kinds}. Airtime at 125 kHz, coding rate 4/5, with {FAIR_AIRTIME:.0f} s a day. The finest step"
                " from 0.5 K on that fits is used. *Largest error* is the error of the worst pixel of a picture: the median of"
                " all pictures, and the value that 95 % of them do not exceed. A message with the facts alone (minimum, maximum"
                " and its position, fan and ambient temperature) takes"
                f" {airtime(8, 7, BANDWIDTH) * 1000:.0f} ms at SF7 and {airtime(8, 10, BANDWIDTH) * 1000:.0f} ms at SF10:"
                f" {int(FAIR_AIRTIME / airtime(8, 7, BANDWIDTH))} and {int(FAIR_AIRTIME / airtime(8, 10, BANDWIDTH))} messages"
                " a day.",
                [
                    "data rate",
                    "pictures",
                    "format",
                    "bytes",
                    "airtime",
                    "a day",
                    "largest error, median",
                    "largest error, 95 %",
                    "rmse, median",
                ],
                data_rates(encoder, of),
                1,
            )
        )
        write(
            Section(
                "Compact format: lost messages",
                f"Pictures: {kinds}, {ROUNDS} times each. Messages are lost at random and independently of each other. The state of the"
                " integration's assembler is measured before the next picture begins. *Known pixels* of the shown pictures are"
                " within the bound. The other pixels are interpolated from their neighbours, for drawing only. The error is"
                " that of all drawn pixels.",
                [
                    "loss",
                    "sent as",
                    "pictures",
                    "shown",
                    "maximum exact",
                    "known pixels",
                    "rmse as drawn, median",
                ],
                losses(encoder, of),
                1,
            )
        )
        write(
            Section(
                "Compact format: decoding",
                "Processor time to decode a whole picture of at most 222 bytes: median of 30 messages.",
                ["pictures", "a message"],
                decoding(encoder, of, runs),
                runs,
            )
        )
