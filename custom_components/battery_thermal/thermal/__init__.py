"""The thermal image: its numbers, what they mean, and how it is drawn.

Pure: numpy and Pillow, no Home Assistant, no clock.
"""
