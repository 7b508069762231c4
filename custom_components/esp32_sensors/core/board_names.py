"""Names of boards: which names are valid, and which count as the same.

The owner's document allows 29 bytes of UTF-8 without a semicolon. Other names are refused
here because a person could not distinguish them from another name.
"""

from functools import lru_cache
import re
from typing import Final
import unicodedata

from .protocol import NAME_BYTES

_ZWNJ: Final = "\u200c"
_ZWJ: Final = "\u200d"
_JOINERS: Final = (_ZWNJ, _ZWJ)

#: The combining class of a virama (Unicode 5.18): after it a joiner may end a word.
_VIRAMA: Final = 9

#: An emoji flag of a region: a black flag, letters and digits as tags, and the last tag
#: (UTS 51, ED-14a).
_TAGGED_FLAG: Final = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f"
)

#: Characters that are printable by their category but invisible: of Unicode's
#: Default_Ignorable_Code_Point those that are no controls, and the Braille blank.
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2800\u3164"
    "\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)


#: Numbers of default names are never given twice, so that there may be more than boards.
_LARGEST_NUMBER: Final = 99_999


class NameRefused(ValueError):
    """Raised for a name that a board cannot have.

    ``reason`` is ``empty``, ``too_long``, ``semicolon``, ``invisible`` or ``taken``.
    """

    def __init__(self, reason: str) -> None:
        """Initialize with the reason."""
        super().__init__(reason)
        self.reason = reason


def clean(name: str) -> str:
    """Return a name as it is stored and sent: in NFC, with single plain spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


@lru_cache(maxsize=4096)
def same_name_key(name: str) -> str:
    """Return a key that is equal for names that count as the same.

    The rule is Unicode's NFKC_Casefold (3.13, R5): composed and decomposed letters,
    upper and lower case and compatible forms are the same, and invisible
    characters do not count.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", folded))


def check_name(name: str) -> None:
    """Raise ``NameRefused`` if a board cannot have this name."""
    if not name.strip():
        raise NameRefused("empty")
    if ";" in name:
        raise NameRefused("semicolon")
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        raise NameRefused("invisible") from None
    if not _is_visible(name):
        raise NameRefused("invisible")
    if length > NAME_BYTES:
        raise NameRefused("too_long")


def checked_prefix(prefix: str) -> str:
    """Return the text before the number of default names as it is used.

    Raises ``NameRefused`` if a board cannot have such a name.
    """
    prefix = clean(prefix)
    check_name(prefix)
    check_name(f"{prefix}{_LARGEST_NUMBER}")
    return prefix


def name_fits(name: str) -> bool:
    """Return whether a board can have this name."""
    try:
        check_name(name)
    except NameRefused:
        return False
    return True


def _is_visible(name: str) -> bool:
    """Return whether each character is visible or belongs to a visible one."""
    if name != name.strip() or not same_name_key(name):
        return False
    text = _TAGGED_FLAG.sub("\U0001f3f4", name)
    return all(
        _joins(text, place) if character in _JOINERS else character.isprintable()
        for place, character in enumerate(text)
    )


def _joins(text: str, place: int) -> bool:
    """Return whether a joiner is where scripts and emoji need it.

    That is between two letters, marks or signs of which the first is not ASCII, as in
    Persian, Hindi and in emoji of several parts, or after a virama at the end of a word.
    """
    before, after = text[:place][-1:], text[place + 1 : place + 2]
    if not before or before.isascii() or before in _JOINERS:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    return bool(after) and unicodedata.category(after)[0] in "LMS"


class NameTable[HolderT]:
    """The names in use, and their holders.

    Names that count as the same may have more than one holder: an earlier release did
    not compare them, and boards keep their names.
    """

    def __init__(self) -> None:
        """Initialize without names."""
        self._holders: dict[str, tuple[HolderT, ...]] = {}

    def take(self, name: str, holder: HolderT) -> None:
        """Add a holder of a name."""
        key = same_name_key(name)
        self._holders[key] = (*self._holders.get(key, ()), holder)

    def release(self, name: str, holder: HolderT) -> None:
        """Remove a holder of a name once."""
        key = same_name_key(name)
        holders = list(self._holders[key])
        holders.remove(holder)
        if holders:
            self._holders[key] = tuple(holders)
        else:
            del self._holders[key]

    def is_free(self, name: str, holder: HolderT | None = None) -> bool:
        """Return whether no other holder has a name that counts as the same."""
        holders = self._holders.get(same_name_key(name), ())
        return all(other is holder for other in holders)
