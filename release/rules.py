"""What a distribution must be before it is given to anybody.

The rules are those that HACS publishes (https://hacs.xyz/docs/publish/start, https://hacs.xyz/docs/publish/integration;
the keys are those of ``custom_components/hacs/utils/validate.py`` of github.com/hacs/integration), that hassfest has for
the manifests of custom integrations (``script/hassfest/manifest.py`` of github.com/home-assistant/core), that
github.com/home-assistant/brands has for images, and this project's own.
"""

from collections.abc import Callable, Collection, Iterator
import io
import json
import re
import struct
from typing import Any
import zipfile

from .distribution import Distribution
from .links import Page, is_there

type Rule = Callable[[Distribution], Iterator[str]]

HACS_KEYS: dict[str, type] = {
    "content_in_root": bool,
    "country": list,
    "filename": str,
    "hacs": str,
    "hide_default_branch": bool,
    "homeassistant": str,
    "name": str,
    "persistent_directory": str,
    "render_readme": bool,
    "zip_release": bool,
}
"""All that hacs.json may have; HACS refuses others."""

MANIFEST_KEYS: dict[str, type] = {
    "domain": str,
    "name": str,
    "codeowners": list,
    "config_flow": bool,
    "documentation": str,
    "integration_type": str,
    "iot_class": str,
    "issue_tracker": str,
    "requirements": list,
    "version": str,
}
"""What manifest.json must have: for HACS, for hassfest, and for Home Assistant to offer the integration."""

OTHER_MANIFEST_KEYS: dict[str, type] = {
    "after_dependencies": list,
    "bluetooth": list,
    "dependencies": list,
    "dhcp": list,
    "disabled": str,
    "homekit": dict,
    "import_executor": bool,
    "loggers": list,
    "mqtt": list,
    "preview_features": dict,
    "quality_scale": str,
    "single_config_entry": bool,
    "ssdp": list,
    "usb": list,
    "zeroconf": list,
}
"""What else manifest.json may have; hassfest refuses all others."""

TEXTS = (
    "after_dependencies",
    "codeowners",
    "dependencies",
    "loggers",
    "mqtt",
    "requirements",
)
"""The keys of manifest.json that list texts and nothing else."""

IOT_CLASSES = {
    "assumed_state",
    "calculated",
    "cloud_polling",
    "cloud_push",
    "local_polling",
    "local_push",
}
INTEGRATION_TYPES = {
    "device",
    "entity",
    "hardware",
    "helper",
    "hub",
    "service",
    "system",
}

ICONS = {"icon.png": 256, "icon@2x.png": 512}
"""Width and height in pixels of the square images that https://brands.home-assistant.io asks for."""

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
SLUG = re.compile(r"[a-z][a-z0-9_]*")


def problems(distribution: Distribution, tag: str) -> list[str]:
    """Return all that is wrong, in words for whoever makes the release; nothing if it may go out as ``tag``."""
    found = [problem for rule in RULES for problem in rule(distribution)]
    return [*found, *version_is_the_tag(distribution, tag)]


def one_integration(distribution: Distribution) -> Iterator[str]:
    """Below custom_components is one folder, named as its domain, and nothing else."""
    folders = {
        path.split("/")[1]
        for path in distribution.files
        if path.startswith("custom_components/")
    }
    if folders != {distribution.domain}:
        yield f"custom_components has {sorted(folders)}, and not {distribution.domain} alone"
    if not SLUG.fullmatch(distribution.domain):
        yield f"{distribution.domain} is no domain"


def hacs_reads_it(distribution: Distribution) -> Iterator[str]:
    """hacs.json has no keys but HACS's own, and names the zip."""
    found = _json(distribution, "hacs.json")
    yield from _typed("hacs.json", found, HACS_KEYS, required={"name", "homeassistant"})
    yield from (f"hacs.json: HACS knows no {key}" for key in found.keys() - HACS_KEYS)
    if found.get("zip_release") and found.get("filename") != distribution.zip_name:
        yield f"hacs.json: zip_release without filename {distribution.zip_name}"


