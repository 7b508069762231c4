"""Texts: every one in every language, and one for everything that is shown."""
