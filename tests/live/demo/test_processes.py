"""Tests of the ports of child processes."""

from itertools import count
import socket
import subprocess
import sys

import pytest

from demo.processes import free_port, is_free

from .running import REPOSITORY

OTHER = """
from demo.processes import free_port
print(free_port(), flush=True)
input()
"""
"""A program that has a port, and does not listen on it yet."""


def test_free_port() -> None:
    """Free ports differ, and the system gives none of them to a connection in the meantime."""
    ports = {free_port() for _ in range(100)}
    assert len(ports) == 100
    assert max(ports) < 32_768
    assert all(map(is_free, ports))


def test_port_in_use() -> None:
    """A port on which somebody listens is not free."""
    with socket.create_server(("127.0.0.1", free_port())) as server:
        assert not is_free(server.getsockname()[1])


def test_port_of_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that another process has got is not given again, until that process ends."""
    with subprocess.Popen(
        [sys.executable, "-c", OTHER],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        taken = int(other.stdout.readline())
        assert is_free(taken)
        drawn = count(taken)
        monkeypatch.setattr("random.choice", lambda _: next(drawn))
        assert free_port() > taken
        other.communicate("\n")
    drawn = count(taken)
    assert free_port() == taken
