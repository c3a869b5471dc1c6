"""Measurements + policy -> verdict. Pure: the same input gives the same bytes, years later."""
