"""The firmware of firmware/, as far as it needs neither hardware nor network."""
