"""Every rule of the protocol page has a test that carries its number."""

from pathlib import Path
import re

RULE = re.compile(r"\bS-\d\d\b")


def test_every_rule_is_tested() -> None:
    """No rule is without a test, and no test without its rule."""
    stated = re.findall(
        r"^- \*\*(S-\d\d)\*\*", Path("docs/protocol.md").read_text(), re.MULTILINE
    )
    carried = {
        number
        for path in Path(__file__).parent.rglob("test_*.py")
        for marker in re.findall(r"mark\.rule\(([^)]*)\)", path.read_text())
        for number in RULE.findall(marker)
    }
    assert len(stated) == len(set(stated))
    assert carried == set(stated)


def test_rules_stand_alone() -> None:
    """The page is about the protocol, not about one server."""
    assert "Home Assistant" not in Path("docs/protocol.md").read_text()
