"""Tests of the ports of child processes."""

import socket

from demo.processes import free_port, is_free


def test_free_port() -> None:
    """Free ports differ, and the system gives none of them to a connection in the meantime."""
    ports = {free_port() for _ in range(100)}
    assert len(ports) > 90
    assert max(ports) < 32_768
    assert all(map(is_free, ports))


def test_port_in_use() -> None:
    """A port on which somebody listens is not free."""
    with socket.create_server(("127.0.0.1", free_port())) as server:
        assert not is_free(server.getsockname()[1])
