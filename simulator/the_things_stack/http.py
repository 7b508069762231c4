"""The HTTP API of The Things Stack, as far as an integration needs it.

Errors are worded as grpc-gateway words those of The Things Stack: ``code`` is gRPC's.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
import json
from random import Random
import re
import ssl
from typing import Any

from aiohttp import web

from simulator.raw import send

from .device import TheThingsStackDevice
from .faults import Faults, HttpFault, StreamFault
from .keys import Keys, Right
from .messages import Json, parse_downlinks, present, timestamp

_DEVICE = "/api/v3/as/applications/{application}/devices/{device}"
_STORAGE = "packages/storage/uplink_message"

# HTTP status: (code of gRPC, namespace, name, message)
_ERRORS: dict[int, tuple[int, str, str, str]] = {
    400: (3, "pkg/errors", "validation", "invalid value"),
    401: (16, "pkg/auth", "api_key_not_found", "API key not found"),
    403: (
        7,
        "pkg/auth/rights",
        "insufficient_application_rights",
        "insufficient rights for application",
    ),
    404: (5, "pkg/applicationserver", "device_not_found", "device not found"),
    429: (8, "pkg/ratelimit", "rate_limit_exceeded", "rate limit exceeded"),
    500: (13, "pkg/errors", "internal", "internal error"),
    503: (14, "pkg/errors", "unavailable", "unavailable"),
}


def error_response(status: int, message: str | None = None) -> web.Response:
    """Return an error in The Things Stack's format."""
    code, namespace, name, text = _ERRORS.get(status, _ERRORS[500])
    text = message or text
    return web.json_response(
        {
            "code": code,
            "message": f"error:{namespace}:{name} ({text})",
            "details": [
                {
                    "@type": "type.googleapis.com/ttn.lorawan.v3.ErrorDetails",
                    "namespace": namespace,
                    "name": name,
                    "message_format": text,
                    "code": code,
                }
            ],
        },
        status=status,
    )


