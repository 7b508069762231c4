"""What benchmarks put into a Home Assistant of theirs, beside the integrations."""
