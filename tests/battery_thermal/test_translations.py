"""Tests of the translations of entity names and of the icons."""

import json
from pathlib import Path
import re

import custom_components.battery_thermal as integration

FOLDER = Path(integration.__file__).parent


def test_entities_have_names_and_icons() -> None:
    """Each entity with a translation key has a translated name."""
    entities = json.loads(
        (FOLDER / "translations/en.json").read_text(encoding="utf-8")
    )["entity"]
    icons = json.loads((FOLDER / "icons.json").read_text(encoding="utf-8"))["entity"]
    for platform in entities:
        files = [f"{platform}.py"] + [
            "area_sensor.py",
            "cell_drift.py",
            "sensor_table.py",
        ] * (platform == "sensor")
        files += ["area_alarm.py"] * (platform == "binary_sensor")
        source = "".join((FOLDER / file).read_text(encoding="utf-8") for file in files)
        keys = set(re.findall(r'key="(\w+)"', source))
        keys |= set(re.findall(r'_(?:temperature|difference)\(\s*"(\w+)"', source))
        keys |= set(re.findall(r'__init__\((?:self, )?node, "(\w+)"\)', source))
        assert set(entities[platform]) == keys, platform
        assert set(icons.get(platform, {})) <= keys, platform
