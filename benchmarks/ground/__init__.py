"""The ground that benchmarks of faults and loads stand on: real programs, and what can be done to them."""
