"""One application: its connection, catching up, and the nodes that it offers.

Joins the network server of a config entry with the records of its nodes.
May import `device` and what is below it.
"""

from .application_hub import ApplicationHub, BatteryThermalConfigEntry

__all__ = ["ApplicationHub", "BatteryThermalConfigEntry"]