class _RefusedError(Exception):
    """A request is answered with an error."""

    def __init__(self, status: int, message: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class HttpServer:
    """Serves the API for one application."""

    def __init__(
        self,
        application: str,
        *,
        keys: Keys,
        faults: Faults,
        devices: Mapping[str, TheThingsStackDevice],
        random: Random,
        clock: Callable[[], datetime],
    ) -> None:
        """Initialize with the application's ID, keys and devices."""
        self.port = 0
        self.requests: list[tuple[str, str]] = []
        """Method and path of every request."""
        self._application = application
        self._keys = keys
        self._faults = faults
        self._devices_by_id = devices
        self._random = random
        self._clock = clock
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        """Listen; port 0 takes any free one."""
        application = web.Application(middlewares=[self._guard])
        application.add_routes(
            [
                web.post(f"{_DEVICE}/down/{{operation:push|replace}}", self._write),
                web.get(f"{_DEVICE}/down", self._queue),
                web.get(f"{_DEVICE}/{_STORAGE}", self._stored),
                web.get(
                    f"/api/v3/as/applications/{{application}}/{_STORAGE}",
                    self._stored,
                ),
                web.get("/api/v3/applications/{application}/rights", self._rights),
                web.get("/api/v3/applications/{application}/devices", self._devices),
            ]
        )
        self._runner = web.AppRunner(
            application, access_log=None, handle_signals=False, shutdown_timeout=0.1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, ssl_context=tls)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Record the request, apply faults, and format errors."""
        self.requests.append((request.method, request.path))
        for where, what in self._faults.raw.items():
            if request.path.endswith(where) and request.transport is not None:
                await send(request.transport, what)
                return web.Response()
        faults = self._faults.http
        if faults:
            return await self._misbehave(request, faults.popleft())
        try:
            response: web.StreamResponse = await handler(request)
        except _RefusedError as refused:
            return error_response(refused.status, refused.message)
        except web.HTTPNotFound:
            return error_response(404, "no such route")
        return response

    async def _misbehave(
        self, request: web.Request, fault: HttpFault
    ) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        if fault.status == 0:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.body is not None:
            response = web.Response(status=fault.status, body=fault.body)
        else:
            response = error_response(fault.status)
        if fault.retry_after:
            response.headers["X-Rate-Limit-Retry"] = str(fault.retry_after)
        return response

    def _require(self, request: web.Request, right: Right | None) -> frozenset[Right]:
        """Return the rights of the request's key, which must include `right`."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        rights = self._keys.rights(key if scheme == "Bearer" else None)
        if rights is None:
            raise _RefusedError(401)
        own = request.match_info["application"] == self._application
        if not own or (right is not None and right not in rights):
            raise _RefusedError(403)
        return rights

    def _device(self, request: web.Request) -> TheThingsStackDevice:
        device = self._devices_by_id.get(request.match_info["device"])
        if device is None:
            raise _RefusedError(404)
        return device

    async def _write(self, request: web.Request) -> web.Response:
        self._require(request, Right.TRAFFIC_DOWN_WRITE)
        device = self._device(request)
        try:
            downlinks = parse_downlinks(await request.json())
        except ValueError as error:
            raise _RefusedError(400, str(error)) from error
        if not device.session_key_id:
            # A failed precondition, which grpc-gateway answers with 400.
            raise _RefusedError(400, "no device session; check device activation")
        device.write(request.match_info["operation"], downlinks)
        return web.json_response({})

    async def _queue(self, request: web.Request) -> web.Response:
        self._require(request, Right.TRAFFIC_READ)
        queue = self._device(request).queue
        return web.json_response(
            present({"downlinks": [queued.as_json() for queued in queue]})
        )

    async def _rights(self, request: web.Request) -> web.Response:
        rights = self._require(request, None)
        return web.json_response(present({"rights": sorted(rights)}))

    async def _devices(self, request: web.Request) -> web.Response:
        self._require(request, Right.DEVICES_READ)
        named = "name" in request.query.get("field_mask", "").split(",")
        random = self._random
        devices: list[Json] = [
            {
                "ids": device.ids,
                "created_at": timestamp(device.created_at, random),
                "updated_at": timestamp(device.created_at, random),
                "name": device.name if named else "",
            }
            for device in self._devices_by_id.values()
        ]
        total = len(devices)
        limit = _number(request, "limit")
        if limit:
            first = (max(_number(request, "page"), 1) - 1) * limit
            devices = devices[first : first + limit]
        return web.json_response(
            present({"end_devices": devices}), headers={"X-Total-Count": str(total)}
        )

    async def _stored(self, request: web.Request) -> web.Response:
        """Answer as a stream of newline-delimited JSON, whatever its type says."""
        self._require(request, Right.TRAFFIC_READ)
        if "device" in request.match_info:
            devices = [self._device(request)]
        else:
            devices = list(self._devices_by_id.values())
        stored = [uplink for device in devices for uplink in device.readable]
        try:
            if after := request.query.get("after"):
                since = datetime.fromisoformat(after)
                stored = [uplink for uplink in stored if uplink.received_at > since]
            if last := request.query.get("last"):
                since = self._clock() - _duration(last)
                stored = [uplink for uplink in stored if uplink.received_at > since]
            if before := request.query.get("before"):
                until = datetime.fromisoformat(before)
                stored = [uplink for uplink in stored if uplink.received_at < until]
        except (TypeError, ValueError) as error:
            raise _RefusedError(400, str(error)) from error
        if order := request.query.get("order"):
            stored.sort(
                key=lambda uplink: uplink.received_at, reverse=order.startswith("-")
            )
        if limit := _number(request, "limit"):
            stored = stored[:limit]
        lines = [f"{json.dumps({'result': uplink.message})}\n\n" for uplink in stored]
        text = self._spoilt(lines)
        return web.Response(text=text, content_type="text/event-stream")

    def _spoilt(self, lines: list[str]) -> str:
        """Return a stream, with an error or truncated if a fault requests it."""
        faults = self._faults.streams
        match faults.popleft() if faults else None:
            case StreamFault.ERROR:
                half = lines[: len(lines) // 2]
                error = {"code": 14, "message": "unavailable", "http_code": 503}
                return "".join([*half, f"{json.dumps({'error': error})}\n\n"])
            case StreamFault.CUT:
                return "".join(lines)[:-20]
        return "".join(lines)


_SECONDS_OF = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def _duration(text: str) -> timedelta:
    """Read a duration in Go's syntax, ``24h`` or ``1h0.5s``. Raises ValueError."""
    parts = re.findall(r"([0-9.]+)(ms|h|m|s)", text)
    if not parts or "".join(map("".join, parts)) != text:
        raise ValueError(f"last: not a duration: {text}")
    return timedelta(
        seconds=sum(float(number) * _SECONDS_OF[unit] for number, unit in parts)
    )


def _number(request: web.Request, name: str) -> int:
    try:
        return int(request.query.get(name, 0))
    except ValueError as error:
        raise _RefusedError(400, f"{name}: not a number") from error
