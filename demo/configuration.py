"""The configuration of the demo's Home Assistant."""

from datetime import UTC, datetime
import json
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]

CONFIGURATION = """\
# Written by the demo at every start.
frontend:
config:
history:
logbook:
mobile_app:
media_source:
automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
logger:
  default: warning
  logs:
    custom_components.esp32_sensors: info
    custom_components.battery_thermal: info
"""


def write_configuration(folder: Path, configuration: str, host: str, port: int) -> None:
    """Write what Home Assistant reads at its start, except automations that are there."""
    (folder / "configuration.yaml").write_text(configuration)
    for name, empty in ("automations", "[]"), ("scripts", "{}"), ("scenes", "[]"):
        file = folder / f"{name}.yaml"
        if not file.exists():
            file.write_text(f"{empty}\n")
    # The address in Home Assistant's own storage. In YAML it would be on trial for five minutes.
    storage = folder / ".storage"
    storage.mkdir(exist_ok=True)
    http = {
        "server_port": port,
        "server_host": [host],
        "cors_allowed_origins": ["https://cast.home-assistant.io"],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    document = {
        "version": 2,
        "minor_version": 2,
        "key": "http",
        "data": {"stable": http, "pending": None, "yaml_migration_done": True},
    }
    (storage / "http").write_text(json.dumps(document))


def link_integrations(folder: Path) -> None:
    """Link the integrations of this repository into the folder."""
    components = folder / "custom_components"
    components.mkdir(exist_ok=True)
    for integration in (REPOSITORY / "custom_components").glob("*/manifest.json"):
        link = components / integration.parent.name
        link.unlink(missing_ok=True)
        link.symlink_to(integration.parent)
