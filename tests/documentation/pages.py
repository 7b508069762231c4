"""The pages of the documentation and their fenced blocks."""

from dataclasses import dataclass
from pathlib import Path
import re
import textwrap

REPOSITORY = Path(__file__).parents[2]

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\S*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def pages() -> list[Path]:
    """Return all pages for readers."""
    found = [
        *REPOSITORY.glob("*.md"),
        *(REPOSITORY / "docs").glob("**/*.md"),
        *(REPOSITORY / "deploy").glob("**/*.md"),
        *(REPOSITORY / "firmware").glob("**/*.md"),
        *(REPOSITORY / "blueprints").glob("**/*.md"),
    ]
    return sorted(found)


@dataclass(frozen=True)
class Block:
    """The content of one fenced block."""

    page: Path
    section: str
    language: str
    text: str

    @property
    def place(self) -> str:
        """Its page and line, for messages."""
        return f"{self.page.relative_to(REPOSITORY)}: {self.section}"

    @property
    def commands(self) -> list[str]:
        """The commands of a shell block; a command may have several lines."""
        joined = self.text.replace("\\\n", " ")
        lines = (re.split(r"\s+# ", line)[0] for line in joined.splitlines())
        return [" ".join(line.split()) for line in lines if line.strip()]


def blocks(page: Path, language: str | None = None) -> list[Block]:
    """Return the blocks of a page in their order, of one language or of all."""
    text = page.read_text()
    found = []
    for fence in _FENCE.finditer(text):
        # A comment in a shell block looks like a heading.
        before = _FENCE.sub("", text[: fence.start()])
        headings = _HEADING.findall(before)
        block = Block(
            page,
            headings[-1] if headings else "",
            fence["language"],
            textwrap.dedent(fence["text"]),
        )
        if language in (None, block.language):
            found.append(block)
    return found


def headings(page: Path) -> list[str]:
    """Return the headings of a page."""
    return _HEADING.findall(_FENCE.sub("", page.read_text()))
