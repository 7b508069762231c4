"""Figures anyone can reproduce: ``script/bench`` runs these and writes ``docs/figures.md``."""
