"""Installation and queries of the probe inside a Home Assistant."""

import json
from pathlib import Path
import shutil
from typing import Any

from demo.home_assistant import HomeAssistant

_PROBE = Path(__file__).parent / "components" / "loop_probe.py"


def install_probe(home_assistant: HomeAssistant) -> None:
    """Install the probe in a Home Assistant that has not been started."""
    folder = home_assistant.folder / "custom_components" / "loop_probe"
    folder.mkdir(parents=True)
    shutil.copy(_PROBE, folder / "__init__.py")
    manifest = {"domain": "loop_probe", "name": "Loop probe", "version": "1"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    home_assistant.configuration += "loop_probe:\n"


async def look(home_assistant: HomeAssistant) -> dict[str, Any]:
    """Return the probe's measurements since the last call."""
    seen: dict[str, Any] = await home_assistant.command("loop_probe/take")
    return seen
