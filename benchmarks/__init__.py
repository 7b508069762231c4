"""Reproducible benchmarks: ``script/bench`` runs them and writes ``docs/figures.md``."""
