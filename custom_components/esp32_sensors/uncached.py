"""Class attributes in place of properties that Home Assistant caches in each entity.

Home Assistant keeps the value of each cached property of an entity in the attributes of
that entity. Above thirty attributes CPython gives an object a dictionary of its own: 1.5 kB
for each of the eight enabled entities of a board, which had 40 to 51 attributes and have
25 to 27 now (docs/performance.md, *Memory of a board*). So what is the same for all boards
is an attribute of the class.

``tests/esp32_sensors/test_uncached.py`` fails when Home Assistant renames or removes one of
the properties, or changes a default that is repeated here.
"""

from homeassistant.const import EntityCategory


class UncachedEntity:
    """Constant properties of the entities of a board."""

    assumed_state = False
    attribution = None
    device_info = None
    entity_category: EntityCategory | None = None
    entity_picture = None
    entity_registry_enabled_default = True
    entity_registry_visible_default = True
    extra_state_attributes = None
    force_update = False
    has_entity_name = True
    icon = None
    should_poll = False
    supported_features: int | None = None
    # Private in Home Assistant. A sensor reads it twice for each state to translate its
    # unit; the units of boards have no translation.
    _unit_of_measurement_translation_key = None


class UncachedSensor:
    """Constant properties of the sensors of a board."""

    last_reset = None
    native_unit_of_measurement: str | None = None
    options = None
    suggested_display_precision = None
    suggested_unit_of_measurement = None
