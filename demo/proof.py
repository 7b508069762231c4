"""Checks of the running product, one line of output for each."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
import inspect
import time
import traceback
from typing import Any

PATIENCE = 30.0
"""Default timeout in seconds of a condition."""


class NotSo(Exception):
    """A check failed; the message has the observed value."""


async def until(
    what: str,
    read: Callable[[], Any | Awaitable[Any]],
    holds: Callable[[Any], bool],
    seconds: float = PATIENCE,
) -> Any:
    """Poll a value until ``holds`` is true, and return it. Raises ``NotSo`` after a timeout."""
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if inspect.isawaitable(value):
            value = await value
        if holds(value):
            return value
        if time.monotonic() > deadline:
            raise NotSo(f"after {seconds:g} s {what} is {value!r}")
        await asyncio.sleep(0.05)


def demand(condition: bool, otherwise: str) -> None:
    """Raise ``NotSo`` if ``condition`` is false."""
    if not condition:
        raise NotSo(otherwise)


@dataclass
class Proofs:
    """Runs checks one after the other and counts failures."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)

    async def prove(
        self, claim: str, proof: Callable[[], Awaitable[str | None]]
    ) -> bool:
        """Run one check and print its line, with the remark that it returns."""
        began = time.monotonic()
        try:
            remark = await proof()
        except NotSo as error:
            self._fail(claim, str(error))
            return False
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the claim is not proven and the others still are tried
            self._fail(claim, "".join(traceback.format_exception(error)).rstrip())
            return False
        self.passed += 1
        seconds = time.monotonic() - began
        print(
            f"  ok    {claim}{f' - {remark}' if remark else ''} ({seconds:.1f} s)",
            flush=True,
        )
        return True

    def _fail(self, claim: str, reason: str) -> None:
        self.failed.append(claim)
        indented = reason.replace("\n", "\n          ")
        print(f"  FAIL  {claim}\n          {indented}", flush=True)
