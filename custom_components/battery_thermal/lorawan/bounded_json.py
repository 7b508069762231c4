"""JSON from a server that is not trusted."""

from typing import Any, Final, cast

from homeassistant.util.json import json_loads_object as _json_loads_object

# Objects and lists in a document. An uplink has ten, and seven more for each gateway that
# has heard it; a page of a hundred devices has some four hundred. Tens of thousands at
# once make Python collect the garbage of all Home Assistant: 250 ms were measured.
MOST_CONTAINERS: Final = 4000


def json_loads_object(data: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises ValueError for anything else, and for too much."""
    # Brackets in texts count too: nobody has so many of them either.
    if data.count(b"[") + data.count(b"{") > MOST_CONTAINERS:
        raise ValueError("a document of too many parts")
    return cast(dict[str, Any], _json_loads_object(data))
