"""Tests of the names of boards."""

import unicodedata

import pytest

from custom_components.esp32_sensors.core.board_names import (
    NameRefused,
    NameTable,
    check_name,
    clean,
    same_name_key,
)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.rule("S-03")
@pytest.mark.parametrize(
    "name",
    [
        "LeBron",
        "54",
        "é" * 14,
        "x" * 29,
        "a b",
        "😀",
        # A heart shown as an emoji, a keycap, a family, a flag of a region.
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        FAMILY,
        SCOTLAND,
        # Persian and Hindi words, and an old Malayalam letter that ends in a joiner.
        "می\u200cخواهم",
        "क्\u200dष",
        "അവന\u0d4d\u200d",
    ],
)
def test_name_fits(name: str) -> None:
    """Names of any script are valid, with the joiners that scripts and emoji need."""
    check_name(name)


@pytest.mark.rule("S-03")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("a;b", "semicolon"),
        ("x" * 30, "too_long"),
        ("é" * 15, "too_long"),
        ("a\nb", "invisible"),
        ("a\0", "invisible"),
        (" a", "invisible"),
        ("a ", "invisible"),
        ("a\u200bb", "invisible"),
        ("\ud800", "invisible"),
        # Joiners with nothing to join.
        ("\u200dа", "invisible"),
        ("a\u200cb", "invisible"),
        ("é\u200d", "invisible"),
        ("é\u200d b", "invisible"),
        ("é\u200d\u200dé", "invisible"),
        # Letters that are not seen, and a flag that is only tags.
        ("\u3164", "invisible"),
        ("\u2800", "invisible"),
        ("\U000e0067\U000e007f", "invisible"),
        # Signs that turn the direction of text.
        ("a\u202eb", "invisible"),
    ],
)
def test_name_does_not_fit(name: str, reason: str) -> None:
    """A refused name has a reason."""
    with pytest.raises(NameRefused) as refused:
        check_name(name)
    assert refused.value.reason == reason


@pytest.mark.rule("S-02")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Séjour", unicodedata.normalize("NFD", "Séjour")),
        ("LeBron", "lebron"),
        ("STRASSE", "straße"),
        ("Halle １", "Halle 1"),
        (FAMILY, FAMILY.replace("\u200d", "")),
        ("\u2764\ufe0f", "\u2764"),
    ],
)
def test_same_names(one: str, other: str) -> None:
    """Names that a person cannot distinguish count as the same."""
    assert same_name_key(one) == same_name_key(other)


def test_clean() -> None:
    """A name is stored in NFC, with single plain spaces."""
    assert clean(unicodedata.normalize("NFD", " Séjour\u00a0 2\n")) == "Séjour 2"


def test_names_that_became_the_same() -> None:
    """Names of an earlier release may count as the same and are released one by one."""
    names: NameTable[str] = NameTable()
    names.take("Hall", "one")
    names.take("hall", "other")
    assert not names.is_free("HALL", "one")
    names.release("hall", "other")
    assert names.is_free("HALL", "one")
    assert not names.is_free("HALL")
    names.release("Hall", "one")
    assert names.is_free("HALL")
