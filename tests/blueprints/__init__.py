"""Every blueprint, in the automation and script components of a real Home Assistant."""
