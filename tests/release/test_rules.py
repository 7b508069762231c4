"""Tests of the rules for a release: each is violated once."""

from dataclasses import replace
import json
from typing import Any

import pytest

from release.distribution import Distribution
from release.rules import problems

from .conftest import manifest, png

TAG = "v1.2.3"
MANIFEST = "custom_components/lamp/manifest.json"


def broken(lamp: Distribution, **changed: bytes | None) -> list[str]:
    """Return the problems of an integration with changed or missing files."""
    files = {**lamp.files, **changed}
    kept = {path: content for path, content in files.items() if content is not None}
    return problems(replace(lamp, files=kept), TAG)


def test_nothing_is_wrong(lamp: Distribution) -> None:
    """A valid distribution has no problems."""
    assert problems(lamp, TAG) == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"version": "1.2.4"}, "version 1.2.4 is not the tag's, v1.2.3"),
        ({"version": "1.2"}, "version 1.2 is no major.minor.patch"),
        ({"domain": "horn"}, "domain is not the folder's, lamp"),
        ({"iot_class": "psychic"}, "iot_class psychic is none"),
        ({"integration_type": "virtual"}, "integration_type virtual is none"),
        ({"documentation": "http://x"}, "documentation is no https address"),
        ({"codeowners": []}, "codeowner nobody does not begin with @"),
        ({"codeowners": ["owner"]}, "codeowner owner does not begin with @"),
        ({"requirements": "numpy"}, "requirements is no list"),
        ({"config_flow": "yes"}, "config_flow is no bool"),
        ({"requirements": ["numpy >=2.3"]}, "requirement numpy >=2.3 has a space"),
        ({"codeowners": 7}, "codeowners is no list"),
        ({"homeassistant": "2026.10.0"}, "hassfest knows no homeassistant"),
        ({"homekit": ["Lamp"]}, "homekit is no dict"),
        ({"disabled": True}, "disabled is no str"),
        ({"single_config_entry": "yes"}, "single_config_entry is no bool"),
    ],
)
def test_manifest_values(
    lamp: Distribution, changed: dict[str, Any], problem: str
) -> None:
    """Values that HACS, hassfest or Home Assistant refuse."""
    found = broken(lamp, **{MANIFEST: manifest("lamp", **changed)})
    assert f"manifest.json: {problem}" in found


@pytest.mark.parametrize(
    "key",
    [
        "after_dependencies",
        "codeowners",
        "dependencies",
        "loggers",
        "mqtt",
        "requirements",
    ],
)
def test_lists_of_texts(lamp: Distribution, key: str) -> None:
    """A text is no list of texts, and neither is a list of other values."""
    alone = broken(lamp, **{MANIFEST: manifest("lamp", **{key: "@x"})})
    assert f"manifest.json: {key} is no list" in alone
    mixed = broken(lamp, **{MANIFEST: manifest("lamp", **{key: ["@x", 7]})})
    assert f"manifest.json: {key} lists 7, which is no text" in mixed


def test_every_key_that_hassfest_knows(lamp: Distribution) -> None:
    """Optional keys are no problem."""
    found = json.loads(manifest("lamp"))
    found |= {
        "after_dependencies": ["frontend"],
        "bluetooth": [{"local_name": "Lamp"}],
        "dependencies": ["mqtt"],
        "dhcp": [{"hostname": "lamp"}],
        "disabled": "Its factory has burnt down.",
        "homekit": {"models": ["Lamp"]},
        "import_executor": True,
        "loggers": ["lamp"],
        "mqtt": ["lamp/#"],
        "preview_features": {"dusk": {}},
        "quality_scale": "custom",
        "single_config_entry": True,
        "ssdp": [{"manufacturer": "Lamp"}],
        "usb": [{"vid": "10C4"}],
        "zeroconf": ["_lamp._tcp.local."],
    }
    first = {key: found.pop(key) for key in ("domain", "name")}
    ordered = first | dict(sorted(found.items()))
    assert broken(lamp, **{MANIFEST: json.dumps(ordered).encode()}) == []


@pytest.mark.parametrize("key", json.loads(manifest("lamp")))
def test_manifest_keys(lamp: Distribution, key: str) -> None:
    """Each key is required."""
    found = json.loads(manifest("lamp"))
    del found[key]
    assert f"manifest.json: {key} is missing" in broken(
        lamp, **{MANIFEST: json.dumps(found).encode()}
    )


def test_manifest_order(lamp: Distribution) -> None:
    """Domain and name are first, then all keys in alphabetical order, as hassfest requires."""
    found = json.loads(manifest("lamp"))
    turned = dict(reversed(found.items()))
    problem = "manifest.json: keys are domain, name, then by alphabet"
    assert broken(lamp, **{MANIFEST: json.dumps(turned).encode()}) == [problem]


@pytest.mark.parametrize("content", [b"{", b"[]", None])
def test_invalid_manifest(lamp: Distribution, content: bytes | None) -> None:
    """Every required key is reported as missing."""
    assert "manifest.json: domain is missing" in broken(lamp, **{MANIFEST: content})


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"render_read_me": True}, "hacs.json: HACS knows no render_read_me"),
        ({"name": 7}, "hacs.json: name is no str"),
        (
            {"filename": "light.zip"},
            "hacs.json: zip_release without filename lamp.zip",
        ),
    ],
)
def test_hacs_json(lamp: Distribution, changed: dict[str, Any], problem: str) -> None:
    """Keys and values that HACS refuses."""
    found = json.loads(lamp.files["hacs.json"]) | changed
    assert broken(lamp, **{"hacs.json": json.dumps(found).encode()}) == [problem]


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("README.md", b" \n", "README.md is missing"),
        ("LICENSE", None, "LICENSE is missing"),
        ("CHANGELOG.md", None, "CHANGELOG.md is missing"),
        ("hacs.json", None, "hacs.json: name is missing"),
        ("tests/test_lamp.py", b"", "tests is of no use to those who install it"),
        (
            "custom_components/lamp/__pycache__/x.pyc",
            b"",
            "custom_components/lamp/__pycache__/x.pyc does not belong there",
        ),
        (
            "custom_components/horn/__init__.py",
            b"",
            "custom_components has ['horn', 'lamp'], and not lamp alone",
        ),
        (
            "custom_components/lamp/brand/icon.png",
            png(255),
            "brand/icon.png is not 256 pixels wide and high",
        ),
        (
            "custom_components/lamp/brand/icon@2x.png",
            png(256),
            "brand/icon@2x.png is not 512 pixels wide and high",
        ),
        (
            "custom_components/lamp/brand/logo.png",
            b"GIF89a",
            "brand/logo.png is not there, or no PNG",
        ),
        (
            "docs/lamp.md",
            b"[x](gone.md)",
            "docs/lamp.md links to docs/gone.md, which is not there",
        ),
        (
            MANIFEST,
            None,
            "lamp.zip is not what is in custom_components/lamp/",
        ),
    ],
)
def test_files(
    lamp: Distribution, path: str, content: bytes | None, problem: str
) -> None:
    """Missing, invalid and surplus files are reported."""
    assert problem in broken(lamp, **{path: content})


def test_a_folder_that_is_no_domain(lamp: Distribution) -> None:
    """Home Assistant would not find the integration."""
    assert "La-mp is no domain" in problems(replace(lamp, domain="La-mp"), TAG)
