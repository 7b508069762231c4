"""Tests of the stand-in's HTTP server."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

import aiohttp
import aiomqtt
import pytest
from ttn_client.client import TTNClient
from ttn_client.const import TTN_DATA_STORAGE_URL
from ttn_client.exceptions.auth_error import TTNAuthError

from simulator.the_things_stack import (
    HttpFault,
    Right,
    StreamFault,
    TheThingsStack,
    TheThingsStackDevice,
)
from tests.simulator.conftest import KEY
from tests.simulator.the_things_stack.conftest import (
    DOWN,
    EVERYTHING,
    STORED,
    address,
    bearer,
    body,
    following,
)


@pytest.mark.parametrize(
    ("request_line", "key", "status"),
    [
        (("POST", f"{DOWN}/replace"), None, 401),
        (("POST", f"{DOWN}/replace"), "NNSXS.WRONG", 401),
        (("POST", f"{DOWN}/replace"), "NNSXS.INFO", 403),
        (("POST", DOWN.replace("bank-1", "gone") + "/replace"), KEY, 404),
        (("POST", DOWN.replace("batteries", "others") + "/replace"), KEY, 403),
        (("GET", DOWN), "NNSXS.INFO", 403),
        (("GET", STORED), "NNSXS.INFO", 403),
        (("GET", "applications/batteries/devices"), "NNSXS.INFO", 403),
        (("GET", "applications/batteries/nonsense"), KEY, 404),
    ],
)
async def test_refusals(
    stack: TheThingsStack,
    http: aiohttp.ClientSession,
    request_line: tuple[str, str],
    key: str | None,
    status: int,
) -> None:
    """Missing rights and unknown paths are refused."""
    stack.add_key("NNSXS.INFO", {Right.INFO})
    stack.add_device("bank-1")
    method, path = request_line
    headers = bearer(key) if key else {}
    async with http.request(
        method, address(stack, path), json=body(), headers=headers
    ) as answer:
        assert answer.status == status
        assert {"code", "message", "details"} == (await answer.json()).keys()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"downlinks": [{"frm_payload": "0DI="}]},
        {"downlinks": [{"f_port": 0, "frm_payload": "0DI="}]},
        {"downlinks": [{"f_port": 1, "frm_payload": "0D!"}]},
    ],
)
async def test_invalid_downlinks(
    stack: TheThingsStack,
    device: TheThingsStackDevice,
    http: aiohttp.ClientSession,
    wrong: Any,
) -> None:
    """Invalid downlinks get status 400, and nothing is queued."""
    url = address(stack, f"{DOWN}/push")
    async with http.post(url, json=wrong, headers=bearer()) as answer:
        assert answer.status == 400
    assert not device.queue


async def test_downlink_without_a_session(
    stack: TheThingsStack, http: aiohttp.ClientSession
) -> None:
    """A downlink without a session is a failed precondition."""
    stack.add_device("bank-1")
    url = address(stack, f"{DOWN}/replace")
    async with http.post(url, json=body(), headers=bearer()) as answer:
        assert answer.status == 400
        assert "no device session" in (await answer.json())["message"]


async def test_devices(
    stack: TheThingsStack, device: TheThingsStackDevice, http: aiohttp.ClientSession
) -> None:
    """Devices are listed in pages, with names on request, without deleted ones."""
    stack.add_device("bank-2")
    url = address(stack, "applications/batteries/devices")
    query = {"field_mask": "name", "limit": "1"}
    async with http.get(url, params=query, headers=bearer()) as answer:
        listed = (await answer.json())["end_devices"]
        assert answer.headers["X-Total-Count"] == "2"
    assert [(item["ids"]["device_id"], item["name"]) for item in listed] == [
        ("bank-1", "Bank one")
    ]
    query = {"limit": "1", "page": "2"}
    async with http.get(url, params=query, headers=bearer()) as answer:
        (listed,) = (await answer.json())["end_devices"]
    assert listed["ids"]["device_id"] == "bank-2"
    async with http.get(url, params={"limit": "x"}, headers=bearer()) as answer:
        assert answer.status == 400
    stack.remove_device("bank-2")
    async with http.get(url, headers=bearer()) as answer:
        (listed,) = (await answer.json())["end_devices"]
    assert listed["ids"]["device_id"] == "bank-1"
    assert "name" not in listed


async def test_storage(stack: TheThingsStack, http: aiohttp.ClientSession) -> None:
    """The stored uplinks of a day are lines of JSON, in the requested order."""
    device = stack.add_device("bank-1", storage=True)
    await device.join()
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for hour in range(30):
        moment = start + timedelta(hours=hour)
        await device.uplink(1, hour, b"\x00", received_at=moment)

    async def stored(path: str = STORED, **query: str) -> list[int]:
        headers = bearer() | {"Accept": "text/event-stream"}
        async with http.get(
            address(stack, path), params=query, headers=headers
        ) as answer:
            assert answer.content_type == "text/event-stream"
            lines = (await answer.text()).splitlines()
        results = [json.loads(line)["result"] for line in lines if line]
        return [result["uplink_message"].get("f_cnt", 0) for result in results]

    assert await stored() == list(range(5, 30))
    after = "2026-03-02T02:00:00Z"
    assert await stored(after=after, order="received_at") == [27, 28, 29]
    assert await stored(after=after, order="-received_at", limit="2") == [29, 28]
    assert await stored(before="2026-03-01T06:00:00.5Z") == [5, 6]
    assert await stored(EVERYTHING, after=after) == [27, 28, 29]
    async with http.get(
        address(stack, STORED), params={"after": "yesterday"}, headers=bearer()
    ) as answer:
        assert answer.status == 400


async def test_what_is_stored(
    stack: TheThingsStack, heard: aiomqtt.Client, http: aiohttp.ClientSession
) -> None:
    """A stored uplink has no session and no correlation ids, as on real servers."""
    device = stack.add_device("bank-1", storage=True)
    await device.join()
    await device.uplink(1, 5, b"\x00")
    await following(heard)
    _, live = await following(heard)
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        stored = json.loads(await answer.text())["result"]
    assert live["uplink_message"].pop("session_key_id")
    assert live.pop("correlation_ids")
    assert live["end_device_ids"].pop("join_eui")
    assert stored == live


@pytest.mark.parametrize(
    ("last", "count"), [("24h", 2), ("1h30m", 1), ("90m0.5s", 1), ("100ms", 0)]
)
async def test_last_of_an_application(
    stack: TheThingsStack, http: aiohttp.ClientSession, last: str, count: int
) -> None:
    """The storage of the application is requested with a duration in Go's syntax."""
    for hours in (1, 2):
        device = stack.add_device(f"bank-{hours}", storage=True)
        await device.join()
        moment = stack.now - timedelta(hours=hours)
        await device.uplink(1, 0, b"\x00", received_at=moment)
    url = address(stack, EVERYTHING)
    async with http.get(url, params={"last": last}, headers=bearer()) as answer:
        assert (await answer.text()).count("result") == count
    async with http.get(url, params={"last": "a day"}, headers=bearer()) as answer:
        assert answer.status == 400


