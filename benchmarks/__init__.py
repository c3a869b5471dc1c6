"""Measurements of speed and size. Run with ``make bench``; never part of the tests."""
