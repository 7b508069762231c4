"""The nouns of the integration: modes, orientations and thermal images.

Plain values with units and shapes, without rules about messages or pictures.
May import nothing else of this integration, and nothing of Home Assistant.
"""
