"""Tests of texts of users and servers that Home Assistant renders as Markdown."""

import pytest

from custom_components.battery_thermal.device.markdown import as_text, for_issue
from tests.battery_thermal.markdown_cases import TEXTS


@pytest.mark.parametrize(("text", "markdown"), TEXTS)
def test_as_text(text: str, markdown: str) -> None:
    """Any text is shown unchanged."""
    assert as_text(text) == markdown


def test_for_issue() -> None:
    """Descriptions of issues are Markdown, their titles are not."""
    assert for_issue(name="a*") == {"name": "a*", "name_in_text": "a\\*"}
