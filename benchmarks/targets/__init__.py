"""Programs that benchmarks run in environments of their own."""
