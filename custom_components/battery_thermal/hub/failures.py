"""Errors of this integration's own making, counted and logged."""

from collections import Counter
import logging

_LOGGER = logging.getLogger(__name__)


class FailureLog:
    """Counts unexpected errors by their kind, and logs the first one of each."""

    def __init__(self, title: str) -> None:
        """Initialize. `title`: the application, for the log."""
        self._title = title
        self.counts: Counter[str] = Counter()

    def record_failure(self, error: Exception) -> None:
        """Count an error, and log it with its traceback if it is the first of its kind."""
        kind = type(error).__name__
        if not self.counts[kind]:
            _LOGGER.error(
                "%s: an error in this integration", self._title, exc_info=error
            )
        self.counts[kind] += 1
