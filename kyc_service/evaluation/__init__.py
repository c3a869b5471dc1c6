"""Measure the models on pictures whose truth is known, and write calibration files."""
