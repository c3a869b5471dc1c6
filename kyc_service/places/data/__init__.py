"""Data derived from packages, each file with its source, version and licence in its head.

``derive`` makes them anew.
"""
