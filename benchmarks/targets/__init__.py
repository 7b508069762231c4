"""Programs that benchmarks run in their own environments."""
