"""Tests of texts: each in every language, and one for everything that is shown."""
