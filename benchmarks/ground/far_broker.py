"""A broker behind a bad network, with a small disk."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
import subprocess

from demo.broker import Broker

from .bad_line import FAR, BadLine

DISK = "1m"
_PERSISTENCE = """\
persistence true
persistence_location {disk}/
autosave_interval 1
"""


class FarBroker(Broker):
    """Mosquitto behind a virtual network; its data is on a disk of 1 MB."""

    def __init__(self, folder: Path, port: int, line: BadLine, disk: Path) -> None:
        """Initialize with the network and the mounted disk."""
        super().__init__(folder, port, "mosquitto")
        self.host = FAR
        configuration = folder / "broker.conf"
        text = configuration.read_text()
        configuration.write_text(
            text.replace("127.0.0.1", FAR).replace(
                "persistence false\n", _PERSISTENCE.format(disk=disk)
            )
        )
        self.child.command = line.command(*self.child.command)


@contextmanager
def small_disk(folder: Path) -> Generator[Path]:
    """Mount a small disk."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def full(disk: Path) -> Generator[None]:
    """Fill a disk completely, and free the space again."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        pass
    try:
        yield
    finally:
        filler.unlink()
