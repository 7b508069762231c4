"""Real programs for the benchmarks of faults and loads, and their faults."""
