"""Steps of the options flow that are no options: what is done to boards.

May import `hub` and `core`.
"""
