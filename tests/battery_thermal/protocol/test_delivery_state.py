"""State of a delivery, and its JSON."""

import json

from custom_components.battery_thermal.protocol.delivery import Delivery


def test_json_of_a_new_delivery() -> None:
    """Nothing is wanted and proven, before a restart and after it."""
    delivery = Delivery(budget=8)
    stored = json.loads(json.dumps(delivery.as_dict()))
    again = Delivery.from_dict(stored, budget=7)
    assert again.as_dict() == delivery.as_dict()
    assert isinstance(again, Delivery)
    assert (again.wanted, again.proven, again.pending) == (None, None, False)
    assert (delivery.budget, again.budget) == (8, 7)
    assert "queued" not in stored
