"""The dialogs of a node: adding it and changing its options.

May import `device` for the options themselves and what is below it.
"""
