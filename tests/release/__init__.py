"""Tests of releases, and of the repository's metadata."""
