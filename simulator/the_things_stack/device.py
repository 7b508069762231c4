"""An end device: session, counters, and the queue of class A downlinks."""

import asyncio
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from simulator.data_rate import longest_payload
from simulator.end_device import CHANNELS

from .messages import (
    Json,
    QueuedDownlink,
    Reception,
    downlink_error,
    encode,
    present,
    timestamp,
    ulid,
    uplink_message,
    wrapped_key,
)
from .storing_device import StoringDevice

_MAXIMUM_TRANSMISSIONS = 8
"""Of an unacknowledged confirmed downlink (The Things Stack's default)."""


@dataclass(frozen=True, slots=True)
class TheThingsStackDownlink:
    """A downlink that went on air, as the device receives it."""

    f_port: int
    payload: bytes
    confirmed: bool
    f_cnt: int
    session_key_id: str
    correlation_ids: tuple[str, ...]
    sent_at: datetime


class TheThingsStackDevice(StoringDevice):
    """One end device. All its events are passed to ``publish``."""

    def __init__(
        self,
        device_id: str,
        application: str,
        *,
        publish: Callable[[str, bytes], None],
        clock: Callable[[], datetime],
        random: Random,
        name: str = "",
        frame_counter_check: bool = True,
        storage: bool = False,
        storage_delay: float = 0.0,
        gateway_acknowledges: bool = True,
        receive_delay: float = 0.0,
    ) -> None:
        """Register the device; it has no session before it joins.

        ``publish`` takes what comes after ``devices/<id>/`` in the topic, and JSON.
        Without ``frame_counter_check`` any counter is taken, as an ABP
        device with counter resets has it. ``storage``: the storage integration is on;
        ``storage_delay``: seconds until it has written an uplink, which it does in
        batches.
        ``gateway_acknowledges``: gateways report transmissions, so there is a
        ``down/sent``. ``receive_delay``: seconds from an uplink to its receive window.
        """
        super().__init__(
            publish=publish,
            clock=clock,
            random=random,
            frame_counter_check=frame_counter_check,
            receive_delay=receive_delay,
        )
        self.device_id = device_id
        self.application = application
        self.name = name
        self.storage = storage
        self.storage_delay = storage_delay
        self.gateway_acknowledges = gateway_acknowledges
        self.skip_payload_crypto = False
        """Whether "Skip payload encryption and decryption" is on: payloads are published
        encrypted, with the session key."""
        self.receptions: Sequence[Reception] = (Reception("balcony"),)
        self.dev_eui = f"{random.getrandbits(48) | 0x70B3D57ED << 28:016X}"
        self.created_at = clock()

        self.session_key_id = ""
        self.last_f_cnt: int | None = None
        self.queue: deque[QueuedDownlink] = deque()
        self.downlinks: list[TheThingsStackDownlink] = []
        self.stored = deque()

        self._unacknowledged: tuple[QueuedDownlink, int] | None = None
        self._failures: deque[str] = deque()

    @property
    def ids(self) -> Json:
        """Return ``end_device_ids``."""
        return {
            "device_id": self.device_id,
            "application_ids": {"application_id": self.application},
            "dev_eui": self.dev_eui,
            "join_eui": "70B3D57ED0000000",
            "dev_addr": self.dev_addr,
        }

    async def join(self, *, received_at: datetime | None = None) -> None:
        """Start a session by over-the-air activation: new keys, counters at zero."""
        now = received_at or self._clock()
        self.session_key_id = b64encode(self._random.randbytes(16)).decode()
        # 0x26 0x0B: addresses of The Things Network's eu1 cluster.
        self.dev_addr = f"{0x260B0000 | self._random.getrandbits(16):08X}"
        self.last_f_cnt = None
        self.f_cnt_down = 0
        self._unacknowledged = None
        self.publish_event(
            "join",
            now,
            join_accept={
                "session_key_id": self.session_key_id,
                "app_s_key": self._app_s_key,
                "received_at": timestamp(now, self._random),
            },
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
        receptions: Sequence[Reception] | None = None,
        spreading_factor: int | None = None,
        copies: int = 1,
        hold: bool = False,
        change: Callable[[Json], None] | None = None,
    ) -> TheThingsStackDownlink | None:
        """Process a received frame, and return the downlink in its receive window.

        FPort 0 with no payload is a MAC-only uplink. ``acknowledge``: the frame has the
        ACK bit, for the confirmed downlink before it. ``copies``: how often the
        message is published; ``hold``: it is published after the next uplink instead, out
        of order. ``change`` may modify the message before. Raises RuntimeError before
        the first join, and TooLongError for a payload that is too long.
        """
        if not self.session_key_id:
            raise RuntimeError(f"{self.device_id} has not joined")
        spreading_factor = spreading_factor or self.spreading_factor
        self.check_length(payload, spreading_factor)
        if self.frame_counter_check and self.last_f_cnt is not None:
            if f_cnt <= self.last_f_cnt:
                self.dropped += 1
                return None
        self.last_f_cnt = f_cnt
        now = received_at or self._clock()
        self._settle_acknowledgement(acknowledge, now)
        if self.skip_payload_crypto:
            payload = self._random.randbytes(len(payload))
        message = self.message(
            now,
            uplink_message=uplink_message(
                session_key_id=self.session_key_id,
                f_port=f_port,
                f_cnt=f_cnt,
                payload=payload,
                app_s_key=self._app_s_key,
                confirmed=confirmed,
                receptions=self.receptions if receptions is None else receptions,
                spreading_factor=spreading_factor,
                frequency=self._random.choice(CHANNELS),
                received_at=now,
                random=self._random,
            ),
        )
        if change is not None:
            change(message)
        self.store(now, message)
        self._publish_uplink(encode(message), copies, hold=hold)
        await asyncio.sleep(self.receive_delay)
        return self._transmit(received_at or self._clock(), spreading_factor)

    async def mac_uplink(self, f_cnt: int) -> TheThingsStackDownlink | None:
        """Process a frame without data; it uses a counter and opens a window."""
        return await self.uplink(0, f_cnt, b"")

    def fail_next(self, name: str) -> None:
        """Let the next transmission end in ``down/failed`` with the named error."""
        downlink_error(name)
        self._failures.append(name)

    def write(self, operation: str, downlinks: Sequence[QueuedDownlink]) -> None:
        """Execute an application's ``push`` or ``replace``."""
        if operation == "replace":
            self.queue.clear()
        self.push(downlinks)

    def push(self, downlinks: Sequence[QueuedDownlink]) -> None:
        """Append to the queue."""
        for downlink in downlinks:
            now = self._clock()
            own = f"as:downlink:{ulid(now, self._random)}"
            queued = replace(downlink, correlation_ids=(*downlink.correlation_ids, own))
            self.queue.append(queued)
            self._publish_downlink_event("queued", now, queued.as_json())

    @property
    def _app_s_key(self) -> Json:
        return wrapped_key(self.session_key_id) if self.skip_payload_crypto else {}

    def _transmit(
        self, now: datetime, spreading_factor: int
    ) -> TheThingsStackDownlink | None:
        """Send the first item of the queue that can be sent, and return it."""
        while self.queue:
            queued = self.queue.popleft()
            failure = self._failures.popleft() if self._failures else None
            if len(queued.payload) > longest_payload(spreading_factor):
                failure = "application_downlink_too_long"
            if failure is not None:
                self._publish_failed(queued, failure, now)
                continue
            f_cnt = self.f_cnt_down
            self.f_cnt_down += 1
            queued = replace(queued, attempts=queued.attempts + 1)
            if queued.confirmed:
                self._unacknowledged = (queued, f_cnt)
            downlink = TheThingsStackDownlink(
                queued.f_port,
                queued.payload,
                queued.confirmed,
                f_cnt,
                self.session_key_id,
                queued.correlation_ids,
                now,
            )
            self.downlinks.append(downlink)
            if self.gateway_acknowledges:
                sent = self._with_counter(queued, f_cnt)
                self._publish_downlink_event("sent", now, sent)
            return downlink
        return None

    def _settle_acknowledgement(self, acknowledge: bool, now: datetime) -> None:
        if self._unacknowledged is None:
            return
        queued, f_cnt = self._unacknowledged
        self._unacknowledged = None
        event = "ack" if acknowledge else "nack"
        self._publish_downlink_event(event, now, self._with_counter(queued, f_cnt))
        if acknowledge:
            return
        if queued.attempts < _MAXIMUM_TRANSMISSIONS:
            self.queue.appendleft(queued)
        else:
            self._publish_failed(queued, "max_retries_reached", now)

    def _with_counter(self, queued: QueuedDownlink, f_cnt: int) -> Json:
        session = {"session_key_id": self.session_key_id, "f_cnt": f_cnt}
        return session | queued.as_json()

    def _publish_failed(self, queued: QueuedDownlink, name: str, now: datetime) -> None:
        self._publish_downlink_event(
            "failed",
            now,
            {"downlink": queued.as_json(), "error": downlink_error(name)},
        )

    def _publish_downlink_event(self, event: str, now: datetime, body: Json) -> None:
        self.publish_event(f"down/{event}", now, **{f"downlink_{event}": body})

    def publish_event(self, event: str, now: datetime, **body: Json) -> None:
        """Publish an event with the common fields and `body`."""
        self._publish(event, encode(self.message(now, **body)))

    def message(self, now: datetime, **body: Json) -> Json:
        """Return a message with ids and times."""
        correlation_id = f"as:up:{ulid(now, self._random)}"
        return present(
            {
                "end_device_ids": self.ids,
                "correlation_ids": [correlation_id],
                "received_at": timestamp(now, self._random),
                **body,
            }
        )
