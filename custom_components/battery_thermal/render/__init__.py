"""Rendering of images: the picture with its palette, scale, marks and colour bar.

Pure functions of an image and a style, with numpy and Pillow only.
May import `model` and `thermal`, and nothing of Home Assistant, MQTT or HTTP.
"""
