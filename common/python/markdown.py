"""Escaping of text from outside where Home Assistant renders Markdown.

The source of this module is common/python; script/sync writes the copies.
"""

import re
from typing import Final

#: All ASCII punctuation, which Markdown may interpret. CommonMark (section 2.4) shows each
#: of these characters as itself after a backslash.
_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")


def as_text(text: str) -> str:
    """Return Markdown that is shown as exactly this text.

    Descriptions of repair issues and of flow steps are Markdown: a name, a topic or an id
    that somebody else chose could otherwise become a link, a picture or a heading.
    Titles are not Markdown and get the text as it is. Characters that cannot be printed,
    such as line ends, become spaces.
    """
    visible = "".join(
        character if character.isprintable() or character in "\u200c\u200d" else " "
        for character in text
    )
    return _PUNCTUATION.sub(r"\\\1", visible)


def for_issue(**placeholders: str) -> dict[str, str]:
    """Return the placeholders of an issue for its title and its description.

    Each is there twice: unchanged for the title, and as Markdown for the description,
    with ``_in_text`` appended to its name.
    """
    return placeholders | {
        f"{name}_in_text": as_text(value) for name, value in placeholders.items()
    }
