"""Tests of escaping for Markdown."""

import pytest

from custom_components.esp32_sensors.hub.markdown import as_text, for_issue
from tests.esp32_sensors.markdown_cases import TEXTS


@pytest.mark.parametrize(("text", "markdown"), TEXTS)
def test_as_text(text: str, markdown: str) -> None:
    """Text is shown exactly as it was written."""
    assert as_text(text) == markdown


def test_for_issue() -> None:
    """Titles get plain text, descriptions get Markdown."""
    assert for_issue(name="a*") == {"name": "a*", "name_in_text": "a\\*"}
