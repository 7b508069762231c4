"""Whether the network server drops uplinks of a node because of their frame counters.

Published nodes start their counter again with each image. A server that checks counters
drops all of these but the first, and ChirpStack reports each one.
"""

from ..lorawan.network_server import COUNTER_RESET, Uplink


class CounterCheck:
    """What reports and uplinks show of the server's check."""

    def __init__(self) -> None:
        """Start with nothing shown."""
        self.refused = False
        """Whether uplinks are dropped."""
        self._session = ""
        self._f_cnt = -1

    def receive_notice(self, kind: str) -> bool:
        """Note what the server reports; return whether that changes anything."""
        before = self.refused
        self.refused = before or kind == COUNTER_RESET
        return self.refused is not before

    def receive(self, uplink: Uplink) -> None:
        """Note an uplink: one that starts again was not dropped, nor is a new session."""
        if uplink.session != self._session or uplink.f_cnt < self._f_cnt:
            self.refused = False
        self._session, self._f_cnt = uplink.session, uplink.f_cnt
