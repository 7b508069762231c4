"""The archive: the SQLite database of images that have ended, and exports of it.

Opens the database for each access, reads without writing, and never loses what can
be kept. May import `model` and the packages below it, not `device`.
"""

from .alarms import AlarmLog, NodeAlarm, Place
from .database import Archive
from .errors import (
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveError,
    ArchiveNewerError,
    ArchiveStoppingError,
)
from .images import (
    Addition,
    ArchiveSize,
    Bounds,
    CurveSource,
    ImageIndex,
    SettingsChange,
)
from .rows import stamp, time_of

__all__ = [
    "Addition",
    "AlarmLog",
    "Archive",
    "ArchiveBusyError",
    "ArchiveDamagedError",
    "ArchiveError",
    "ArchiveNewerError",
    "ArchiveSize",
    "ArchiveStoppingError",
    "Bounds",
    "CurveSource",
    "ImageIndex",
    "NodeAlarm",
    "Place",
    "SettingsChange",
    "stamp",
    "time_of",
]
