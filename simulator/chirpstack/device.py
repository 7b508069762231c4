"""An end device as ChirpStack knows it: session, counters, class A queue.

Source: `uplink/data.rs`, `uplink/join.rs`, `downlink/data.rs`, `downlink/tx_ack.rs` and
`storage/device.rs` of ChirpStack v4.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from simulator.data_rate import longest_payload
from simulator.end_device import CHANNELS, EndDevice

from . import events
from .commands import QueueItem
from .events import DeviceIdentity, GatewayReception, Json, LogCode


@dataclass(frozen=True, slots=True)
class ChirpStackDownlink:
    """A downlink that went on air, as the device receives it."""

    f_port: int
    payload: bytes
    confirmed: bool
    f_cnt: int
    queue_item_id: str
    sent_at: datetime


class ChirpStackDevice(EndDevice):
    """One end device. `publish` takes the name of an event and its JSON."""

    def __init__(
        self,
        identity: DeviceIdentity,
        *,
        publish: Callable[[str, bytes], None],
        clock: Callable[[], datetime],
        random: Random,
        frame_counter_check: bool = True,
        flush_queue_on_join: bool = False,
        receive_delay: float = 0.0,
    ) -> None:
        """Register the device; it has no session before it joins.

        Without `frame_counter_check` ("Disable frame-counter validation" is on) any
        counter is taken from the next join on. `flush_queue_on_join`: "Flush queue on
        activate" of the device profile. `receive_delay`: seconds from an uplink to its
        receive window.
        """
        super().__init__(
            publish=publish,
            clock=clock,
            random=random,
            frame_counter_check=frame_counter_check,
            receive_delay=receive_delay,
        )
        self.identity = identity
        self.flush_queue_on_join = flush_queue_on_join
        self.join_server_context: Json | None = None
        """Not None if a join server has the keys; payloads then stay encrypted."""
        self.receptions: Sequence[GatewayReception] = (GatewayReception(),)
        self.gateway_errors: deque[str] = deque()
        """Why gateways refuse the next downlinks (`gw.TxAckStatus`), one each."""

        self.next_f_cnt = 0
        """The lowest frame counter that the check accepts."""
        self.queue: deque[QueueItem] = deque()
        self.downlinks: list[ChirpStackDownlink] = []
        self._checks_counter = True
        self._downlink_id = 0

    @property
    def device_id(self) -> str:
        """Return the EUI, by which topics name the device."""
        return self.identity.dev_eui

    async def join(self, *, received_at: datetime | None = None) -> None:
        """Start a session by over-the-air activation: new address, counters at zero."""
        self.dev_addr = f"{0x01000000 | self._random.getrandbits(24):08x}"
        self.next_f_cnt = 0
        self.f_cnt_down = 0
        # The session takes the device's setting over when it begins, and keeps it.
        self._checks_counter = self.frame_counter_check
        if self.flush_queue_on_join:
            self.queue.clear()
        self.publish_event(
            "join",
            events.join(
                time=self._time(received_at),
                deduplication_id=events.identifier(self._random),
                device=self.identity,
                dev_addr=self.dev_addr,
                join_server_context=self.join_server_context,
            ),
        )

    async def uplink(
        self,
        f_port: int,
        f_cnt: int,
        payload: bytes,
        *,
        confirmed: bool = False,
        acknowledge: bool = False,
        received_at: datetime | None = None,
        spreading_factor: int | None = None,
        copies: int = 1,
        hold: bool = False,
        change: Callable[[Json], None] | None = None,
    ) -> ChirpStackDownlink | None:
        """Hand in a frame that gateways received; return what its window brings back.

        `acknowledge`: the frame has the ACK bit, for the confirmed downlink before it.
        `copies`: how often the application hears of it; `hold`: it hears after the next
        uplink, out of order. `change` may spoil the event. Raises RuntimeError before
        the first join, and TooLongError for what does not fit the data rate.
        """
        if not self.dev_addr:
            raise RuntimeError(f"{self.device_id} has not joined")
        spreading_factor = spreading_factor or self.spreading_factor
        self.check_length(payload, spreading_factor)
        deduplication_id = events.identifier(self._random)
        if self._checks_counter and f_cnt < self.next_f_cnt:
            self._drop(f_cnt, deduplication_id)
            return None
        self.next_f_cnt = f_cnt + 1
        if self.join_server_context is not None:
            payload = self._random.randbytes(len(payload))
        event = events.uplink(
            time=self._time(received_at),
            deduplication_id=deduplication_id,
            device=self.identity,
            dev_addr=self.dev_addr,
            spreading_factor=spreading_factor,
            f_cnt=f_cnt,
            f_port=f_port,
            confirmed=confirmed,
            payload=payload,
            receptions=self.receptions,
            frequency=self._random.choice(CHANNELS),
            join_server_context=self.join_server_context,
        )
        if change is not None:
            change(event)
        self._publish_uplink(events.encode(event), copies, hold=hold)
        if acknowledge:
            self._settle(acknowledged=True)
        await asyncio.sleep(self.receive_delay)
        return self._transmit(spreading_factor)

    def publish_event(self, event: str, body: Json) -> None:
        """Publish an event."""
        self._publish(event, events.encode(body))

    def publish_status(self, margin: int = 10) -> None:
        """Publish what the device answers to a status request; `margin` in dB."""
        self.publish_event(
            "status",
            events.status(
                time=self._time(),
                deduplication_id=events.identifier(self._random),
                device=self.identity,
                margin=margin,
            ),
        )

    def publish_log(self, code: LogCode, description: str = "", **context: str) -> None:
        """Publish a log event."""
        self.publish_event(
            "log",
            events.log(
                time=self._time(),
                device=self.identity,
                code=code,
                description=description,
                context=context,
            ),
        )

    def enqueue(self, item: QueueItem) -> None:
        """Append a downlink to the queue. Raises ValueError if its id is in use."""
        if item.id in {known.id for known in self.queue}:
            raise ValueError(f"{item.id} is in the queue")
        self.queue.append(replace(item, id=item.id or events.identifier(self._random)))

    def _time(self, moment: datetime | None = None) -> str:
        return events.timestamp(moment or self._clock(), self._random)

    def _drop(self, f_cnt: int, deduplication_id: str) -> None:
        """Do not publish an uplink, and log the reason."""
        self.dropped += 1
        again = f_cnt == self.next_f_cnt - 1
        self.publish_log(
            LogCode.UPLINK_F_CNT_RETRANSMISSION
            if again
            else LogCode.UPLINK_F_CNT_RESET,
            "Uplink was flagged as re-transmission / frame-counter did not increment"
            if again
            else "Frame-counter reset or rollover detected",
            deduplication_id=deduplication_id,
            f_cnt_up=str(f_cnt),
        )

    def _settle(self, *, acknowledged: bool) -> None:
        """Remove and return the pending confirmed downlink, None without one."""
        if not self.queue or not self.queue[0].pending:
            return
        item = self.queue.popleft()
        self.publish_event(
            "ack",
            events.acknowledgement(
                time=self._time(),
                deduplication_id=events.identifier(self._random),
                device=self.identity,
                queue_item_id=item.id,
                f_cnt_down=item.f_cnt_down,
                acknowledged=acknowledged,
            ),
        )

    def _transmit(self, spreading_factor: int) -> ChirpStackDownlink | None:
        """Send the first item of the queue that can be sent, and return it."""
        self._settle(acknowledged=False)
        longest = longest_payload(spreading_factor)
        while self.queue:
            item = self.queue[0]
            if item.expires_at is not None and item.expires_at < self._clock():
                self._discard(LogCode.EXPIRED, "because it has expired")
            elif len(item.payload) > longest:
                self._discard(
                    LogCode.DOWNLINK_PAYLOAD_SIZE,
                    "because it exceeds the max. payload size",
                    max_payload_size=str(longest),
                    item_size=str(len(item.payload)),
                )
            else:
                return self._send(item, spreading_factor)
        return None

    def _discard(self, code: LogCode, why: str, **context: str) -> None:
        item = self.queue.popleft()
        self.publish_log(
            code,
            f"Device queue-item discarded {why}",
            **context,
            queue_item_id=item.id,
        )

    def _send(
        self, item: QueueItem, spreading_factor: int
    ) -> ChirpStackDownlink | None:
        """Pass a downlink to a gateway; if refused, it stays in the queue."""
        if self.gateway_errors:
            self.publish_log(LogCode.DOWNLINK_GATEWAY, self.gateway_errors.popleft())
            return None
        f_cnt = self.f_cnt_down
        self.f_cnt_down += 1
        self.queue.popleft()
        if item.confirmed:
            self.queue.appendleft(replace(item, pending=True, f_cnt_down=f_cnt))
        self._downlink_id += 1
        downlink = ChirpStackDownlink(
            item.f_port, item.payload, item.confirmed, f_cnt, item.id, self._clock()
        )
        self.downlinks.append(downlink)
        self.publish_event(
            "txack",
            events.transmitted(
                time=self._time(),
                downlink_id=self._downlink_id,
                device=self.identity,
                queue_item_id=item.id,
                f_cnt_down=f_cnt,
                frequency=self._random.choice(CHANNELS),
                spreading_factor=spreading_factor,
            ),
        )
        return downlink
