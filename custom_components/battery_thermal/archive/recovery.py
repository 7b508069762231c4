"""Renaming a file that can no longer be used."""

from datetime import datetime
from itertools import chain, count
from pathlib import Path
from threading import Lock
from typing import Final

from .connection import check_file
from .errors import ArchiveDamagedError, ArchiveError, ArchiveNewerError

# Only one thread renames the file, however many have found it damaged.
_RECOVERY: Final = Lock()

_DAMAGED: Final = "damaged"
_NEWER: Final = "newer"


def files(path: Path) -> list[Path]:
    """Return the archive's file, and the files of SQLite beside it while it is open."""
    return [path, _beside(path, "-wal"), _beside(path, "-shm")]


def recover(path: Path, now: datetime) -> Path:
    """Rename a file if it is damaged, or of a later release.

    Returns the new path of the old file, also if it has been renamed already. Raises
    ArchiveError if it cannot be renamed.
    """
    with _RECOVERY:
        try:
            check_file(path)
        except ArchiveNewerError:
            return _moved(path, now, _NEWER)
        except ArchiveDamagedError:
            return _moved(path, now, _DAMAGED)
        asides = path.parent.glob(f"{path.name}.{_DAMAGED}-*[0-9]")
        return max(asides, default=path)


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a file without checking it. Raises ArchiveError."""
    with _RECOVERY:
        return _moved(path, now, _DAMAGED)


def _moved(path: Path, now: datetime, why: str) -> Path:
    """Rename a file to a name with reason and time."""
    aside = _free_name(path.with_name(f"{path.name}.{why}-{now:%Y%m%d%H%M%S}"))
    log, log_aside = _beside(path, "-wal"), _beside(aside, "-wal")
    try:
        # The log first: the next file must not find it. Images that were written last may
        # only be in the log.
        if _is_filled(log):
            log.replace(log_aside)
        path.replace(aside)
        log.unlink(missing_ok=True)
        _beside(path, "-shm").unlink(missing_ok=True)
    except OSError as error:
        if log_aside.exists():
            log_aside.replace(log)
        raise ArchiveError(str(error)) from error
    return aside


def _free_name(path: Path) -> Path:
    """Return a path that does not exist: this one, or one with a number appended."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(name for name in chain((path,), numbered) if _is_free(name))


def _is_free(path: Path) -> bool:
    return not any(
        one.exists(follow_symlinks=False) for one in (path, _beside(path, "-wal"))
    )


def _is_filled(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")