async def test_client_of_home_assistant_core(
    stack: TheThingsStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library that core's own integration uses reads the stored uplinks."""
    # The library supports https only.
    url = TTN_DATA_STORAGE_URL.replace("https", "http")
    monkeypatch.setattr("ttn_client.client.TTN_DATA_STORAGE_URL", url)

    def decode(message: dict[str, Any]) -> None:
        message["uplink_message"]["decoded_payload"] = {"hottest": 31.5, "fan": True}

    for device_id in ("bank-1", "bank-2"):
        device = stack.add_device(device_id, storage=True)
        await device.join()
        await device.uplink(1, 0, b"\x00")
        await device.uplink(1, 1, b"\x00", change=decode)
    reader = TTNClient(f"127.0.0.1:{stack.http_port}", "batteries", KEY)
    read = await reader.fetch_data()
    assert read.keys() == {"bank-1", "bank-2"}
    assert read["bank-2"]["hottest"].value == 31.5
    assert read["bank-2"]["fan"].value is True

    stranger = TTNClient(f"127.0.0.1:{stack.http_port}", "batteries", "no")
    with pytest.raises(TTNAuthError):
        await stranger.fetch_data()


@pytest.mark.parametrize(
    ("fault", "results", "end"),
    [
        (StreamFault.ERROR, 2, b'"http_code": 503}}\n\n'),
        (StreamFault.CUT, 4, b""),
    ],
)
async def test_stream_faults(
    stack: TheThingsStack,
    http: aiohttp.ClientSession,
    fault: StreamFault,
    results: int,
    end: bytes,
) -> None:
    """A stream can fail after its status; the next one is complete."""
    device = stack.add_device("bank-1", storage=True)
    await device.join()
    for f_cnt in range(4):
        await device.uplink(1, f_cnt, b"\x00")
    stack.faults.streams.append(fault)
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        assert answer.status == 200
        spoilt = await answer.read()
    assert spoilt.count(b"result") == results
    assert spoilt.endswith(end)
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        whole = await answer.read()
    assert whole.startswith(spoilt) == (fault is StreamFault.CUT)
    assert whole.count(b"result") == 4
    assert whole.endswith(b"\n\n")


async def test_storage_that_lags(http: aiohttp.ClientSession) -> None:
    """An uplink can be read some time after it was stored."""
    now = [datetime(2026, 3, 1, tzinfo=UTC)]
    async with TheThingsStack(clock=lambda: now[0]) as stack:
        stack.add_key(KEY)
        device = stack.add_device("bank-1", storage=True, storage_delay=5)
        await device.join()
        await device.uplink(1, 0, b"\x00")
        for seconds, readable in ((4, False), (1, True)):
            now[0] += timedelta(seconds=seconds)
            async with http.get(address(stack, STORED), headers=bearer()) as answer:
                assert bool(await answer.text()) is readable


async def test_storage_switched_off(
    stack: TheThingsStack, device: TheThingsStackDevice, http: aiohttp.ClientSession
) -> None:
    """With the storage off the answer is empty, without an error."""
    await device.uplink(1, 0, b"\x00")
    async with http.get(address(stack, STORED), headers=bearer()) as answer:
        assert (answer.status, await answer.text()) == (200, "")


async def test_http_faults(
    stack: TheThingsStack, device: TheThingsStackDevice, http: aiohttp.ClientSession
) -> None:
    """Each fault applies to one request."""
    stack.faults.http.extend(
        [
            HttpFault(429, retry_after=7),
            HttpFault(500),
            HttpFault(200, body=b"<html>", delay=0.01),
            HttpFault(0),
        ]
    )
    url = address(stack, DOWN)
    async with http.get(url, headers=bearer()) as answer:
        assert (answer.status, answer.headers["X-Rate-Limit-Retry"]) == (429, "7")
        assert (await answer.json())["code"] == 8
    async with http.get(url, headers=bearer()) as answer:
        assert answer.status == 500
    async with http.get(url, headers=bearer()) as answer:
        assert await answer.text() == "<html>"
    with pytest.raises(aiohttp.ClientError):
        # POST, because aiohttp repeats a failed GET.
        await http.post(f"{url}/replace", json=body(), headers=bearer())
    async with http.get(url, headers=bearer()) as answer:
        assert answer.status == 200
    assert len(stack.http.requests) == 5
