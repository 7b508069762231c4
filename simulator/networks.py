"""The kinds of simulated network servers.

Another kind is a package with its `network`, and one line here: the commands of the
simulator, the demo, the tests and the benchmarks follow.
"""

from collections.abc import Mapping
from typing import Final

from .chirpstack.network import ChirpStackNetwork
from .network import Network
from .the_things_stack.network import TheThingsStackNetwork

NETWORKS: Final[Mapping[str, type[Network]]] = {
    kind.key: kind for kind in (TheThingsStackNetwork, ChirpStackNetwork)
}