def manifest_is_valid(distribution: Distribution) -> Iterator[str]:
    """manifest.json has what is required, no key but hassfest's, in its order, with values that are known."""
    found = _json(distribution, f"{distribution.folder}manifest.json")
    known = MANIFEST_KEYS | OTHER_MANIFEST_KEYS
    yield from _typed("manifest.json", found, known, required=MANIFEST_KEYS)
    yield from (
        f"manifest.json: hassfest knows no {key}" for key in found.keys() - known
    )
    first = [key for key in ("domain", "name") if key in found]
    if list(found) != [*first, *sorted(found.keys() - first)]:
        yield "manifest.json: keys are domain, name, then by alphabet"
    if found.get("domain") != distribution.domain:
        yield f"manifest.json: domain is not the folder's, {distribution.domain}"
    if found.get("iot_class") not in IOT_CLASSES:
        yield f"manifest.json: iot_class {found.get('iot_class')} is none"
    if found.get("integration_type") not in INTEGRATION_TYPES:
        yield f"manifest.json: integration_type {found.get('integration_type')} is none"
    for key in "documentation", "issue_tracker":
        if not str(found.get(key, "")).startswith("https://"):
            yield f"manifest.json: {key} is no https address"
    for key in TEXTS:
        for value in _listed(found, key):
            if not isinstance(value, str):
                yield f"manifest.json: {key} lists {value}, which is no text"
    for owner in _listed(found, "codeowners") or ["nobody"]:
        if not str(owner).startswith("@"):
            yield f"manifest.json: codeowner {owner} does not begin with @"
    for requirement in _listed(found, "requirements"):
        if " " in str(requirement):
            yield f"manifest.json: requirement {requirement} has a space"
    if not VERSION.fullmatch(str(found.get("version", ""))):
        yield f"manifest.json: version {found.get('version')} is no major.minor.patch"


def brand_is_there(distribution: Distribution) -> Iterator[str]:
    """Look for the integration's icon, in both sizes, and a logo."""
    folder = f"{distribution.folder}brand/"
    for name in *ICONS, "logo.png":
        image = distribution.files.get(folder + name, b"")
        if image[:8] != b"\x89PNG\r\n\x1a\n":
            yield f"brand/{name} is not there, or no PNG"
        elif name in ICONS and struct.unpack(">II", image[16:24]) != (ICONS[name],) * 2:
            yield f"brand/{name} is not {ICONS[name]} pixels wide and high"


def people_can_read_it(distribution: Distribution) -> Iterator[str]:
    """There is a readme, a licence and a changelog, and every link leads somewhere."""
    for path in "README.md", "LICENSE", "CHANGELOG.md":
        if not distribution.files.get(path, b"").strip():
            yield f"{path} is missing"
    for path, content in distribution.files.items():
        if path.endswith(".md"):
            for target in Page(path, content.decode()).targets():
                if not is_there(target, distribution.files):
                    yield f"{path} links to {target}, which is not there"


def nothing_else(distribution: Distribution) -> Iterator[str]:
    """No file but those that people need."""
    top = {path.split("/")[0] for path in distribution.files}
    wanted = {"custom_components", "blueprints", "docs", "README.md", "LICENSE"}
    for name in sorted(top - wanted - {"CHANGELOG.md", "hacs.json"}):
        yield f"{name} is of no use to those who install it"
    for path in distribution.files:
        if "__pycache__" in path or ".." in path.split("/") or path.startswith("/"):
            yield f"{path} does not belong there"


def zip_is_the_integration(distribution: Distribution) -> Iterator[str]:
    """HACS unpacks the zip into the integration's folder, so it has its files and no folder around them."""
    with zipfile.ZipFile(io.BytesIO(distribution.zip())) as archive:
        packed = {member: archive.read(member) for member in archive.namelist()}
    folder = distribution.folder
    wanted = {
        path.removeprefix(folder): content
        for path, content in distribution.files.items()
        if path.startswith(folder)
    }
    if packed != wanted or "manifest.json" not in packed:
        yield f"{distribution.zip_name} is not what is in {folder}"


def version_is_the_tag(distribution: Distribution, tag: str) -> Iterator[str]:
    """Compare what Home Assistant shows with what was tagged."""
    manifest = _json(distribution, f"{distribution.folder}manifest.json")
    if f"v{manifest.get('version')}" != tag:
        yield f"manifest.json: version {manifest.get('version')} is not the tag's, {tag}"


RULES: tuple[Rule, ...] = (
    one_integration,
    hacs_reads_it,
    manifest_is_valid,
    brand_is_there,
    people_can_read_it,
    nothing_else,
    zip_is_the_integration,
)


def _json(distribution: Distribution, path: str) -> dict[str, Any]:
    """Return a JSON object of the distribution; an empty one for a file that is missing or has none."""
    try:
        found = json.loads(distribution.files[path])
    except KeyError, ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _listed(found: dict[str, Any], key: str) -> list[Any]:
    """Return what a key lists; nothing if it is missing or no list."""
    value = found.get(key)
    return value if isinstance(value, list) else []


def _typed(
    name: str,
    found: dict[str, Any],
    types: dict[str, type],
    required: Collection[str],
) -> Iterator[str]:
    for key, wanted in types.items():
        if key not in found:
            if key in required:
                yield f"{name}: {key} is missing"
        elif not isinstance(found[key], wanted):
            yield f"{name}: {key} is no {wanted.__name__}"
