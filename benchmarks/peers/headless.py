"""A minimal Home Assistant without recorder and login: MQTT, the measured integration, and a probe."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import sys
from typing import Any

from demo.broker import Broker
from demo.processes import Child, free_port

_COMPONENTS = Path(__file__).parent / "components"
_OURS = Path(__file__).parents[2] / "custom_components"

_CONFIGURATION = """\
logger:
  default: warning
probe:
"""


@dataclass(frozen=True)
class Entry:
    """A config entry in Home Assistant's storage format."""

    domain: str
    data: dict[str, Any]
    version: tuple[int, int] = (1, 1)
    options: dict[str, Any] = field(default_factory=dict)

    def stored(self, number: int) -> dict[str, Any]:
        """Return the stored form; ``number`` distinguishes entries of a domain."""
        now = datetime.now(UTC).isoformat()
        return {
            "created_at": now,
            "data": self.data,
            "disabled_by": None,
            "discovery_keys": {},
            "domain": self.domain,
            "entry_id": f"{self.domain}{number}",
            "minor_version": self.version[1],
            "modified_at": now,
            "options": self.options,
            "pref_disable_new_entities": False,
            "pref_disable_polling": False,
            "source": "user",
            "subentries": [],
            "title": f"{self.domain} {number}",
            "unique_id": None,
            "version": self.version[0],
        }


class Headless:
    """One Home Assistant, its folder and its process."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        """Initialize in a folder."""
        self._folder = folder
        self._broker = broker
        (folder / ".storage").mkdir(parents=True)
        self._port = free_port()
        self._link("esp32_sensors", _OURS / "esp32_sensors")
        for name in "floor", "probe":
            self._link_component(name)
        # -I: do not import integrations from the working directory.
        command = [sys.executable, "-I", "-m", "homeassistant", "-c", str(folder)]
        self._child = Child("home-assistant", command, folder)

    async def start(self, entries: Sequence[Entry], configuration: str = "") -> None:
        """Start with these config entries besides MQTT's; return at once."""
        broker = {"broker": self._broker.host, "port": self._broker.port}
        mqtt = Entry("mqtt", broker | {"protocol": "5"}, (2, 1))
        self._store(
            "core.config_entries",
            (1, 5),
            {"entries": [e.stored(i) for i, e in enumerate([mqtt, *entries])]},
        )
        http = {
            "server_port": self._port,
            "server_host": ["127.0.0.1"],
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "modern",
            "use_x_frame_options": True,
            "created_at": datetime.now(UTC).isoformat(),
            "error": None,
            "error_message": None,
        }
        self._store(
            "http",
            (2, 2),
            {"stable": http, "pending": None, "yaml_migration_done": True},
        )
        (self._folder / "configuration.yaml").write_text(_CONFIGURATION + configuration)
        await self._child.start()

    async def stop(self) -> None:
        """Stop it as a restart does, so that it writes its storage."""
        await self._child.stop()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._child.pid

    @property
    def cpu_seconds(self) -> float:
        """Return the processor time used, user and system."""
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        # The second field is a name in brackets; utime and stime are 14 and 15.
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> int:
        """Return the private memory in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = status.partition("RssAnon:")[2].split()[0]
        return int(kilobytes) * 1024

    def _store(self, key: str, version: tuple[int, int], data: object) -> None:
        document = {
            "version": version[0],
            "minor_version": version[1],
            "key": key,
            "data": data,
        }
        (self._folder / ".storage" / key).write_text(json.dumps(document))

    def _link(self, name: str, target: Path) -> Path:
        link = self._folder / "custom_components" / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(target)
        return link

    def _link_component(self, name: str) -> None:
        """Install one of the benchmark's integrations; only integrations of the product have manifests here."""
        folder = self._folder / "custom_components" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file in (_COMPONENTS / name).glob("*.py"):
            (folder / file.name).symlink_to(file)
        manifest = {
            "domain": name,
            "name": name,
            "codeowners": [],
            "dependencies": ["mqtt"],
            "documentation": "https://www.example.org",
            "iot_class": "local_push",
            "requirements": [],
            "version": "0.0.0",
        }
        (folder / "manifest.json").write_text(json.dumps(manifest))
